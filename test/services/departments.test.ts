// A department's rules: who sees and changes them, and what becomes of offers that stand.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { departmentRules, type DepartmentRules } from '../../db/repositories/campus.ts';
import { insertOptions, optionsOf } from '../../db/repositories/offers.ts';
import { openRound, setRoundStatus } from '../../db/repositories/rescheduling.ts';
import { findSession, type Session } from '../../db/repositories/sessions.ts';
import type { Person, Role } from '../../services/context.ts';
import { rulesOf, setRules } from '../../services/departments.ts';
import { takeStep } from '../../services/escalating.ts';
import { personById } from '../../services/links.ts';
import { openRoundOf } from '../../services/rescheduling.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { NOW } from './scene.ts';

const DEFAULTS: DepartmentRules = {
  moveThresholdPercent: 30, makeupMinStudents: 3, horizonDays: 14, reminderHours: 3, escalationHours: 6, decisionHours: 12, decisionPolicy: 'expire',
  warnThresholdPercent: 75, warnCr: false, warnFaculty: false, warnGuardians: false,
};

let campus: TestCampus;
let own: number;
let other: number;
let elsewhere: number;
const hoursLater = (hours: number) => DateTime.fromISO(NOW, { zone: 'utc' }).plus({ hours });
const context = (hours = 0) => testContext(campus.db, { now: () => hoursLater(hours) });

beforeAll(async () => {
  campus = await testCampus();
  const { knex } = campus.db;
  const hod = await someone('hod');
  own = hod.departmentId!;
  [other] = await knex('departments').insert({ organisation_id: hod.organisationId, code: 'AERO', name: 'Aerospace' }) as [number];
  const [organisation] = await knex('organisations').insert({
    code: 'next-door', name: 'Next Door', time_zone: 'Asia/Kolkata', locale: 'en-IN', mail_domain: 'next-door.example',
  });
  [elsewhere] = await knex('departments').insert({ organisation_id: organisation, code: 'AERO', name: 'Aerospace' }) as [number];
});
beforeEach(async () => {
  await setRules(context(), await someone('admin'), own, DEFAULTS);
});
afterAll(() => campus?.close());

async function someone(role: Role): Promise<Person> {
  const { id } = await campus.db.knex('users').where({ role }).orderBy('id').first('id');
  return (await personById(context(), id))!;
}

/** The newest entry of the audit log. */
async function audited() {
  const row = await campus.db.knex('audit_log').orderBy('id', 'desc').first();
  return { ...row, details: JSON.parse(row.details) };
}

describe('I16, I17 and I19 a department decides its own rules', () => {
  test('a head of department sees the own one, admins and placement staff all of the institution', async () => {
    expect(await rulesOf(context(), await someone('hod'))).toMatchObject([{ departmentId: own, ...DEFAULTS }]);
    for (const role of ['admin', 'registrar'] as const) {
      expect((await rulesOf(context(), await someone(role))).map(({ departmentId }) => departmentId)).toEqual([other, own]);
    }
  });

  test('what is named changes, the rest stays, and it is noted who changed what from what', async () => {
    const hod = await someone('hod');
    const changed = await setRules(context(), hod, own, { makeupMinStudents: 5, reminderHours: 3, decisionPolicy: 'automatic' });
    expect(changed).toMatchObject({ departmentId: own, ...DEFAULTS, makeupMinStudents: 5, decisionPolicy: 'automatic' });
    expect(await departmentRules(campus.db.knex, own)).toEqual({ ...DEFAULTS, makeupMinStudents: 5, decisionPolicy: 'automatic' });
    expect(await departmentRules(campus.db.knex, other)).toEqual(DEFAULTS);
    expect(await audited()).toMatchObject({
      user_id: hod.userId, action: 'department.rules', subject: `department/${own}`, at: new Date(NOW),
      details: { before: { makeupMinStudents: 3, decisionPolicy: 'expire' }, after: { makeupMinStudents: 5, decisionPolicy: 'automatic' } },
    });
  });

  test('what changes nothing is noted nowhere', async () => {
    const before = await audited();
    expect(await setRules(context(), await someone('hod'), own, { ...DEFAULTS })).toMatchObject(DEFAULTS);
    expect(await setRules(context(), await someone('hod'), own, {})).toMatchObject(DEFAULTS);
    expect(await audited()).toEqual(before);
  });

  test.each([
    [{ moveThresholdPercent: 0 }, 'bad-request', 'move_threshold_percent'],
    [{ makeupMinStudents: 201 }, 'bad-request', 'makeup_min_students'],
    [{ horizonDays: 61 }, 'bad-request', 'horizon_days'],
    [{ decisionHours: 169 }, 'bad-request', 'decision_hours'],
    [{ reminderHours: 7 }, 'hours-out-of-order', 'reminder_hours'],
    [{ decisionHours: 5 }, 'hours-out-of-order', 'escalation_hours'],
  ])('%j is refused with the field, and nothing changes', async (changes, code, field) => {
    await expect(setRules(context(), await someone('hod'), own, { horizonDays: 20, ...changes })).rejects.toMatchObject({ code, details: { field } });
    expect(await departmentRules(campus.db.knex, own)).toEqual(DEFAULTS);
  });

  test("another department, and one of another institution, isn't there for a head of department; the latter not even for an admin", async () => {
    const [hod, admin] = [await someone('hod'), await someone('admin')];
    for (const [actor, id] of [[hod, other], [hod, elsewhere], [admin, elsewhere], [admin, 999_999]] as const) {
      await expect(setRules(context(), actor, id, { horizonDays: 20 })).rejects.toMatchObject({ code: 'not-found' });
    }
    expect(await setRules(context(), admin, other, { horizonDays: 20 })).toMatchObject({ departmentId: other, horizonDays: 20 });
    expect(await departmentRules(campus.db.knex, elsewhere)).toEqual(DEFAULTS);
  });

  test('students and lecturers may neither see nor change them; placement staff may not change them', async () => {
    for (const role of ['student', 'cr', 'faculty'] as const) await expect(rulesOf(context(), await someone(role))).rejects.toMatchObject({ code: 'not-allowed' });
    for (const role of ['student', 'cr', 'faculty', 'registrar'] as const) {
      await expect(setRules(context(), await someone(role), own, { horizonDays: 20 })).rejects.toMatchObject({ code: 'not-allowed' });
    }
  });

  test('two who change different hours at once can\'t bring them out of order together', async () => {
    const hod = await someone('hod');
    const outcomes = await Promise.allSettled([
      setRules(context(), hod, own, { escalationHours: 3 }), setRules(context(), hod, own, { reminderHours: 6 }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { reminderHours, escalationHours } = await departmentRules(campus.db.knex, own);
    expect(reminderHours).toBeLessThanOrEqual(escalationHours);
  });
});

/** A class a week ahead that may move to the same time two weeks later, as was offered now. */
async function offeredMove(): Promise<{ session: Session; roundId: number }> {
  const { knex } = campus.db;
  const row = await knex('schedule').where('starts_at', '>', hoursLater(7 * 24).toJSDate()).orderBy('starts_at').first('id');
  const session = (await findSession(knex, row.id))!;
  const later = (date: Date) => DateTime.fromJSDate(date).plus({ days: 14 }).toJSDate();
  const roundId = await campus.db.transaction(async (trx) => {
    const id = await openRound(trx, session, 1, new Date(NOW));
    await insertOptions(trx, id, 1, [{ startsAt: later(session.startsAt), endsAt: later(session.endsAt), roomId: session.roomId, reasons: [] }]);
    await setRoundStatus(trx, id, 'offered', new Date(NOW), { offer: 1, remedy: 'move', offeredAt: new Date(NOW) });
    return id;
  });
  return { session, roundId };
}

describe('I19 an offer that stands when the rules change', () => {
  test('keeps its times; the steps still to come are at the new hours, and the new policy decides', async () => {
    const { session, roundId } = await offeredMove();
    const offered = await optionsOf(campus.db.knex, roundId, 1);
    const next = async (hours: number) => (await openRoundOf(context(hours), session.id))?.next;
    expect(await next(0)).toEqual({ step: 'remind', at: hoursLater(3).toISO() });
    await takeStep(context(3), roundId, 'remind');
    await setRules(context(4), await someone('hod'), own, { escalationHours: 24, decisionHours: 48, decisionPolicy: 'automatic' });
    expect(await optionsOf(campus.db.knex, roundId, 1)).toEqual(offered);
    // Its process, which waited for the old hours, looks again; for a rule that is none of its steps it need not.
    const wakings = () => campus.db.knex('intents').where({ workflow_id: `reschedule/${session.id}`, message: 'joined' }).pluck('id');
    expect(await wakings()).toHaveLength(1);
    await setRules(context(4), await someone('hod'), own, { horizonDays: 30 });
    expect(await wakings()).toHaveLength(1);
    expect(await next(4)).toEqual({ step: 'escalate', at: hoursLater(24).toISO() });
    await takeStep(context(24), roundId, 'escalate');
    expect(await next(24)).toEqual({ step: 'decide', at: hoursLater(48).toISO() });
    await takeStep(context(48), roundId, 'decide');
    expect((await findSession(campus.db.knex, session.id))?.startsAt).toEqual(offered[0]?.startsAt);
  });
});
