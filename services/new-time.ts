// Loads what the slot search needs to know of one session: its people, its rooms, and what they all have besides.
import { DateTime } from 'luxon';
import { holidaysOf, roomsOf, weeklySlotsOf } from '../db/repositories/campus.ts';
import { takenAt, takenIntervals } from '../db/repositories/claims.ts';
import { leaveOf } from '../db/repositories/faculty-leave.ts';
import { attendeesOf, classesOfStudents, type Session } from '../db/repositories/sessions.ts';
import { type Interval, merged, minutesToSlots, slotsOf, slotsTouched, slotToDateTime, toSlot } from '../domain/calendar/slots.ts';
import { expandCandidates } from '../domain/rescheduling/candidates.ts';
import { searchSlots, timesNeedingRooms } from '../domain/rescheduling/slot-search.ts';
import { isAdequate } from '../domain/rescheduling/score.ts';
import type { SlotSearchProblem, SlotSearchResult, StudentBusy, Surroundings } from '../domain/rescheduling/types.ts';
import type { ServiceContext } from './context.ts';
import { windowsOfStudents } from './interviews.ts';

const TEACHING_WEEKDAYS = [1, 2, 3, 4, 5, 6];
/** What others are shown of a student's interview or booking. */
const NEUTRAL_LABEL = 'other';

/** The best three times and rooms for a whole session inside the horizon, or what stood against the nearest (I17). */
export async function searchNewTime(context: ServiceContext, session: Session, horizonDays: number): Promise<SlotSearchResult> {
  return searchSlots(await problemOf(context, session, horizonDays));
}

/** The best three times and rooms after a session for a makeup of it for some of its students, or what stood against the nearest. */
export async function searchMakeup(context: ServiceContext, session: Session, students: number[], horizonDays: number): Promise<SlotSearchResult> {
  return searchSlots(await problemOf(context, session, horizonDays, students));
}

/** What the search is given: the candidates of the horizon, and what surrounds the session in it, or a makeup of it for some students. */
export async function problemOf(context: ServiceContext, session: Session, horizonDays: number, makeupFor?: number[]): Promise<SlotSearchProblem> {
  const today = context.now().setZone(context.campus.timeZone).startOf('day');
  const original = { ...slotsOf(session), roomId: session.roomId };
  const notBefore = makeupFor ? Math.max(earliestStart(context), original.end) : earliestStart(context);
  const own = { original, durationSlots: original.end - original.start, preferredRoomId: session.roomId, notBefore };
  const horizon = loadDays(context, session, { from: today.toISODate()!, days: horizonDays });
  const surroundings = await loadSurroundings(context, session, {
    from: toSlot(today), to: toSlot(today.plus({ days: horizonDays })), makeupFor,
    roomsAt: async (people) => timesNeedingRooms({ ...people, ...own, ...(await horizon) }),
  });
  return { ...surroundings, ...own, ...(await horizon) };
}

/** The first slot in which a class may be put now: none begins within the cut-off. */
export function earliestStart(context: ServiceContext): number {
  return slotsTouched(context.now(), context.now().plus({ minutes: context.rules.cutoffMinutes })).end;
}

/**
 * So many local days from a date (YYYY-MM-DD) on, and the starts in them at which the session would lie in a weekly slot: every
 * half hour from the slot's begin, or as `stepMinutes` says.
 */
export async function loadDays(
  context: ServiceContext, session: Session, horizon: { from: string; days: number; stepMinutes?: number },
): Promise<ReturnType<typeof expandCandidates>> {
  const { knex } = context.db;
  const [weeklySlots, holidays] = await Promise.all([
    weeklySlotsOf(knex, session.organisationId), holidaysOf(knex, session.organisationId, horizon.from),
  ]);
  return expandCandidates({
    ...horizon, weeklySlots, holidays, zone: context.campus.timeZone, teachingWeekdays: TEACHING_WEEKDAYS,
    durationMinutes: (session.endsAt.getTime() - session.startsAt.getTime()) / 60_000,
  });
}

/** A session's surroundings without what its rooms have. */
type People = Omit<Surroundings, 'busy'> & { readonly busy: Pick<Surroundings['busy'], 'faculty' | 'students'> };

/**
 * What surrounds a session in [from, to), in slots: all that its people have besides it, and what the rooms that would do have at
 * the times that `roomsAt` gives (there are many rooms, and few times at which they matter). Or what surrounds a makeup of it for some
 * students: then the session itself is among what its faculty member and room have. The students are the keys of `busy.students`.
 */
export async function loadSurroundings(
  context: ServiceContext, session: Session,
  { from, to, makeupFor, roomsAt }: {
    from: number; to: number; makeupFor?: number[] | undefined; roomsAt: (people: People) => Interval[] | Promise<Interval[]>;
  },
): Promise<Surroundings> {
  const { knex } = context.db;
  const standing = { except: makeupFor ? undefined : session.id, now: context.now().toJSDate() };
  const [roster, rooms, faculty, leave] = await Promise.all([
    makeupFor ?? attendeesOf(knex, session.id).then((students) => students.map(({ studentId }) => studentId)), roomsOf(knex, session.organisationId),
    takenIntervals(knex, 'faculty', [session.facultyId], from, to, standing), leaveIntervals(context, session, from, to),
  ]);
  // A laboratory class needs what its laboratory has.
  const equipment = session.subjectType === 'lab' ? rooms.find(({ id }) => id === session.roomId)!.equipment : [];
  const roomNeeds = { capacity: roster.length, kind: session.subjectType, equipment };
  const busy = {
    faculty: [...faculty.get(session.facultyId)!, ...leave], students: await busyStudents(context, roster, { from, to, except: session.id }),
  };
  const dailyLoad = {
    studentsMaxSlots: minutesToSlots(context.rules.studentDailyHours * 60),
    facultyMaxSlots: minutesToSlots(context.rules.facultyDailyHours * 60),
  };
  const times = merged(await roomsAt({ roomNeeds, rooms, dailyLoad, busy }));
  const adequate = rooms.filter((room) => isAdequate(room, roomNeeds)).map((room) => room.id);
  return { roomNeeds, rooms, dailyLoad, busy: { ...busy, rooms: await takenAt(knex, 'room', adequate, times, standing) } };
}

/** Days on which the session's faculty member is away, in slots. */
async function leaveIntervals(context: ServiceContext, session: Session, from: number, to: number): Promise<Interval[]> {
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
    interviewWindows(context, students, { from, to }),
    takenIntervals(knex, 'student', students, from, to, { except, now: context.now().toJSDate() }),
  ]);
  const busy = new Map<number, StudentBusy[]>(students.map((studentId) => [
    studentId, bookings.get(studentId)!.map((interval) => ({ ...interval, label: NEUTRAL_LABEL })),
  ]));
  for (const { studentId, startsAt, endsAt, subjectCode } of classes) {
    busy.get(studentId)!.push({ ...slotsTouched(startsAt, endsAt), label: subjectCode });
  }
  for (const { studentId, start, end } of interviews) busy.get(studentId)!.push({ start, end, label: NEUTRAL_LABEL });
  return busy;
}

/** When interviews in [from, to) take these students, with their buffers; all in slots. */
export async function interviewWindows(
  context: ServiceContext, studentIds: number[], { from, to }: { from: number; to: number },
): Promise<{ studentId: number; start: number; end: number }[]> {
  const within = { from: slotToDateTime(from, 'utc').toJSDate(), to: slotToDateTime(to, 'utc').toJSDate() };
  const windows = await windowsOfStudents(context.db.knex, context, studentIds, within);
  return windows.map((window) => ({ studentId: window.studentId, ...slotsTouched(window.from, window.to) }));
}
