// What-if (I22): what moving a class would do, before anybody decides. It only reads.
import type { DateTime } from 'luxon';
import { departmentRules } from '../db/repositories/campus.ts';
import { type Session, sessionsOfFaculty } from '../db/repositories/sessions.ts';
import { overlaps, SLOT_MINUTES, toSlot } from '../domain/calendar/slots.ts';
import { Refusal } from '../domain/refusal.ts';
import { type Effect, effectOf, type Obstacle, type RuleObstacle } from '../domain/rescheduling/effect.ts';
import type { Day, Room } from '../domain/rescheduling/types.ts';
import type { Person, ServiceContext } from './context.ts';
import { earliestStart, interviewWindows, loadDays, loadSurroundings } from './new-time.ts';
import { reachableSession } from './reachable.ts';
import { cutoffOf } from './replacing.ts';

export interface WishedMove {
  startsAt: DateTime;
  /** A room's id, or its name as people write it. Left out: any. */
  room?: number | string | undefined;
}

export interface WhatIf extends Omit<Effect, 'obstacles' | 'students' | 'faculty'> {
  session: Session;
  startsAt: Date;
  endsAt: Date;
  /** The wished room. */
  room: Room | null;
  /** What stands against it; none: Beadle would offer this time by itself. */
  obstacles: Obstacle[];
  /** Minutes are those of the longest day that a student would have, the class included. */
  students: { of: number; busy: number; overLoad: number; highestMinutes: number };
  faculty: { busy: boolean; overLoad: boolean; minutes: number };
  /** Interviews of the class's students that lie in that time, with their buffers. */
  interviews: number;
  /** People whose calendars would change. */
  calendars: number;
}

/**
 * What moving a class to a time would do. For who decides over the class; students are only counted, and what they have is
 * named by its course or not at all.
 * @throws Refusal not-allowed, not-found (also for a class that isn't this person's to move), room-unknown, session-not-scheduled, time-past,
 * slot-not-aligned
 */
export async function whatIf(context: ServiceContext, actor: Person, sessionId: number, { startsAt, room: named }: WishedMove): Promise<WhatIf> {
  const session = await reachableSession(context.db.knex, actor, 'sessions.manage', sessionId);
  if (session.status !== 'scheduled' || session.startsAt <= context.now().toJSDate()) throw new Refusal('session-not-scheduled');
  if (startsAt <= context.now()) throw new Refusal('time-past');
  if (startsAt.toMillis() % (SLOT_MINUTES * 60_000) !== 0) throw new Refusal('slot-not-aligned');
  const start = toSlot(startsAt);
  const time = { start, end: start + (session.endsAt.getTime() - session.startsAt.getTime()) / (SLOT_MINUTES * 60_000) };

  const date = startsAt.setZone(context.campus.timeZone).toISODate()!;
  const { candidates, days } = await loadDays(context, session, { from: date, days: 1, stepMinutes: SLOT_MINUTES });
  const day = days[0]!;
  const around = { from: day.startSlot, to: Math.max(day.endSlot, time.end) };
  const surroundings = await loadSurroundings(context, session, { ...around, roomsAt: () => [time] });
  const room = roomNamed(surroundings.rooms, named);
  const { obstacles, students, faculty, rooms } = effectOf(surroundings, days, session.roomId, { ...time, room });
  const isInWeeklySlot = candidates.some((candidate) => candidate.start === start);
  const ruleObstacles = await rulesAgainst(context, session, { start, day, isInWeeklySlot });
  const windows = await interviewWindows(context, [...surroundings.busy.students.keys()].map(Number), around);
  return {
    session, startsAt: startsAt.toJSDate(), endsAt: new Date(time.end * SLOT_MINUTES * 60_000), room, rooms,
    obstacles: [...ruleObstacles, ...obstacles],
    students: { of: students.of, busy: students.busy, overLoad: students.overLoad, highestMinutes: students.highestLoad * SLOT_MINUTES },
    faculty: { busy: faculty.busy, overLoad: faculty.overLoad, minutes: faculty.load * SLOT_MINUTES },
    interviews: windows.filter((window) => overlaps(window, time)).length,
    calendars: students.of + 1,
  };
}

function roomNamed(rooms: readonly Room[], named: number | string | undefined): Room | null {
  if (named === undefined) return null;
  const room = rooms.find(({ id, name }) => (typeof named === 'number' ? id === named : name.toLowerCase() === named.toLowerCase()));
  if (!room) throw new Refusal('room-unknown');
  return room;
}

async function rulesAgainst(
  context: ServiceContext, session: Session, { start, day, isInWeeklySlot }: { start: number; day: Day; isInWeeklySlot: boolean },
): Promise<RuleObstacle[]> {
  const { horizonDays } = await departmentRules(context.db.knex, session.departmentId);
  const horizonEnd = context.now().setZone(context.campus.timeZone).startOf('day').plus({ days: horizonDays });
  const codes: [boolean, RuleObstacle['code']][] = [
    [context.now() > cutoffOf(context, session), 'class-too-soon'],
    [start < earliestStart(context), 'too-soon'],
    [day.endSlot > toSlot(horizonEnd), 'outside-horizon'],
    [!isInWeeklySlot, 'no-weekly-slot'],
  ];
  return codes.flatMap(([stands, code]) => (stands ? [{ code }] : []));
}

const NEXT_DAYS = 7;

/** The asking person's own classes of the next seven days that have not begun. */
export async function nextClasses(context: ServiceContext, actor: Person): Promise<Session[]> {
  if (actor.facultyId === null) return [];
  const now = context.now();
  const sessions = await sessionsOfFaculty(context.db.knex, actor.facultyId, now.toJSDate(), now.plus({ days: NEXT_DAYS }).toJSDate());
  return sessions.filter(({ status, startsAt }) => status === 'scheduled' && startsAt > now.toJSDate());
}
