// Attendance that was taken, written consistently: the session's row, a mark for everybody on its roster, and the totals.
import type { Knex } from 'knex';
import { addToTotals } from '../../db/repositories/marks.ts';
import { findSession, rosterOf } from '../../db/repositories/sessions.ts';
import { countMarks } from '../../domain/attendance/percentage.ts';
import type { Status } from '../../domain/attendance/statuses.ts';

/** Completes a session whose students (by row) have these marks; everybody else on the roster was present. */
export async function attendanceTaken(knex: Knex, sessionId: number, marks: Readonly<Record<number, Status>> = {}): Promise<void> {
  const session = (await findSession(knex, sessionId))!;
  const roster = await rosterOf(knex, sessionId);
  const rows = roster.map(({ studentId, away }) => ({ studentId, status: marks[studentId] ?? (away ? 'on_duty' as const : 'present' as const) }));
  const { startsAt, endsAt } = session;
  const counts = countMarks(rows.map(({ status }) => status));
  await knex.transaction(async (trx) => {
    await trx('schedule').where({ id: sessionId }).update({ status: 'completed' });
    await trx('attendance_sessions').insert({
      session_id: sessionId, status: 'completed', mode: 'rotating', nonce: Buffer.alloc(16, 1), step_seconds: 20, opened_at: startsAt,
      opened_by: session.facultyUserId, closes_at: endsAt, completes_at: endsAt, completed_at: endsAt, updated_at: endsAt,
      ...counts,
    });
    await trx('attendance').where({ session_id: sessionId }).delete();
    if (rows.length === 0) return;
    await trx('attendance').insert(rows.map(({ studentId, status }) => ({
      session_id: sessionId, student_id: studentId, status, method: status === 'absent' ? 'missing' : 'manual', received_at: startsAt, updated_at: endsAt,
    })));
    await addToTotals(trx, session, counts);
  });
}
