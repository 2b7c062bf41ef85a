// Provisional excuses among students' marks (`attendance`), as interviews' processes write them and take them back.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

/** Excuses a student provisionally, unless there is a mark already. @returns whether it wrote the row */
export async function excuse(
  trx: Trx, { sessionId, studentId, interviewId }: { sessionId: number; studentId: number; interviewId: number }, now: Date,
): Promise<boolean> {
  const held = await trx('attendance').where({ session_id: sessionId, student_id: studentId }).first('status').forUpdate();
  if (held) return false;
  await trx('attendance').insert({
    session_id: sessionId, student_id: studentId, status: 'on_duty', provisional: true, interview_id: interviewId, method: 'interview',
    received_at: now, updated_at: now,
  });
  return true;
}

/** The sessions from which this interview excuses its student, still as it wrote them. */
export async function excusedBy(knex: Knex, interviewId: number): Promise<number[]> {
  return knex('attendance')
    .where({ interview_id: interviewId, provisional: true, status: 'on_duty', version: 1 })
    .orderBy('session_id')
    .pluck('session_id');
}

/** Lets another interview stand for a provisional excuse. */
export async function passExcuseOn(trx: Trx, sessionId: number, { from, to }: { from: number; to: number }): Promise<void> {
  await trx('attendance').where({ session_id: sessionId, interview_id: from, provisional: true, status: 'on_duty', version: 1 }).update({ interview_id: to });
}

/** Takes back provisional excuses: only rows that are as an interview's process wrote them, each kept in the history. @returns how many there were */
export async function takeBackExcuses(
  trx: Trx, where: { sessionIds: number[]; interviewId?: number; studentIds?: number[] }, now: Date,
): Promise<number> {
  const rows = trx('attendance')
    .whereIn('session_id', where.sessionIds)
    .andWhere({ provisional: true, status: 'on_duty', version: 1 });
  if (where.interviewId !== undefined) void rows.andWhere('interview_id', where.interviewId);
  if (where.studentIds !== undefined) void rows.whereIn('student_id', where.studentIds);
  const held: { session_id: number; student_id: number }[] = await rows.clone().forUpdate().select('session_id', 'student_id');
  if (held.length === 0) return 0;
  await trx('attendance_changes').insert(held.map((row) => ({ ...row, from_status: 'on_duty', to_status: null, method: 'interview', at: now })));
  return rows.delete();
}

/** Of these sessions, those from which the student is excused. */
export async function excusedSessions(knex: Knex, studentId: number, sessionIds: number[]): Promise<number[]> {
  if (sessionIds.length === 0) return [];
  return knex('attendance').where({ student_id: studentId }).whereIn('session_id', sessionIds).whereIn('status', ['on_duty', 'excused'])
    .pluck('session_id');
}

/** A student's marks of sessions that begin at `since` or later, the newest first. */
export async function attendanceOf(
  knex: Knex, studentId: number, since: Date,
): Promise<{ sessionId: number; subjectCode: string; startsAt: Date; status: string; provisional: boolean }[]> {
  const rows = await knex('attendance as t')
    .join('schedule as s', 's.id', 't.session_id')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('subjects as sub', 'sub.id', 'a.subject_id')
    .where('t.student_id', studentId)
    .andWhere('s.starts_at', '>=', since)
    .orderBy('s.starts_at', 'desc')
    .select({ sessionId: 's.id', subjectCode: 'sub.subject_code', startsAt: 's.starts_at', status: 't.status', provisional: 't.provisional' });
  return rows.map((row) => ({ ...row, provisional: Boolean(row.provisional) }));
}
