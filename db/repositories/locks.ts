// Row locks in the one order that all bookings keep (rule 2): faculty, rooms, sessions, students, each by id.
import type { Trx } from '../connection.ts';

export interface Locks {
  faculty?: number[];
  rooms?: number[];
  sessions?: number[];
  students?: number[];
}

/**
 * Locks the rows FOR UPDATE, in the order that keeps bookings free of deadlocks. A transaction that books takes all its
 * locks by one call, before it checks; every writer of an interview, enrolment or roster locks the student too.
 */
export async function lock(trx: Trx, { faculty = [], rooms = [], sessions = [], students = [] }: Locks): Promise<void> {
  for (const [table, ids] of [['faculty', faculty], ['rooms', rooms], ['schedule', sessions], ['students', students]] as const) {
    if (ids.length > 0) await trx(table).select('id').whereIn('id', ids).orderBy('id').forUpdate();
  }
}

/**
 * Locks sessions and students that could only be found by reading, and looks again under the locks.
 * @returns what is found then; null when that is more than what is locked: the transaction has to begin anew
 */
export async function lockFound<Found extends Required<Pick<Locks, 'sessions' | 'students'>>>(
  trx: Trx, found: Found, lookAgain: () => Promise<Found>,
): Promise<Found | null> {
  const { sessions, students } = found;
  await lock(trx, { sessions, students });
  const now = await lookAgain();
  return now.sessions.every((id) => sessions.includes(id)) && now.students.every((id) => students.includes(id)) ? now : null;
}
