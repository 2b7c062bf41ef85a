// Loads what the slot search needs to know of one session: its people, its rooms, and what they all have besides.
import { DateTime } from 'luxon';
import { holidaysOf, roomsOf, weeklySlotsOf } from '../db/repositories/campus.ts';
import { takenIntervals } from '../db/repositories/claims.ts';
import { leaveOf } from '../db/repositories/faculty-leave.ts';
import { interviewTimesOf } from '../db/repositories/interviews.ts';
import { attendeesOf, classesOfStudents, type Session } from '../db/repositories/sessions.ts';
import { minutesToSlots, slotsTouched, slotToDateTime, toSlot } from '../domain/calendar/slots.ts';
import { busyWindow } from '../domain/interviews/busy-window.ts';
import { expandCandidates } from '../domain/rescheduling/candidates.ts';
import { searchSlots } from '../domain/rescheduling/slot-search.ts';
import { isAdequate } from '../domain/rescheduling/score.ts';
import type { SlotSearchProblem, SlotSearchResult, StudentBusy } from '../domain/rescheduling/types.ts';
import type { ServiceContext } from './context.ts';

const TEACHING_WEEKDAYS = [1, 2, 3, 4, 5, 6];
/** What others are shown of a student's interview or booking. */
const NEUTRAL_LABEL = 'other';

/** The best three times and rooms for a whole session inside the horizon, or what stood against the nearest (I17). */
export async function searchNewTime(context: ServiceContext, session: Session, horizonDays: number): Promise<SlotSearchResult> {
  return searchSlots(await problemOf(context, session, horizonDays));
}

/** The best three times and rooms after a session for a makeup of it for some of its students, or what stood against the nearest. */
export async function searchMakeup(context: ServiceContext, session: Session, students: number[], horizonDays: number): Promise<SlotSearchResult> {
  const problem = await problemOf(context, session, horizonDays, students);
  return searchSlots({ ...problem, notBefore: Math.max(problem.notBefore, problem.original.end) });
}

async function problemOf(context: ServiceContext, session: Session, horizonDays: number, makeupFor?: number[]): Promise<SlotSearchProblem> {
  const { knex } = context.db;
  const zone = context.campus.timeZone;
  const today = context.now().setZone(zone).toISODate()!;
  const durationSlots = toSlot(iso(session.endsAt)) - toSlot(iso(session.startsAt));
  const [weeklySlots, holidays] = await Promise.all([
    weeklySlotsOf(knex, session.organisationId), holidaysOf(knex, session.organisationId, today),
  ]);
  const { candidates, days } = expandCandidates({
    weeklySlots, from: today, days: horizonDays, zone, holidays, teachingWeekdays: TEACHING_WEEKDAYS, durationMinutes: durationSlots * 5,
  });
  const surroundings = await loadSurroundings(context, session, { from: days[0]!.startSlot, to: days.at(-1)!.endSlot }, makeupFor);
  return {
    ...surroundings, durationSlots, candidates, days,
    preferredRoomId: session.roomId,
    original: { start: toSlot(iso(session.startsAt)), end: toSlot(iso(session.endsAt)), roomId: session.roomId },
    notBefore: Math.ceil(context.now().plus({ minutes: context.rules.cutoffMinutes }).toMillis() / 300_000),
  };
}

/** Who and what a class needs, and what they have besides it. Its students are the keys of `busy.students`. */
export type Surroundings = Pick<SlotSearchProblem, 'roomNeeds' | 'rooms' | 'busy' | 'dailyLoad'>;

/**
 * What surrounds a session in [from, to), in slots; or a makeup of it for some students, for which the session itself counts as what
 * its faculty member and room have besides. Of the rooms' times, those of the rooms that would do.
 */
export async function loadSurroundings(
  context: ServiceContext, session: Session, { from, to }: { from: number; to: number }, makeupFor?: number[],
): Promise<Surroundings> {
  const { knex } = context.db;
  const [roster, rooms] = await Promise.all([
    makeupFor ?? attendeesOf(knex, session.id).then((students) => students.map(({ studentId }) => studentId)), roomsOf(knex, session.organisationId),
  ]);
  const roomNeeds = { capacity: roster.length, kind: session.subjectType, equipment: [] };
  const adequate = rooms.filter((room) => isAdequate(room, roomNeeds)).map((room) => room.id);
  const standing = { except: makeupFor ? undefined : session.id, now: context.now().toJSDate() };
  const [faculty, leave, busyRooms, busy] = await Promise.all([
    takenIntervals(knex, 'faculty', [session.facultyId], from, to, standing),
    leaveIntervals(context, session, from, to),
    takenIntervals(knex, 'room', adequate, from, to, standing),
    busyStudents(context, roster, { from, to, except: session.id }),
  ]);
  return {
    roomNeeds, rooms,
    busy: { faculty: [...faculty.get(session.facultyId)!, ...leave], rooms: busyRooms, students: busy },
    dailyLoad: {
      studentsMaxSlots: minutesToSlots(context.rules.studentDailyHours * 60),
      facultyMaxSlots: minutesToSlots(context.rules.facultyDailyHours * 60),
    },
  };
}

/** Days on which the session's faculty member is away, in slots. */
async function leaveIntervals(context: ServiceContext, session: Session, from: number, to: number): Promise<{ start: number; end: number }[]> {
  const day = (date: string, days = 0) => toSlot(DateTime.fromISO(date, { zone: session.timeZone }).plus({ days }));
  const dates = [from, to].map((slot) => slotToDateTime(slot, session.timeZone).toISODate()!) as [string, string];
  const leaves = await leaveOf(context.db.knex, session.facultyId, ...dates);
  return leaves.map(({ startsOn, endsOn }) => ({ start: day(startsOn), end: day(endsOn, 1) }));
}

/** What students have in [from, to) besides a session: classes, interviews with their buffers, bookings. */
export async function busyStudents(
  context: ServiceContext, students: number[], { from, to, except }: { from: number; to: number; except: number },
): Promise<Map<number, StudentBusy[]>> {
  const { knex } = context.db;
  const [start, end] = [slotToDateTime(from, 'utc').toJSDate(), slotToDateTime(to, 'utc').toJSDate()];
  const [classes, interviews, bookings] = await Promise.all([
    classesOfStudents(knex, students, start, end, { except }),
    interviewTimesOf(knex, students, start, end),
    takenIntervals(knex, 'student', students, from, to, { except, now: context.now().toJSDate() }),
  ]);
  const busy = new Map<number, StudentBusy[]>(students.map((studentId) => [
    studentId, bookings.get(studentId)!.map((interval) => ({ ...interval, label: NEUTRAL_LABEL })),
  ]));
  for (const { studentId, startsAt, endsAt, subjectCode } of classes) {
    busy.get(studentId)!.push({ ...slotsTouched(iso(startsAt), iso(endsAt)), label: subjectCode });
  }
  for (const interview of interviews) {
    const window = busyWindow(interview, context.rules.bufferMinutes);
    if (window) busy.get(interview.studentId)!.push({ ...slotsTouched(iso(window.from), iso(window.to)), label: NEUTRAL_LABEL });
  }
  return busy;
}

const iso = (date: Date) => date.toISOString();
