import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addIntent } from '../../db/repositories/intents.ts';
import { Refusal } from '../../domain/refusal.ts';
import { emptyDatabase, type TestCampus } from '../support/context.ts';

describe('transactions (rule 2)', () => {
  let campus: TestCampus;
  beforeAll(async () => {
    campus = await emptyDatabase();
    await campus.db.knex.schema.createTable('account', (table) => {
      table.integer('id').primary();
      table.integer('balance').notNullable();
    });
    await campus.db.knex('account').insert([{ id: 1, balance: 0 }, { id: 2, balance: 0 }]);
  });
  afterAll(() => campus?.close());

  test('one that MySQL chose as the victim of a deadlock runs again, whole', async () => {
    const { db } = campus;
    let runs = 0;
    const inOrder = (first: number, second: number) => db.transaction(async (trx) => {
      runs += 1;
      await trx('account').where({ id: first }).increment('balance', 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await trx('account').where({ id: second }).increment('balance', 1);
    });
    await Promise.all([inOrder(1, 2), inOrder(2, 1)]);
    expect(runs).toBeGreaterThan(2);
    expect(await db.knex('account').orderBy('id').pluck('balance')).toEqual([2, 2]);
  });

  test('one that fails every time says busy, after five tries, and writes nothing', async () => {
    const { db } = campus;
    let runs = 0;
    const deadlock = Object.assign(new Error('Deadlock found'), { errno: 1213 });
    const work = db.transaction(async (trx) => {
      runs += 1;
      await trx('account').where({ id: 1 }).update({ balance: 99 });
      throw deadlock;
    });
    await expect(work).rejects.toEqual(new Refusal('busy'));
    expect(runs).toBe(5);
    expect(await db.knex('account').where({ id: 1 }).first()).toEqual({ id: 1, balance: 2 });
  });

  test('another error is not tried again and rolls back', async () => {
    let runs = 0;
    const work = campus.db.transaction(async (trx) => {
      runs += 1;
      await trx('account').where({ id: 1 }).update({ balance: 99 });
      throw new Refusal('not-found');
    });
    await expect(work).rejects.toThrow(Refusal);
    expect(runs).toBe(1);
    expect(await campus.db.knex('account').where({ id: 1 }).first()).toEqual({ id: 1, balance: 2 });
  });

  test('intents are announced once, after the commit, and only those of the run that committed', async () => {
    const { db } = campus;
    const announced: number[][] = [];
    db.onIntents((ids) => announced.push(ids));
    let runs = 0;
    const id = await db.transaction(async (trx) => {
      runs += 1;
      const written = await addIntent(trx, { process: 'deliver', workflowId: 'deliver/email', message: 'wake', payload: {} }, new Date());
      if (runs === 1) throw Object.assign(new Error('Lock wait timeout'), { errno: 1205 });
      expect(announced).toEqual([]);
      return written;
    });
    expect(announced).toEqual([[id]]);
    expect(await db.knex('intents').count({ n: '*' }).first()).toEqual({ n: 1 });
  });
});
