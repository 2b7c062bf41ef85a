// Loads what the slot search needs to know of one session: its people, its rooms, and what they all have besides.
import { holidaysOf, roomsOf, weeklySlotsOf } from '../db/repositories/campus.ts';
import { takenAt, takenIntervals } from '../db/repositories/claims.ts';
import { interviewTimesOf } from '../db/repositories/interviews.ts';
import { classesOfStudents, rosterOf, type Session } from '../db/repositories/sessions.ts';
import { type Interval, merged, minutesToSlots, slotsTouched, slotToDateTime, toSlot } from '../domain/calendar/slots.ts';
import { busyWindow } from '../domain/interviews/busy-window.ts';
import { expandCandidates } from '../domain/rescheduling/candidates.ts';
import { searchSlots, timesNeedingRooms } from '../domain/rescheduling/slot-search.ts';
import { isAdequate } from '../domain/rescheduling/score.ts';
import type { SlotSearchProblem, SlotSearchResult, StudentBusy, Surroundings } from '../domain/rescheduling/types.ts';
import type { ServiceContext } from './context.ts';

const TEACHING_WEEKDAYS = [1, 2, 3, 4, 5, 6];
/** What others are shown of a student's interview or booking. */
const NEUTRAL_LABEL = 'other';

/** The best three times and rooms for a whole session inside the horizon, or what stood against the nearest (I17). */
export async function searchNewTime(context: ServiceContext, session: Session, horizonDays: number): Promise<SlotSearchResult> {
  return searchSlots(await problemOf(context, session, horizonDays));
}

/** What the search is given: the candidates of the horizon, and what surrounds the session in it. */
export async function problemOf(context: ServiceContext, session: Session, horizonDays: number): Promise<SlotSearchProblem> {
  const today = context.now().setZone(context.campus.timeZone).startOf('day');
  const original = { start: toSlot(session.startsAt), end: toSlot(session.endsAt), roomId: session.roomId };
  const own = { original, durationSlots: original.end - original.start, preferredRoomId: session.roomId, notBefore: earliestStart(context) };
  const horizon = loadDays(context, session, { from: today.toISODate()!, days: horizonDays });
  const surroundings = await loadSurroundings(context, session, {
    from: toSlot(today), to: toSlot(today.plus({ days: horizonDays })),
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
 * the times that `roomsAt` gives (there are many rooms, and few times at which they matter). The roster is the keys of
 * `busy.students`.
 */
export async function loadSurroundings(
  context: ServiceContext, session: Session,
  { from, to, roomsAt }: { from: number; to: number; roomsAt: (people: People) => Interval[] | Promise<Interval[]> },
): Promise<Surroundings> {
  const { knex } = context.db;
  const except = { except: session.id };
  const [students, rooms, faculty] = await Promise.all([
    rosterOf(knex, session.id), roomsOf(knex, session.organisationId), takenIntervals(knex, 'faculty', [session.facultyId], from, to, except),
  ]);
  const roster = students.map((student) => student.studentId);
  const roomNeeds = { capacity: roster.length, kind: session.subjectType, equipment: [] };
  const busy = { faculty: faculty.get(session.facultyId)!, students: await busyStudents(context, session, roster, from, to) };
  const dailyLoad = {
    studentsMaxSlots: minutesToSlots(context.rules.studentDailyHours * 60),
    facultyMaxSlots: minutesToSlots(context.rules.facultyDailyHours * 60),
  };
  const times = merged(await roomsAt({ roomNeeds, rooms, dailyLoad, busy }));
  const adequate = rooms.filter((room) => isAdequate(room, roomNeeds)).map((room) => room.id);
  return { roomNeeds, rooms, dailyLoad, busy: { ...busy, rooms: await takenAt(knex, 'room', adequate, times, except) } };
}

/** What each student of the roster has in [from, to) besides the session: classes, interviews with their buffers, bookings. */
async function busyStudents(
  context: ServiceContext, session: Session, roster: number[], from: number, to: number,
): Promise<Map<number, StudentBusy[]>> {
  const { knex } = context.db;
  const [start, end] = [slotToDateTime(from, 'utc').toJSDate(), slotToDateTime(to, 'utc').toJSDate()];
  const except = { except: session.id };
  const [classes, interviews, bookings] = await Promise.all([
    classesOfStudents(knex, roster, start, end, except),
    interviewWindows(context, roster, { from, to }),
    takenIntervals(knex, 'student', roster, from, to, except),
  ]);
  const busy = new Map<number, StudentBusy[]>(roster.map((studentId) => [
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
  const [start, end] = [slotToDateTime(from, 'utc').toJSDate(), slotToDateTime(to, 'utc').toJSDate()];
  const interviews = await interviewTimesOf(context.db.knex, studentIds, start, end);
  return interviews.flatMap((interview) => {
    const window = busyWindow(interview, context.rules.bufferMinutes);
    return window ? [{ studentId: interview.studentId, ...slotsTouched(window.from, window.to) }] : [];
  });
}
