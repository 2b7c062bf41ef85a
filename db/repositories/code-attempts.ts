// Wrong codes of students in sessions, counted so that nobody tries them all (A11).
import type { Trx } from '../connection.ts';

type Pair = readonly [sessionId: number, studentId: number];

/** The students from whom no code counts for now in these sessions, and until when. They are few, however many students mark themselves. */
export async function blockedAttempts(trx: Trx, sessionIds: number[], now: Date): Promise<{ sessionId: number; studentId: number; blockedUntil: Date }[]> {
  return trx('code_attempts')
    .whereIn('session_id', sessionIds)
    .andWhere('blocked_until', '>', now)
    .select({ sessionId: 'session_id', studentId: 'student_id', blockedUntil: 'blocked_until' });
}

/**
 * Counts a wrong code. With the last one that is allowed, none counts until `blockUntil`; then counting begins anew.
 * @returns how many are left, or until when none counts
 */
export async function countWrongCode(
  trx: Trx, [sessionId, studentId]: Pair, { most, now, blockUntil }: { most: number; now: Date; blockUntil: Date },
): Promise<{ left: number; blockedUntil: Date | null }> {
  const pair = { session_id: sessionId, student_id: studentId };
  await trx('code_attempts').insert(pair).onConflict().ignore();
  const held: { failures: number; blocked_until: Date | null } = await trx('code_attempts').where(pair).first('failures', 'blocked_until').forUpdate();
  if (held.blocked_until !== null && held.blocked_until > now) return { left: 0, blockedUntil: held.blocked_until };
  const failures = held.blocked_until === null ? held.failures + 1 : 1;
  const blockedUntil = failures >= most ? blockUntil : null;
  await trx('code_attempts').where(pair).update({ failures, blocked_until: blockedUntil });
  return { left: most - failures, blockedUntil };
}
