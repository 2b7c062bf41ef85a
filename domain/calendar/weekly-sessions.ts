// What a day's sessions are to be by the weekly timetable, against those that there are (A7). A class keeps its time on the wall clock.
import { DateTime } from 'luxon';

/** A weekly class that is in force on the day. */
export interface WeeklyClass {
  id: number;
  weekday: number;
  roomId: number;
  facultyId: number;
  sectionId: number;
  /** HH:mm on the campus's wall clock. */
  start: string;
  end: string;
}

/** A session that was made for the day from a weekly class. */
export interface MadeSession {
  id: number;
  weeklyId: number;
  roomId: number;
  startsAt: Date;
  endsAt: Date;
  status: 'scheduled' | 'completed' | 'cancelled';
  /** Nobody has moved, called off, opened or otherwise changed it since it was made. */
  untouched: boolean;
  /** Students are excused from it: its time stays. */
  excused: boolean;
}

export interface PlannedSession { weeklyId: number; roomId: number; facultyId: number; sectionId: number; startsAt: Date; endsAt: Date }
export interface DayPlan {
  make: PlannedSession[];
  change: (PlannedSession & { before: MadeSession })[];
  /** Sessions whose weekly class no longer is. */
  callOff: number[];
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
 */
export function planDay({ date, zone, isHoliday, now }: Day, weekly: readonly WeeklyClass[], made: readonly MadeSession[]): DayPlan {
  const { weekday } = DateTime.fromISO(date, { zone });
  const at = (time: string) => DateTime.fromISO(`${date}T${time}`, { zone }).toJSDate();
  const planned = isHoliday ? [] : weekly.filter((one) => one.weekday === weekday)
    .map(({ id, roomId, facultyId, sectionId, start, end }) => ({ weeklyId: id, roomId, facultyId, sectionId, startsAt: at(start), endsAt: at(end) }))
    .filter(({ startsAt, endsAt }) => startsAt < endsAt);
  const wanted = new Map(planned.map((one) => [one.weeklyId, one]));
  const there = new Map(made.map((session) => [session.weeklyId, session]));
  const plan: DayPlan = { make: [], change: [], callOff: [] };
  for (const one of planned) {
    const session = there.get(one.weeklyId);
    if (one.startsAt <= now) continue;
    if (!session) plan.make.push(one);
    else if (session.untouched && differs(session, one) && !(session.excused && timesDiffer(session, one))) plan.change.push({ ...one, before: session });
  }
  for (const session of made) {
    if (!wanted.has(session.weeklyId) && session.untouched && session.status === 'scheduled' && session.startsAt > now) plan.callOff.push(session.id);
  }
  return plan;
}

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
