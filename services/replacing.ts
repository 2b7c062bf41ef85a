// Where a student goes instead of a class that an interview hits: giving a place in another section or in a makeup, and taking it
// back. Each is the other's compensation.
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { takeBackExcuses } from '../db/repositories/attendance.ts';
import { addClaims, releaseStudent, replaceClaims } from '../db/repositories/claims.ts';
import {
  deleteReplacement, freeSeat, insertReplacements, type Replacement, replacementsFor, replacementsIn, takeSeats,
} from '../db/repositories/replacements.ts';
import { leaveRoundsOfSession, setMembersStatus } from '../db/repositories/round-members.ts';
import { type Attendee, cancelSessionRow, findSession, rosterOf, type Session } from '../db/repositories/sessions.ts';
import { classAt } from './class-at.ts';
import type { ServiceContext } from './context.ts';
import { roundJoined } from './intents.ts';
import { findObstacle, studentClaims } from './obstacles.ts';
import { tell } from './telling.ts';

/** From then on nothing about a session is changed any more. */
export const cutoffOf = (context: ServiceContext, session: Pick<Session, 'startsAt'>) =>
  DateTime.fromJSDate(session.startsAt, { zone: 'utc' }).minus({ minutes: context.rules.cutoffMinutes });

/** Whether what begins then may still be changed, or chosen. */
export const isBeforeCutoff = (context: ServiceContext, session: Pick<Session, 'startsAt'>) => cutoffOf(context, session) > context.now();

/** Whether a session is still to come and may be changed. */
export const isChangeable = (context: ServiceContext, session: Pick<Session, 'startsAt' | 'status'>) =>
  session.status === 'scheduled' && isBeforeCutoff(context, session);

type Student = Pick<Attendee, 'studentId' | 'userId'>;

/**
 * Gives students places in a session instead of another, if there are so many and all are free: counted seats in another section's
 * class, or places in the makeup. The caller holds the locks of the session and the students.
 * @returns whether they have them; else nothing was written
 */
export async function takePlaces(
  trx: Trx, context: ServiceContext, { students, from, to, roundId }: { students: Student[]; from: Session; to: Session; roundId: number },
): Promise<boolean> {
  if (!isChangeable(context, to)) return false;
  const { startsAt, endsAt } = to;
  if (await findObstacle(trx, context, { startsAt, endsAt, students: students.map(({ studentId }) => studentId), insteadOf: from.id })) return false;
  if (to.kind === 'makeup') {
    if ((await replacementsIn(trx, to.id)).length + students.length > to.roomCapacity) return false;
  } else {
    const enrolled = (await rosterOf(trx, to.id)).filter(({ insteadOfId }) => insteadOfId === null).length;
    if (!(await takeSeats(trx, to.id, students.length, { enrolled, capacity: to.roomCapacity }))) return false;
  }
  await enterPlaces(trx, context, { students, from, to, roundId });
  return true;
}

/** Books students into a session instead of another and tells them; that they are free, and that there is room, was checked. */
export async function enterPlaces(
  trx: Trx, context: ServiceContext, { students, from, to, roundId }: { students: Student[]; from: Session; to: Session; roundId: number },
): Promise<void> {
  const now = context.now().toJSDate();
  const ids = students.map(({ studentId }) => studentId);
  await insertReplacements(trx, ids.map((studentId) => ({ studentId, sessionId: to.id, insteadOfId: from.id })), now);
  await addClaims(trx, to.id, studentClaims(ids, to), now);
  await setMembersStatus(trx, roundId, ids, to.kind === 'makeup' ? 'made_up' : 'seated');
  await tell(trx, {
    userIds: students.map(({ userId }) => userId), kind: 'class-elsewhere',
    params: {
      ...classAt(to), sessionId: to.id, sequence: to.sequence, how: to.kind === 'makeup' ? 'makeup' : 'section',
      oldStart: from.startsAt.toISOString(), oldEnd: from.endsAt.toISOString(), oldRoom: from.roomName,
    },
    eventKey: `elsewhere/${from.id}/${to.id}/r${roundId}`,
  }, now);
}

/** Where a student goes instead of a session, if anywhere. */
export async function placeInstead(trx: Trx, studentId: number, sessionId: number): Promise<Session | undefined> {
  const [replacement] = await replacementsFor(trx, [sessionId], [studentId]);
  return replacement && findSession(trx, replacement.sessionId);
}

/** All sessions that a student attends instead of one of these, also at second hand. */
export async function placesInsteadOf(trx: Trx, studentId: number, sessionIds: number[]): Promise<number[]> {
  const found = new Set<number>();
  for (let next = sessionIds; next.length > 0;) {
    const replacements: Replacement[] = await replacementsFor(trx, next, [studentId]);
    next = replacements.map(({ sessionId }) => sessionId).filter((id) => !found.has(id));
    for (const id of next) found.add(id);
  }
  return [...found];
}

/**
 * Takes back a student's place instead of a session, and whatever place stood for that one in turn. A makeup that nobody is left
 * for is called off, unless that is what the caller is doing. The caller holds the locks of the sessions and the student.
 * @returns the session where the student was to go; undefined when there was none
 */
export async function giveUpPlace(
  trx: Trx, context: ServiceContext, studentId: number, sessionId: number, { callOffEmpty = true } = {},
): Promise<Session | undefined> {
  const place = await placeInstead(trx, studentId, sessionId);
  if (!place) return undefined;
  const now = context.now().toJSDate();
  await deleteReplacement(trx, { studentId, sessionId: place.id });
  await releaseStudent(trx, place.id, studentId);
  await takeBackExcuses(trx, { sessionIds: [place.id], studentIds: [studentId] }, now);
  if (await leaveRoundsOfSession(trx, place.id, studentId)) await roundJoined(trx, place.id, now);
  await giveUpPlace(trx, context, studentId, place.id);
  if (place.kind === 'regular') await freeSeat(trx, place.id);
  else if (callOffEmpty && (await replacementsIn(trx, place.id)).length === 0) await callOff(trx, context, place);
  return place;
}

/** Calls a makeup off that nobody is left for. */
async function callOff(trx: Trx, context: ServiceContext, makeup: Session): Promise<void> {
  const now = context.now().toJSDate();
  await cancelSessionRow(trx, makeup.id, now);
  await replaceClaims(trx, makeup.id, [], now);
  await tell(trx, {
    userIds: [makeup.facultyUserId], kind: 'makeup-off',
    params: { ...classAt(makeup), sessionId: makeup.id, sequence: makeup.sequence + 1 }, eventKey: `session/${makeup.id}/off`,
  }, now);
}
