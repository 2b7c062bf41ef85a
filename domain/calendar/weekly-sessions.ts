// What a day's sessions are to be by the weekly timetable, against those that there are (A7). A class keeps its time on the wall clock.
import { DateTime } from 'luxon';
import type { Week } from '../timetabling/university.ts';
import { isHeldIn, weekParity } from './term-weeks.ts';

/** A weekly class that is in force on the day. */
export interface WeeklyClass {
  id: number;
  assignmentId: number;
  weekday: number;
  roomId: number;
  facultyId: number;
  sectionId: number;
  /** HH:mm on the campus's wall clock. */
  start: string;
  end: string;
  /** Of the term that starts on this day, YYYY-MM-DD. */
  week: Week;
  termStartsOn: string;
  /** The timetable that it was generated with; 0: entered by hand. */
  timetableId: number;
}

/** A session that was made for the day from a weekly class. */
export interface MadeSession {
  id: number;
  weeklyId: number;
  /** As the weekly class has them. */
  assignmentId: number;
  start: string;
  end: string;
  timetableId: number;
  /** Another timetable has come into force since. */
  replaced: boolean;
  roomId: number;
  startsAt: Date;
  endsAt: Date;
  status: 'scheduled' | 'completed' | 'cancelled';
  /** Nobody has moved, called off, opened or otherwise changed it since it was made. */
  untouched: boolean;
  /** Students are excused from it, or a new time is being looked for: its time stays. */
  excused: boolean;
  /** It was called off because another timetable came into force: nobody was told of it alone. */
  retired: boolean;
}

export interface PlannedSession { weeklyId: number; roomId: number; facultyId: number; sectionId: number; timetableId: number; startsAt: Date; endsAt: Date }
export interface DayPlan {
  /** Sessions that from now on follow another weekly class: of the same assignment at the same time. */
  adopt: { weeklyId: number; sessionId: number }[];
  make: PlannedSession[];
  change: (PlannedSession & { before: MadeSession })[];
  /** Sessions whose weekly class no longer is. */
  callOff: number[];
  /** Those whose whole timetable no longer is: of that, people are told once. */
  retire: number[];
}

export interface Day {
  /** YYYY-MM-DD. */
  date: string;
  zone: string;
  isHoliday: boolean;
  now: Date;
}

/**
 * Compares. Only what begins after `now` is made or changed, and only what nobody has touched is changed: planning again after carrying
 * a plan out gives an empty one. A time that the clock skips on the day moves with the clock; a class that is left without length isn't held.
 * Where another weekly class of the same assignment takes the place of a session's own, the session stays, whatever has become of it.
 */
export function planDay({ date, zone, isHoliday, now }: Day, weekly: readonly WeeklyClass[], made: readonly MadeSession[]): DayPlan {
  const { weekday } = DateTime.fromISO(date, { zone });
  const at = (time: string) => DateTime.fromISO(`${date}T${time}`, { zone }).toJSDate();
  const parity = new Map([...new Set(weekly.map(({ termStartsOn }) => termStartsOn))].map((startsOn) => [startsOn, weekParity(startsOn, date)]));
  const held = isHoliday ? [] : weekly.filter((one) => one.weekday === weekday && isHeldIn(one.week, parity.get(one.termStartsOn)!))
    .map((one) => ({ one, startsAt: at(one.start), endsAt: at(one.end) })).filter(({ startsAt, endsAt }) => startsAt < endsAt);
  const wanted = new Set(held.map(({ one }) => one.id));
  const there = new Map(made.map((session) => [session.weeklyId, session]));
  const left = Map.groupBy(made.filter(({ weeklyId }) => !wanted.has(weeklyId)).toSorted(scheduledFirst), placeKey);
  const plan: DayPlan = { adopt: [], make: [], change: [], callOff: [], retire: [] };
  const adopted = new Set<number>();
  for (const { one, startsAt, endsAt } of held) {
    if (startsAt <= now) continue;
    const planned = { weeklyId: one.id, roomId: one.roomId, facultyId: one.facultyId, sectionId: one.sectionId, timetableId: one.timetableId, startsAt, endsAt };
    const session = there.get(one.id) ?? left.get(placeKey(one))?.shift();
    if (!session) plan.make.push(planned);
    else if (session.untouched && differs(session, planned) && !(session.excused && timesDiffer(session, planned))) plan.change.push({ ...planned, before: session });
    if (!session || session.weeklyId === one.id) continue;
    plan.adopt.push({ weeklyId: one.id, sessionId: session.id });
    adopted.add(session.id);
  }
  for (const { id, weeklyId, untouched, status, startsAt, replaced, excused } of made) {
    if (wanted.has(weeklyId) || adopted.has(id) || !untouched || status !== 'scheduled' || startsAt <= now) continue;
    if (!replaced) plan.callOff.push(id);
    else if (!excused) plan.retire.push(id);
  }
  return plan;
}

const placeKey = ({ assignmentId, start, end }: Pick<WeeklyClass, 'assignmentId' | 'start' | 'end'>) => `${assignmentId} ${start} ${end}`;
const scheduledFirst = (a: MadeSession, b: MadeSession) => Number(b.status === 'scheduled') - Number(a.status === 'scheduled') || a.id - b.id;

const timesDiffer = (session: MadeSession, planned: PlannedSession) =>
  session.startsAt.getTime() !== planned.startsAt.getTime() || session.endsAt.getTime() !== planned.endsAt.getTime();

function differs(session: MadeSession, planned: PlannedSession): boolean {
  return session.status === 'cancelled' || session.roomId !== planned.roomId || timesDiffer(session, planned);
}

/** The days, YYYY-MM-DD, for which sessions are made: today and so many weeks on. */
export function daysAhead(now: DateTime, zone: string, weeks: number): string[] {
  const today = now.setZone(zone).startOf('day');
  return Array.from({ length: 7 * weeks + 1 }, (_, index) => today.plus({ days: index }).toISODate()!);
}
