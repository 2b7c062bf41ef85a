import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type LeasedDelivery, settleDelivery, takeDeliveries, untilNextDelivery, wakeDueChannels } from '../../services/deliveries.ts';
import { tell } from '../../services/telling.ts';
import { bothServers } from '../support/both-servers.ts';
import { emptyDatabase, testCampus, testContext, type TestCampus } from '../support/context.ts';
import { NOW } from './scene.ts';

let campus: TestCampus;
let clock: DateTime;
let events = 0;
const context = () => testContext(campus.db, { now: () => clock });
const later = (milliseconds: number) => { clock = clock.plus(milliseconds); };
const LEASE = 120_000;

beforeEach(async () => {
  campus ??= await testCampus({ students: 120 });
  clock = DateTime.fromISO(NOW, { zone: 'utc' });
  await campus.db.knex('deliveries').delete();
});
afterAll(async () => {
  await campus?.close();
});

/** Tells these users something, each in a transaction of its own; the deliveries' ids. */
async function told(userIds: number[], urgency: 'change' | 'reminder' = 'change'): Promise<number[]> {
  const { knex } = campus.db;
  const before: { last: number | null } = (await knex('deliveries').max({ last: 'id' }))[0] as { last: number | null };
  for (const userId of userIds) {
    await campus.db.transaction((trx) => tell(trx, {
      userIds: [userId], kind: 'mailbox-failing', params: { failureCode: 'auth', retryAt: NOW }, eventKey: `event/${events += 1}`, urgency,
    }, clock.toJSDate()));
  }
  return knex('deliveries').where('id', '>', before.last ?? 0).orderBy('id').pluck('id');
}

const take = (lease = 'a', limit = 50): Promise<LeasedDelivery[]> => takeDeliveries(context(), 'email', lease, limit);
const row = (id: number) => campus.db.knex('deliveries').where({ id }).first();

describe('rule 4 sending is at least once, and honest about it', () => {
  test('a delivery is sending from the lease on, and sent when the sender says so', async () => {
    const [id] = await told([1]);
    const [delivery] = await take();
    expect(await row(id!)).toMatchObject({ status: 'sending', attempts: 1 });
    expect(await take('b')).toEqual([]);
    await settleDelivery(context(), delivery!, 'a', { kind: 'sent' });
    expect(await row(id!)).toMatchObject({ status: 'sent', sent_at: clock.toJSDate(), error_code: null });
    expect(await untilNextDelivery(context(), 'email')).toBeNull();
  });

  test('of what a killed sender left, a change is sent again under the same Message-ID, a reminder stays unknown', async () => {
    const [change] = await told([1]);
    const [reminder] = await told([2], 'reminder');
    const first = await take();
    expect(first).toHaveLength(2);
    later(LEASE - 1);
    expect(await take('b')).toEqual([]);
    expect(await untilNextDelivery(context(), 'email')).toBe(1);
    later(1);
    const again = await take('b');
    expect(again.map(({ id, messageId, attempts }) => [id, messageId, attempts])).toEqual([[change, first[0]!.messageId, 2]]);
    expect(await row(reminder!)).toMatchObject({ status: 'unknown', attempts: 1 });
    // The old sender wakes up: it holds nothing any more.
    await settleDelivery(context(), first[0]!, 'a', { kind: 'sent' });
    expect(await row(change!)).toMatchObject({ status: 'sending' });
  });

  test('one that kills its sender every time is given up after eight', async () => {
    const [id] = await told([1]);
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      expect(await take(`lease ${attempt}`)).toHaveLength(1);
      later(LEASE);
    }
    expect(await take()).toEqual([]);
    expect(await row(id!)).toMatchObject({ status: 'unknown', attempts: 8 });
  });

  test('one that is told when to come again comes again as often as it is told, and none of that is a failure', async () => {
    const [id] = await told([1]);
    for (let round = 0; round < 20; round += 1) {
      const [delivery] = await take(`throttled ${round}`);
      await settleDelivery(context(), delivery!, `throttled ${round}`, { kind: 'later', errorCode: 'telegram-throttled', afterMs: 7_000 });
      expect(await untilNextDelivery(context(), 'email')).toBe(7_000);
      later(7_000);
    }
    expect(await row(id!)).toMatchObject({ status: 'pending', attempts: 0 });
  });

  test('what may work later is tried eight times, each after a longer wait, then it failed', async () => {
    const [id] = await told([1]);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      const [delivery] = await take();
      await settleDelivery(context(), delivery!, 'a', { kind: 'later', errorCode: 'smtp-451' });
      const wait = await untilNextDelivery(context(), 'email');
      if (wait !== null) waits.push(wait);
      later(wait ?? 0);
    }
    expect(await row(id!)).toMatchObject({ status: 'failed', error_code: 'smtp-451', attempts: 8 });
    expect(waits).toHaveLength(7);
    waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual(5_000 * 2 ** index * 0.75);
      expect(wait).toBeLessThanOrEqual(5_000 * 2 ** index * 1.25);
    });
  });

  test('a wait that the other side names is kept; what never works is not tried again', async () => {
    const [limited] = await told([1]);
    const [blocked] = await told([2]);
    const [one, two] = await take();
    await settleDelivery(context(), one!, 'a', { kind: 'later', errorCode: 'too-many', afterMs: 31_000 });
    await settleDelivery(context(), two!, 'a', { kind: 'never', errorCode: 'smtp-550' });
    expect(await untilNextDelivery(context(), 'email')).toBe(31_000);
    expect((await row(limited!)).status).toBe('pending');
    expect(await row(blocked!)).toMatchObject({ status: 'failed', error_code: 'smtp-550' });
  });
});

describe('rule 3 two senders never take the same', () => {
  test('fifty leases at once share two hundred deliveries, each once', async () => {
    const ids = await told(Array.from({ length: 118 }, (_, index) => index + 1));
    const taken = await Promise.all(Array.from({ length: 50 }, (_, index) => take(`lease ${index}`, 5)));
    const all = taken.flat().map(({ id }) => id);
    expect(new Set(all).size).toBe(all.length);
    const rest = (await take('rest', 200)).map(({ id }) => id);
    expect([...all, ...rest].toSorted((a, b) => a - b)).toEqual(ids);
    for (const [index, batch] of taken.entries()) {
      for (const { id } of batch) expect((await row(id)).lease).toBe(`lease ${index}`);
    }
  });

  test('what goes to one address goes in its order, also past a failure, a dead sender and a second one', async () => {
    const ids = await told([1, 1, 1]);
    const [other] = await told([2]);
    expect((await take()).map(({ id }) => id)).toEqual([ids[0], other]);
    // The second sender gets none of the address while the first has one.
    expect(await take('b')).toEqual([]);
    await settleDelivery(context(), { id: ids[0]!, attempts: 1 }, 'a', { kind: 'later', errorCode: 'smtp-451' });
    later(3_000);
    expect(await take('b')).toEqual([]);
    later(LEASE);
    const order: number[] = [];
    for (let batch = 0; batch < 8; batch += 1) {
      for (const delivery of await take('c')) {
        if (delivery.id !== other) order.push(delivery.id);
        await settleDelivery(context(), delivery, 'c', { kind: 'sent' });
      }
      later(2_000);
    }
    expect(order).toEqual(ids);
  });

  test('an address that waits does not hold up the others', async () => {
    await told(Array.from({ length: 60 }, () => 1));
    const [blocked] = await take('a', 50);
    await settleDelivery(context(), blocked!, 'a', { kind: 'later', errorCode: 'smtp-451', afterMs: 600_000 });
    const [other] = await told([2]);
    const seen: number[] = [];
    for (let batch = 0; batch < 3; batch += 1) seen.push(...(await take('b', 50)).map(({ id }) => id));
    expect(seen).toContain(other);
  });
});

describe('rule 4 waking channels', () => {
  test('a channel that has something due is woken; one that only waits is not', async () => {
    await told([1]);
    expect(await wakeDueChannels(context())).toBe(1);
    const [delivery] = await take();
    expect(await wakeDueChannels(context())).toBe(0);
    await settleDelivery(context(), delivery!, 'a', { kind: 'sent' });
    expect(await wakeDueChannels(context())).toBe(0);
  });
});

describe.each(bothServers)('rule 4 when the next is due, on %s', (_name, start) => {
  test('is known for what waits and for what may have lost its sender', async () => {
    const server = await start();
    const { db, close } = await emptyDatabase(server.url);
    try {
      const onServer = testContext(db, { now: () => clock });
      await db.knex('organisations').insert({ id: 1, code: 'O', name: 'O', time_zone: 'Asia/Kolkata', locale: 'en-IN', mail_domain: 'campus.example' });
      await db.knex('users').insert({ id: 1, organisation_id: 1, email: 'one@campus.example', name: 'One', role: 'student' });
      await db.transaction((trx) => tell(trx, {
        userIds: [1], kind: 'mailbox-failing', params: { failureCode: 'auth', retryAt: NOW }, eventKey: 'one',
      }, clock.toJSDate()));
      expect(await wakeDueChannels(onServer)).toBe(1);
      await takeDeliveries(onServer, 'email', 'a', 1);
      expect(await untilNextDelivery(onServer, 'email')).toBe(LEASE);
    } finally {
      await close();
      await server.stop();
    }
  });
});
