// An independent look at a campus at rest: own SQL over the rows, no service or repository is asked. Whatever contradicts the
// requirements is said in words with ids.
import type { Knex } from 'knex';
import { attendanceViolations } from './checks/attendance.ts';
import { bookingViolations } from './checks/bookings.ts';
import { feedViolations } from './checks/feeds.ts';
import { interviewViolations } from './checks/interviews.ts';
import { placeViolations } from './checks/places.ts';
import { roundViolations } from './checks/rounds.ts';
import { timeViolations } from './checks/times.ts';
import { toldViolations } from './checks/told.ts';

export interface CheckedCampus {
  /** When it is: whatever had to be waited for is over. */
  now: Date;
  rules: { bufferMinutes: { online: number; 'on-campus': number; elsewhere: number }; cutoffMinutes: number; settleSeconds: number; studentDailyHours: number; facultyDailyHours: number };
  /** The calendar feeds of some people, as they get them; left out, none are looked at. */
  feeds?: { userIds: number[]; feedOf: (userId: number) => Promise<string> };
}

/** @returns what is wrong; nothing when all is well */
export async function checkCampus(knex: Knex, campus: CheckedCampus): Promise<string[]> {
  return [
    ...await bookingViolations(knex), ...await placeViolations(knex, campus), ...await interviewViolations(knex, campus), ...await roundViolations(knex),
    ...await timeViolations(knex, campus), ...await toldViolations(knex), ...await attendanceViolations(knex, campus), ...(campus.feeds ? await feedViolations(knex, campus.now, campus.feeds) : []),
  ];
}
