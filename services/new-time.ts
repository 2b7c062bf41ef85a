// Loads what the slot search needs to know of one session: its people, its rooms, and what they all have besides.
import { holidaysOf, roomsOf, weeklySlotsOf } from '../db/repositories/campus.ts';
import { takenIntervals } from '../db/repositories/claims.ts';
import { interviewTimesOf } from '../db/repositories/interviews.ts';
import { classesOfStudents, rosterOf, type Session } from '../db/repositories/sessions.ts';
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

async function problemOf(context: ServiceContext, session: Session, horizonDays: number): Promise<SlotSearchProblem> {
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
  const surroundings = await loadSurroundings(context, session, { from: days[0]!.startSlot, to: days.at(-1)!.endSlot });
  return {
    ...surroundings, durationSlots, candidates, days,
    preferredRoomId: session.roomId,
    original: { start: toSlot(iso(session.startsAt)), end: toSlot(iso(session.endsAt)), roomId: session.roomId },
    notBefore: Math.ceil(context.now().plus({ minutes: context.rules.cutoffMinutes }).toMillis() / 300_000),
  };
}

/** Who and what a session needs, and what they have besides it. The roster is the keys of `busy.students`. */
export type Surroundings = Pick<SlotSearchProblem, 'roomNeeds' | 'rooms' | 'busy' | 'dailyLoad'>;

/** What surrounds a session in [from, to), in slots. Of the rooms' times, those of the rooms that would do. */
export async function loadSurroundings(
  context: ServiceContext, session: Session, { from, to }: { from: number; to: number },
): Promise<Surroundings> {
  const { knex } = context.db;
  const [students, rooms] = await Promise.all([rosterOf(knex, session.id), roomsOf(knex, session.organisationId)]);
  const roster = students.map((student) => student.studentId);
  const roomNeeds = { capacity: roster.length, kind: session.subjectType, equipment: [] };
  const adequate = rooms.filter((room) => isAdequate(room, roomNeeds)).map((room) => room.id);
  const except = { except: session.id };
  const [faculty, busyRooms, busy] = await Promise.all([
    takenIntervals(knex, 'faculty', [session.facultyId], from, to, except),
    takenIntervals(knex, 'room', adequate, from, to, except),
    busyStudents(context, session, roster, from, to),
  ]);
  return {
    roomNeeds, rooms,
    busy: { faculty: faculty.get(session.facultyId)!, rooms: busyRooms, students: busy },
    dailyLoad: {
      studentsMaxSlots: minutesToSlots(context.rules.studentDailyHours * 60),
      facultyMaxSlots: minutesToSlots(context.rules.facultyDailyHours * 60),
    },
  };
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
    interviewTimesOf(knex, roster, start, end),
    takenIntervals(knex, 'student', roster, from, to, except),
  ]);
  const busy = new Map<number, StudentBusy[]>(roster.map((studentId) => [
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
