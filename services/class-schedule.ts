// Classes that faculty members add, change and list by hand (A8). Calling one off is in classes.ts.
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { excusingInterviews, findRoom, findTaught, hasMarks, hasRoom, insertClass, type ListedClass, listedClasses, sectionIsBusy } from '../db/repositories/class-schedule.ts';
import { addClaims, replaceClaims, takenIntervals } from '../db/repositories/claims.ts';
import { lockStudentsOfSections } from '../db/repositories/curriculum.ts';
import { lock } from '../db/repositories/locks.ts';
import { attendeesOf, findSession, moveSessionRow, type Session, setTopic } from '../db/repositories/sessions.ts';
import { SLOT_MINUTES, slotsOf } from '../domain/calendar/slots.ts';
import { Refusal } from '../domain/refusal.ts';
import { requirePermission, requireReach } from './access.ts';
import { classAt } from './class-at.ts';
import type { Person, ServiceContext } from './context.ts';
import { interviewsChanged } from './intents.ts';
import { windowsOfStudents } from './interviews.ts';
import { guestsAmong, tellThatItMoved } from './moved-classes.ts';
import { claimsOf, findObstacle, studentClaims } from './obstacles.ts';
import { reachableSession } from './reachable.ts';
import { tell } from './telling.ts';

export interface NewClass {
  /** Which class: an assignment, or what of it is enough to tell. */
  assignmentId?: number | undefined;
  subjectCode?: string | undefined;
  year?: number | undefined;
  department?: string | undefined;
  section?: string | undefined;
  /** The campus's day, and its wall clock, HH:mm. */
  date: string;
  startTime: string;
  endTime: string;
  /** A room's name. */
  venue: string;
  topic?: string | undefined;
}

/**
 * Adds a class. Everybody on its roster is told; interviews that it hits are dealt with as with any other.
 * @throws Refusal not-allowed, not-found (no such class of this person's), assignment-unclear, room-unknown, time-past, slot-not-aligned, outside-term,
 * faculty-taken (leave too), room-taken, section-taken, student-taken, room-too-small (but for a room that the class has already)
 */
export async function addClass(context: ServiceContext, actor: Person, wanted: NewClass): Promise<Session> {
  requirePermission(actor, 'sessions.manage');
  const times = timesOf(context, wanted);
  const { knex } = context.db;
  const found = (await findTaught(knex, wanted, wanted.date)).filter((one) => one.organisationId === actor.organisationId);
  const own = found.filter(({ facultyId }) => facultyId === actor.facultyId);
  const candidates = own.length > 0 ? own : found;
  if (candidates.length > 1) throw new Refusal('assignment-unclear');
  const [taught] = candidates;
  if (!taught) throw new Refusal('not-found');
  requireReach(actor, 'sessions.manage', { ...taught, facultyIds: [taught.facultyId] });
  if (wanted.date < taught.startsOn || wanted.date > taught.endsOn) throw new Refusal('outside-term');
  const room = await findRoom(knex, taught.organisationId, wanted.venue);
  if (!room) throw new Refusal('room-unknown');

  return context.db.transaction(async (trx) => {
    await lock(trx, { faculty: [taught.facultyId], rooms: [room.id] });
    // Whoever adds another class of the section waits.
    await lockStudentsOfSections(trx, [taught.sectionId]);
    const now = context.now().toJSDate();
    const booking = { ...times, facultyId: taught.facultyId, roomId: room.id };
    await requireFree(trx, context, booking, { sectionId: taught.sectionId, except: null });
    const isUsual = await hasRoom(trx, taught.id, room.id);
    const id = await insertClass(trx, { ...times, assignmentId: taught.id, roomId: room.id, date: wanted.date, zone: context.campus.timeZone, topic: wanted.topic ?? null }, now);
    const attendees = await attendeesOf(trx, id);
    if (!isUsual) requireSeats(room, attendees.length);
    const students = attendees.map(({ studentId }) => studentId);
    await lock(trx, { students });
    await requireStudentsFree(trx, context, students, times, id);
    await addClaims(trx, id, claimsOf(booking), now);
    const session = (await findSession(trx, id))!;
    await tell(trx, {
      userIds: attendees.map(({ userId }) => userId), kind: 'class-added',
      params: { ...classAt(session), sessionId: id, sequence: session.sequence }, eventKey: `session/${id}/v${session.sequence}`,
    }, now);
    await wakeInterviews(trx, context, session, [times]);
    await insertAudit(trx, { userId: actor.userId, action: 'class.add', subject: `session/${id}`, details: {} }, now);
    return session;
  });
}

export interface ClassChange {
  date?: string | undefined;
  startTime?: string | undefined;
  endTime?: string | undefined;
  venue?: string | undefined;
  /** Null takes it away. */
  topic?: string | null | undefined;
}

/**
 * Changes a class: its topic at any time, its time and room until it begins or its attendance is opened. Everybody on its roster is told of a new
 * time or room.
 * @throws Refusal not-found (also another's), session-not-scheduled, and as `addClass`
 */
export async function changeClass(context: ServiceContext, actor: Person, sessionId: number, wanted: ClassChange): Promise<Session> {
  const seen = await reachableSession(context.db.knex, actor, 'sessions.manage', sessionId);
  const room = wanted.venue === undefined ? { id: seen.roomId, capacity: seen.roomCapacity } : await findRoom(context.db.knex, seen.organisationId, wanted.venue);
  if (!room) throw new Refusal('room-unknown');
  return context.db.transaction(async (trx) => {
    const attending = (await attendeesOf(trx, sessionId)).map(({ studentId }) => studentId);
    await lock(trx, { faculty: [seen.facultyId], rooms: [seen.roomId, room.id], sessions: [sessionId], students: attending });
    const before = (await findSession(trx, sessionId))!;
    if (before.facultyId !== seen.facultyId || before.roomId !== seen.roomId) throw new Refusal('busy');
    const now = context.now().toJSDate();
    if (wanted.topic !== undefined) await setTopic(trx, sessionId, wanted.topic, now);
    const times = newTimes(context, before, wanted);
    const isMoved = times.startsAt.getTime() !== before.startsAt.getTime() || times.endsAt.getTime() !== before.endsAt.getTime();
    if (room.id !== before.roomId && !(await hasRoom(trx, before.assignmentId, room.id))) requireSeats(room, (await attendeesOf(trx, sessionId)).length);
    if (isMoved || room.id !== before.roomId) await move(trx, context, before, { ...times, roomId: room.id }, isMoved);
    await insertAudit(trx, { userId: actor.userId, action: 'class.change', subject: `session/${sessionId}`, details: { moved: isMoved, room: room.id } }, now);
    return (await findSession(trx, sessionId))!;
  });
}

interface Times { startsAt: Date; endsAt: Date; date: string }

async function move(trx: Trx, context: ServiceContext, before: Session, to: Times & { roomId: number }, isMoved: boolean): Promise<void> {
  const now = context.now().toJSDate();
  if (before.status !== 'scheduled' || before.startsAt <= now || (await hasMarks(trx, before.id))) throw new Refusal('session-not-scheduled');
  if (isMoved && to.startsAt <= now) throw new Refusal('time-past');
  const attendees = await attendeesOf(trx, before.id);
  const guests = guestsAmong(attendees);
  const booking = { ...to, facultyId: before.facultyId, moves: before.id };
  if (isMoved) {
    await requireFree(trx, context, { ...booking, students: guests }, { sectionId: before.kind === 'regular' ? before.sectionId : null, except: before.id });
    await requireStudentsFree(trx, context, attendees.map(({ studentId }) => studentId), to, before.id);
  } else await requireFree(trx, context, booking, { sectionId: null, except: before.id });
  await replaceClaims(trx, before.id, [...claimsOf(booking), ...studentClaims(guests, to)], now);
  await moveSessionRow(trx, before.id, to, now);
  const after = await tellThatItMoved(trx, before, attendees, now);
  // Who was excused may be expected again, and the other way round.
  if (isMoved) await wakeInterviews(trx, context, after, [before, after]);
}

/** @throws Refusal room-too-small */
function requireSeats({ capacity: seats }: { capacity: number }, needed: number): void {
  if (seats < needed) throw new Refusal('room-too-small', { seats, needed });
}

/** @throws Refusal when the faculty member, the room, the section or those who must be free have something else then */
async function requireFree(
  trx: Trx, context: ServiceContext, booking: Times & { facultyId: number; roomId: number; moves?: number; students?: number[] }, { sectionId, except }: { sectionId: number | null; except: number | null },
): Promise<void> {
  const obstacle = await findObstacle(trx, context, { students: [], ...booking });
  if (obstacle) throw new Refusal(`${obstacle}-taken`);
  if (sectionId !== null && (await sectionIsBusy(trx, sectionId, booking.startsAt, booking.endsAt, except))) throw new Refusal('section-taken');
}

/** What Beadle has booked for students of the class (a makeup, another section's class) stands. @throws Refusal student-taken */
async function requireStudentsFree(trx: Trx, context: ServiceContext, students: number[], times: Times, except: number): Promise<void> {
  const { start, end } = slotsOf(times);
  const taken = await takenIntervals(trx, 'student', students, start, end, { except, now: context.now().toJSDate() });
  if ([...taken.values()].some((intervals) => intervals.length > 0)) throw new Refusal('student-taken');
}

/** The processes of interviews that excuse from a class, or that fall into it at these times, look again. */
async function wakeInterviews(trx: Trx, context: ServiceContext, session: Session, times: readonly { startsAt: Date; endsAt: Date }[]): Promise<void> {
  const students = (await attendeesOf(trx, session.id)).map(({ studentId }) => studentId);
  const hit = await Promise.all(times.map(({ startsAt, endsAt }) => windowsOfStudents(trx, context, students, { from: startsAt, to: endsAt })));
  const ids = new Set([...hit.flat().map(({ interviewId }) => interviewId), ...await excusingInterviews(trx, session.id)]);
  await interviewsChanged(trx, [...ids], context.now().toJSDate());
}

function timesOf(context: ServiceContext, { date, startTime, endTime }: Pick<NewClass, 'date' | 'startTime' | 'endTime'>): Times {
  const [starts, ends] = [startTime, endTime].map((time) => DateTime.fromISO(`${date}T${time}`, { zone: context.campus.timeZone })) as [DateTime, DateTime];
  const times = { startsAt: starts.toJSDate(), endsAt: ends.toJSDate(), date };
  if ([starts, ends].some((time) => time.toMillis() % (SLOT_MINUTES * 60_000) !== 0)) throw new Refusal('slot-not-aligned');
  if (ends <= starts) throw new Refusal('bad-request', { field: 'end_time' });
  if (starts <= context.now()) throw new Refusal('time-past');
  return times;
}

/** A class's times with what is changed of them; a new start alone keeps its length. */
function newTimes(context: ServiceContext, session: Session, { date, startTime, endTime }: ClassChange): Times {
  if (date === undefined && startTime === undefined && endTime === undefined) return session;
  const [starts, ends] = [session.startsAt, session.endsAt].map((time) => DateTime.fromJSDate(time, { zone: context.campus.timeZone })) as [DateTime, DateTime];
  const start = startTime ?? starts.toFormat('HH:mm');
  const length = ends.diff(starts);
  const end = endTime ?? DateTime.fromISO(`2000-01-01T${start}`, { zone: 'utc' }).plus(length).toFormat('HH:mm');
  return timesOf(context, { date: date ?? session.date, startTime: start, endTime: end });
}

const LONGEST_LIST_DAYS = 120;

/**
 * The classes that the asking person takes on these days, YYYY-MM-DD, both included; none for an admin who teaches nothing.
 * @throws Refusal not-allowed, bad-request when the days are in the wrong order or too many
 */
export async function classesOf(context: ServiceContext, actor: Person, { from, to }: { from: string; to: string }): Promise<ListedClass[]> {
  requirePermission(actor, 'sessions.manage');
  if (to < from || DateTime.fromISO(to).diff(DateTime.fromISO(from), 'days').days > LONGEST_LIST_DAYS) throw new Refusal('bad-request', { field: 'to' });
  return actor.facultyId === null ? [] : listedClasses(context.db.knex, actor.facultyId, from, to);
}
