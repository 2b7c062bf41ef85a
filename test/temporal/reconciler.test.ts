import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { startTemporal } from '../../bin/embedded/temporal.ts';
import { sessionsOfStudent } from '../../db/repositories/sessions.ts';
import type { Finding } from '../../domain/interviews/types.ts';
import type { ServiceContext } from '../../services/context.ts';
import { decide, offersFor } from '../../services/deciding.ts';
import { recordFindings } from '../../services/findings.ts';
import { personById } from '../../services/links.ts';
import { messageKeyOf } from '../../services/mail-batches.ts';
import { reconcile } from '../../temporal/reconciler.ts';
import { eventually, startBeadle } from '../support/beadle.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { quietLog } from '../support/log.ts';

const MONDAY = DateTime.utc().setZone('Asia/Kolkata').startOf('week').plus({ weeks: 1 }).toISODate()!;

describe('the reconciler (rows and processes heal)', () => {
  let campus: TestCampus;
  let context: ServiceContext;
  const stateDirs: string[] = [];

  beforeAll(async () => {
    campus = await testCampus({ students: 60, from: MONDAY });
    context = testContext(campus.db, { now: () => DateTime.utc(), rules: { quietSeconds: 1, quietMaxSeconds: 5 } });
  });
  afterAll(async () => {
    await campus?.close();
    for (const dir of stateDirs) rmSync(dir, { recursive: true, force: true });
  });

  async function freshTemporal() {
    const stateDir = mkdtempSync(join(tmpdir(), 'beadle-lost-'));
    stateDirs.push(stateDir);
    return startTemporal({ stateDir, inMemory: true, uiPort: false });
  }

  /** Interviews for a whole section at the time of one of its classes. */
  async function hitAClass() {
    const students = await campus.db.knex('students').where({ section_id: 1 }).orderBy('id').limit(30).select('id', 'user_id');
    const from = DateTime.fromISO(MONDAY, { zone: 'Asia/Kolkata' }).plus({ days: 1 });
    const [session] = await sessionsOfStudent(campus.db.knex, students[0].id, from.toJSDate(), from.plus({ days: 1 }).toJSDate());
    const finding: Finding = {
      kind: 'invite', company: 'Heron Works', role: null, round: 'technical', mode: 'online', start: session!.startsAt.toISOString(), end: null,
      previousStart: null, timeZone: 'Asia/Kolkata', location: null, link: null, confidence: 0.95, source: 'calendar', evidence: 'x',
    };
    await campus.db.transaction((trx) => recordFindings(trx, context, students.map(({ id, user_id: userId }) => ({
      student: { id, userId, organisationId: 1 }, finding, meant: 'yes', authenticity: 'verified', originKey: messageKeyOf(`m${id}`), messageKey: messageKeyOf(`m${id}`), repliedKeys: [],
    }))));
    return session!;
  }

  test("Temporal's data lost: open rows get their processes back, and a decision that was lost with them is carried out", async () => {
    const first = await freshTemporal();
    const before = await startBeadle(context, { temporal: { address: first.address, namespace: 'default' } });
    const session = await hitAClass();
    const lecturer = (await personById(context, session.facultyUserId))!;
    const [offer] = await eventually(async () => {
      const offers = await offersFor(context, lecturer);
      return offers.length > 0 && offers;
    }, 'an offer');
    await before.stop();
    await first.stop();

    // Decided while everything is down; the intent is taken for done, as if it had been lost with Temporal's data.
    const { decisionId } = await decide(context, lecturer, offer!.round.id, { choice: 'accept', optionId: offer!.options[0]!.id });
    await campus.db.knex('intents').whereNull('done_at').update({ done_at: new Date() });
    await campus.db.knex('rescheduled_class_decision').where({ id: decisionId }).update({ created_at: new Date(Date.now() - 120_000) });

    const second = await freshTemporal();
    const after = await startBeadle(context, { temporal: { address: second.address, namespace: 'default' } });
    try {
      const dependencies = { db: campus.db, client: after.client, now: context.now, log: quietLog };
      expect(await reconcile(dependencies)).toBeGreaterThan(0);
      await eventually(async () => campus.db.knex('rescheduled_class').where({ id: offer!.round.id, status: 'made_up' }).first(), 'the makeup');
      const interviews: number[] = await campus.db.knex('student_company_drive').pluck('id');
      for (const id of interviews) await after.client.workflow.getHandle(`interview/${id}`).describe();

      // The row and the process agree: nothing is written any more.
      await eventually(async () => (await reconcile(dependencies)) === 0, 'agreement');
    } finally {
      await after.stop();
      await second.stop();
    }
  });

  test('a process whose row is gone (a restored database) is told, and ends', async () => {
    const server = await freshTemporal();
    const beadle = await startBeadle(context, { temporal: { address: server.address, namespace: 'default' } });
    try {
      await campus.db.knex('rescheduled_class').insert({
        session_id: 2, round: 1, status: 'offered', offer: 1, remedy: 'move', offered_at: new Date(), original_starts_at: new Date(), original_ends_at: new Date(), original_room_id: 1,
        created_at: new Date(), updated_at: new Date(),
      });
      await campus.db.knex('schedule').where({ id: 2 }).update({ starts_at: new Date(Date.now() + 9e8), ends_at: new Date(Date.now() + 9e8 + 36e5) });
      const dependencies = { db: campus.db, client: beadle.client, now: context.now, log: quietLog };
      await reconcile(dependencies);
      const handle = beadle.client.workflow.getHandle('reschedule/2');
      await eventually(async () => (await handle.describe().catch(() => null))?.status.name === 'RUNNING', 'the process');
      await campus.db.knex('rescheduled_class').where({ session_id: 2 }).delete();
      await eventually(async () => (await reconcile(dependencies)) > 0, 'the difference');
      await handle.result();
    } finally {
      await beadle.stop();
      await server.stop();
    }
  });
});
