// Makes the sessions of the coming weeks from the weekly classes, and keeps those that nobody has touched in line with them (A7).
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { deleteClaims, insertClaims, takenIntervals } from '../db/repositories/claims.ts';
import { awayOn } from '../db/repositories/faculty-leave.ts';
import { lockStudentsOfSections } from '../db/repositories/curriculum.ts';
import { lock } from '../db/repositories/locks.ts';
import { adoptSessions, classesOfSections, insertMade, isHoliday, madeOn, markAsMade, organisationsWithTerms, registrarsOf, remakeSession, retireSessions, tellingOf, weeklyOn } from '../db/repositories/making.ts';
import { attendeesOf, findSession } from '../db/repositories/sessions.ts';
import { type Interval, slotsOf, toSlot } from '../domain/calendar/slots.ts';
import { type DayPlan, daysAhead, planDay, type PlannedSession } from '../domain/calendar/weekly-sessions.ts';
import { callOffClass } from './classes.ts';
import { campusDay } from './campus-day.ts';
import type { ServiceContext } from './context.ts';
import { sessionsWanted } from './intents.ts';
import { lookForClasses } from './interviews.ts';
import { tellThatItMoved } from './moved-classes.ts';
import { claimsOf } from './obstacles.ts';
import { tellEach } from './telling.ts';

export interface Made { made: number; changed: number; calledOff: number; blocked: number }

/** Classes of one transaction: their rooms and faculty members are locked meanwhile. */
const AT_ONCE = 200;

/** Wakes the process of each institution that has a term now or to come: what the schedule does each day. @returns how many */
export async function wakeSessionMakers(context: ServiceContext): Promise<number> {
  return context.db.transaction(async (trx) => {
    const organisations = await organisationsWithTerms(trx, campusDay(context));
    for (const id of organisations) await sessionsWanted(trx, id, context.now().toJSDate());
    return organisations.length;
  });
}

/** The days whose sessions are to be made, YYYY-MM-DD. */
export function daysToMake(context: ServiceContext, weeksAhead: number): string[] {
  return daysAhead(context.now(), context.campus.timeZone, weeksAhead);
}

/**
 * Makes a day's sessions, changes those whose weekly class has changed and calls off those whose has ended. Done again, it does nothing.
 * Where another timetable has come into force, nobody is told of each class: those that are in both go on, the others are retired.
 */
export async function makeSessionsOf(context: ServiceContext, organisationId: number, date: string): Promise<Made> {
  const sum: Made = { made: 0, changed: 0, calledOff: 0, blocked: 0 };
  const plan = await planOf(context, context.db.knex, organisationId, date);
  // First what ends, so that its rooms and people are free for what comes.
  for (const sessionIds of inParts(plan.retire)) sum.calledOff += await retire(context, { organisationId, date, sessionIds });
  for (const sessionId of plan.callOff) {
    if (await callOff(context, organisationId, date, sessionId)) sum.calledOff += 1;
  }
  let waiting = [...new Set([...plan.adopt, ...plan.change, ...plan.make].map(({ weeklyId }) => weeklyId))];
  for (;;) {
    const blocked: Blocked[] = [];
    for (const weeklyIds of inParts(waiting)) {
      const done = await context.db.transaction((trx) => carryOut(trx, context, { organisationId, date, weeklyIds: new Set(weeklyIds) }));
      sum.made += done.made;
      sum.changed += done.changed;
      blocked.push(...done.blocked);
    }
    // What stood against them may itself have moved on since; among fewer of them, those that wait for each other meet.
    if (blocked.length > 0 && blocked.length < waiting.length && waiting.length > AT_ONCE) {
      waiting = blocked.map(({ planned }) => planned.weeklyId);
      continue;
    }
    if (blocked.length > 0) await context.db.transaction((trx) => tellOfBlocked(trx, organisationId, date, blocked, context.now().toJSDate()));
    return { ...sum, blocked: blocked.length };
  }
}

function inParts(ids: readonly number[]): number[][] {
  return Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, part) => ids.slice(part * AT_ONCE, (part + 1) * AT_ONCE));
}

async function planOf(context: ServiceContext, knex: Trx | ServiceContext['db']['knex'], organisationId: number, date: string): Promise<DayPlan> {
  const zone = context.campus.timeZone;
  const { weekday } = DateTime.fromISO(date, { zone });
  const [holiday, weekly, made] = await Promise.all([
    isHoliday(knex, organisationId, date), weeklyOn(knex, organisationId, date, weekday), madeOn(knex, organisationId, date),
  ]);
  return planDay({ date, zone, isHoliday: holiday, now: context.now().toJSDate() }, weekly, made);
}

async function callOff(context: ServiceContext, organisationId: number, date: string, sessionId: number): Promise<boolean> {
  for (;;) {
    const done = await context.db.transaction(async (trx) => {
      await lock(trx, { sessions: [sessionId] });
      if (!(await planOf(context, trx, organisationId, date)).callOff.includes(sessionId)) return false;
      if (!(await callOffClass(trx, context, sessionId, null))) return null;
      await markAsMade(trx, sessionId);
      return true;
    });
    if (done !== null) return done;
  }
}

/** @returns how many sessions of a timetable that no longer is in force were called off */
async function retire(context: ServiceContext, { organisationId, date, sessionIds }: { organisationId: number; date: string; sessionIds: number[] }): Promise<number> {
  return context.db.transaction(async (trx) => {
    await lock(trx, { sessions: sessionIds });
    const still = new Set((await planOf(context, trx, organisationId, date)).retire);
    const retired = sessionIds.filter((id) => still.has(id));
    await deleteClaims(trx, retired);
    await retireSessions(trx, retired, context.now().toJSDate());
    return retired.length;
  });
}

/** What stands against a class. */
type Against = 'faculty' | 'room' | 'section';
interface Blocked { planned: PlannedSession; why: Against }

interface Part { organisationId: number; date: string; weeklyIds: ReadonlySet<number> }

async function carryOut(trx: Trx, context: ServiceContext, { organisationId, date, weeklyIds }: Part): Promise<{ made: number; changed: number; blocked: Blocked[] }> {
  const isAmong = ({ weeklyId }: { weeklyId: number }) => weeklyIds.has(weeklyId);
  const among = ({ adopt, make, change }: DayPlan) => ({ adopt: adopt.filter(isAmong), make: make.filter(isAmong), change: change.filter(isAmong) });
  const seen = among(await planOf(context, trx, organisationId, date));
  const all = [...seen.change, ...seen.make];
  await lock(trx, {
    faculty: all.map(({ facultyId }) => facultyId), rooms: all.map(({ roomId }) => roomId),
    sessions: [...seen.adopt.map(({ sessionId }) => sessionId), ...seen.change.map(({ before }) => before.id)],
  });
  // Whoever adds a class of one of the sections by hand waits, or has added it.
  await lockStudentsOfSections(trx, [...new Set(all.map(({ sectionId }) => sectionId))]);
  const { adopt, make, change } = among(await planOf(context, trx, organisationId, date));
  const now = context.now().toJSDate();
  const held = change.filter(({ before }) => before.status === 'scheduled').map(({ before, facultyId, sectionId }) => ({ ...before, facultyId, sectionId }));
  await deleteClaims(trx, held.map(({ id }) => id));
  const adoptedBy = (some: readonly PlannedSession[]) => adopt.filter((one) => some.some(({ weeklyId }) => weeklyId === one.weeklyId));
  const following = adoptedBy(change);
  await adoptSessions(trx, adopt.filter((one) => !following.includes(one)));
  const free = await freeTimes(trx, context, date, { wanted: [...change, ...make, ...held], except: held.map(({ id }) => id) });
  const blocked: Blocked[] = [];
  const isPossible = (planned: PlannedSession): boolean => {
    const why = free.take(planned);
    if (why) blocked.push({ planned, why });
    return why === null;
  };
  const changeable = change.filter(isPossible);
  await adoptSessions(trx, adoptedBy(changeable));
  // What can't be as it should stays where it was; where that went to another, it can't be at all.
  const staying = held.filter(({ id }) => !changeable.some(({ before }) => before.id === id)).map((before) => ({ ...before, stays: free.take(before, { away: true }) === null }));
  const makeable = make.filter(isPossible);
  const ids = await insertMade(trx, makeable, { date, zone: context.campus.timeZone, now });
  const claimed = [
    ...changeable.map((planned) => ({ ...planned, id: planned.before.id })), ...staying.filter(({ stays }) => stays),
    ...makeable.flatMap((planned) => (ids.has(planned.weeklyId) ? [{ ...planned, id: ids.get(planned.weeklyId)! }] : [])),
  ];
  await insertClaims(trx, claimed.flatMap((one) => claimsOf(one).map((claim) => ({ ...claim, sessionId: one.id }))), now);
  for (const planned of changeable) await remake(trx, context, planned, date);
  for (const { id, stays } of staying) {
    if (!stays && (await callOffClass(trx, context, id, null))) await markAsMade(trx, id);
  }
  if (claimed.length > 0) {
    const day = DateTime.fromISO(date, { zone: context.campus.timeZone });
    await lookForClasses(trx, context, { from: day.toJSDate(), to: day.plus({ days: 1 }).toJSDate() });
  }
  return { made: ids.size, changed: changeable.length, blocked };
}

type Wanted = Pick<PlannedSession, 'facultyId' | 'roomId' | 'sectionId' | 'timetableId' | 'startsAt' | 'endsAt'>;

/** What faculty members, rooms and sections have that day, some sessions left out; `take` says what stands against a class, or takes its time; for what stays where it is, leave is no matter. */
async function freeTimes(
  trx: Trx, context: ServiceContext, date: string, { wanted, except }: { wanted: readonly Wanted[]; except: readonly number[] },
): Promise<{ take(one: Wanted, may?: { away: boolean }): Against | null }> {
  const day = DateTime.fromISO(date, { zone: context.campus.timeZone });
  const [from, to] = [toSlot(day), toSlot(day.plus({ days: 1 }))];
  const standing = { now: context.now().toJSDate() };
  const unique = (ids: number[]) => [...new Set(ids)];
  const facultyIds = unique(wanted.map(({ facultyId }) => facultyId));
  const sectionIds = unique(wanted.map(({ sectionId }) => sectionId));
  const [faculty, rooms, classes, away] = await Promise.all([
    takenIntervals(trx, 'faculty', facultyIds, from, to, standing),
    takenIntervals(trx, 'room', unique(wanted.map(({ roomId }) => roomId)), from, to, standing),
    classesOfSections(trx, sectionIds, { from: day.toJSDate(), to: day.plus({ days: 1 }).toJSDate(), except }), awayOn(trx, facultyIds, date),
  ]);
  const sections = new Map(sectionIds.map((id) => [id, classes.filter(({ sectionId }) => sectionId === id).map((one) => ({ ...slotsOf(one), timetableId: one.timetableId ?? 0 }))]));
  const overlaps = (taken: Interval[], { start, end }: Interval) => taken.some((one) => one.start < end && start < one.end);
  return {
    take({ facultyId, roomId, sectionId, timetableId, ...times }, may = { away: false }) {
      const slots = slotsOf(times);
      if ((away.has(facultyId) && !may.away) || overlaps(faculty.get(facultyId)!, slots)) return 'faculty';
      if (overlaps(rooms.get(roomId)!, slots)) return 'room';
      // What one generated timetable has for a section at once is for students who chose differently.
      if (overlaps(sections.get(sectionId)!.filter((one) => one.timetableId === 0 || one.timetableId !== timetableId), slots)) return 'section';
      faculty.get(facultyId)!.push(slots);
      rooms.get(roomId)!.push(slots);
      sections.get(sectionId)!.push({ ...slots, timetableId });
      return null;
    },
  };
}

async function remake(trx: Trx, context: ServiceContext, planned: DayPlan['change'][number], date: string): Promise<void> {
  const now = context.now().toJSDate();
  const { id } = planned.before;
  const before = (await findSession(trx, id))!;
  await remakeSession(trx, id, planned, date, now);
  const { status, retired, timetableId } = planned.before;
  const isOfPublication = retired || (status === 'scheduled' && timetableId !== planned.timetableId);
  if (!isOfPublication) await tellThatItMoved(trx, before, await attendeesOf(trx, id), now);
}

/** Who teaches it and the office are told once of a class that can't be held as the timetable has it. */
async function tellOfBlocked(
  trx: Trx, organisationId: number, date: string, blocked: readonly Blocked[], now: Date,
): Promise<void> {
  const office = await registrarsOf(trx, organisationId);
  const about = await tellingOf(trx, blocked.map(({ planned }) => planned.weeklyId));
  await tellEach(trx, blocked.map(({ planned: { weeklyId, startsAt, endsAt }, why }) => {
    const { facultyUserId, ...what } = about.get(weeklyId)!;
    return {
      userIds: [facultyUserId, ...office], kind: 'class-not-made' as const, eventKey: `weekly/${weeklyId}/${date}/not-made`,
      params: { ...what, start: startsAt.toISOString(), end: endsAt.toISOString(), why },
    };
  }), now);
}
