// What stands against a booking, asked under its locks: claims, leave, and the students' classes and interviews (rule 1 of docs/architecture.md).
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { type Claim, type ClaimKind, findClash, takenIntervals } from '../db/repositories/claims.ts';
import { classesOfStudents } from '../db/repositories/sessions.ts';
import { slotsOf } from '../domain/calendar/slots.ts';
import type { ServiceContext } from './context.ts';
import { isOnLeave } from './faculty-leave.ts';
import { windowsOfStudents } from './interviews.ts';

export interface Booking {
  startsAt: Date;
  endsAt: Date;
  /** Faculty member and room, where the booking takes them. */
  facultyId?: number;
  roomId?: number;
  /** Those who must be free. */
  students: number[];
  /** The session that is moved: its own claims don't count. */
  moves?: number;
  /** The class that the students miss: it doesn't count either. */
  insteadOf?: number;
}

/** The first kind of thing that stands against a booking, or null when all are free. The caller holds the locks. */
export async function findObstacle(trx: Trx, context: ServiceContext, booking: Booking): Promise<ClaimKind | null> {
  const { students, startsAt, endsAt, moves } = booking;
  const slots = slotsOf(booking);
  const standing = { except: moves, now: context.now().toJSDate() };
  const clash = await findClash(trx, claimsOf(booking), standing);
  if (clash) return clash;
  const day = DateTime.fromJSDate(startsAt, { zone: context.campus.timeZone });
  if (booking.facultyId !== undefined && (await isOnLeave(trx, booking.facultyId, day))) return 'faculty';
  const bookings = await takenIntervals(trx, 'student', students, slots.start, slots.end, standing);
  if ([...bookings.values()].some((intervals) => intervals.length > 0)) return 'student';
  if ((await classesOfStudents(trx, students, startsAt, endsAt, { except: moves ?? booking.insteadOf })).length > 0) return 'student';
  return (await windowsOfStudents(trx, context, students, { from: startsAt, to: endsAt })).length > 0 ? 'student' : null;
}

/** The faculty member's and the room's claims of a booking. */
export function claimsOf({ facultyId, roomId, ...times }: Pick<Booking, 'facultyId' | 'roomId' | 'startsAt' | 'endsAt'>): Claim[] {
  const slots = slotsOf(times);
  return [
    ...(facultyId === undefined ? [] : [{ kind: 'faculty' as const, resourceId: facultyId, ...slots }]),
    ...(roomId === undefined ? [] : [{ kind: 'room' as const, resourceId: roomId, ...slots }]),
  ];
}

/** Students' claims for the time that Beadle books for them. */
export function studentClaims(students: number[], times: { startsAt: Date; endsAt: Date }): Claim[] {
  return students.map((resourceId) => ({ kind: 'student', resourceId, ...slotsOf(times) }));
}
