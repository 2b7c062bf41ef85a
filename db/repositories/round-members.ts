// Whom a round is for: interviews with their students, and what became of each (`rescheduled_class_student`).
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';
import { ofRound, openStatuses, type Round, type RoundStatus } from './rescheduling.ts';

/** Adds a student who is hit; one that withdrew and is hit again counts again. */
export async function joinRound(trx: Trx, member: { roundId: number; studentId: number; interviewId: number }): Promise<void> {
  await trx('rescheduled_class_student')
    .insert({ rescheduled_class_id: member.roundId, student_id: member.studentId, interview_id: member.interviewId, status: 'affected' })
    .onConflict()
    .merge(['status']);
}

/** Puts those whom one round is for into another as well. */
export async function carryOver(trx: Trx, fromRoundId: number, toRoundId: number): Promise<void> {
  const columns = ['rescheduled_class_id', 'student_id', 'interview_id', 'status'];
  await trx.into(trx.raw('rescheduled_class_student (??, ??, ??, ??)', columns)).insert(
    trx('rescheduled_class_student')
      .where({ rescheduled_class_id: fromRoundId, status: 'affected' })
      .select(trx.raw('?', [toRoundId]), 'student_id', 'interview_id', 'status'),
  );
}

/** An interview's place in a round that it has not left. */
export interface Membership {
  round: Round;
  status: 'affected' | 'seated' | 'made_up';
}

/** The rounds that an interview has its student in. */
export async function membershipsOf(knex: Knex, interviewId: number): Promise<Membership[]> {
  const rows = await knex('rescheduled_class_student as m')
    .join('rescheduled_class as c', 'c.id', 'm.rescheduled_class_id')
    .where('m.interview_id', interviewId)
    .whereNot('m.status', 'withdrawn')
    .orderBy('c.id')
    .select({ ...ofRound('c'), memberStatus: 'm.status' });
  return rows.map(({ memberStatus, ...round }) => ({ round, status: memberStatus }));
}

/** Takes an interview out of a round. */
export async function leaveRound(trx: Trx, roundId: number, interviewId: number): Promise<void> {
  await trx('rescheduled_class_student').where({ rescheduled_class_id: roundId, interview_id: interviewId }).update({ status: 'withdrawn' });
}

/** Puts another interview of the same student in an interview's place. */
export async function replaceMember(trx: Trx, roundId: number, member: { studentId: number; from: number; to: number; status: Membership['status'] }): Promise<void> {
  await leaveRound(trx, roundId, member.from);
  await trx('rescheduled_class_student')
    .insert({ rescheduled_class_id: roundId, student_id: member.studentId, interview_id: member.to, status: member.status })
    .onConflict()
    .merge(['status']);
}

/** Notes what became of students of a round. */
export async function setMembersStatus(trx: Trx, roundId: number, studentIds: number[], status: Membership['status']): Promise<void> {
  await trx('rescheduled_class_student').where({ rescheduled_class_id: roundId }).whereIn('student_id', studentIds)
    .whereNot('status', 'withdrawn').update({ status });
}

/** Whether an interview has its student in a round. */
export async function isMember(knex: Knex, roundId: number, interviewId: number): Promise<boolean> {
  const member = await knex('rescheduled_class_student')
    .where({ rescheduled_class_id: roundId, interview_id: interviewId }).whereNot('status', 'withdrawn').first('id');
  return member !== undefined;
}

/** Distinct students of a round, by what became of them. */
export async function studentsOfRound(knex: Knex, roundId: number, status: Membership['status']): Promise<number[]> {
  return knex('rescheduled_class_student')
    .where({ rescheduled_class_id: roundId, status })
    .distinct()
    .orderBy('student_id')
    .pluck('student_id');
}

/** Students who wait, or share the fate of the round. */
export async function affectedStudents(knex: Knex, roundId: number): Promise<number[]> {
  return studentsOfRound(knex, roundId, 'affected');
}

/** Takes a student out of all rounds of a session, by whatever interview. @returns whether one of them is still being decided */
export async function leaveRoundsOfSession(trx: Trx, sessionId: number, studentId: number): Promise<boolean> {
  const rounds: { id: number; status: RoundStatus }[] = await trx('rescheduled_class as c')
    .join('rescheduled_class_student as m', 'm.rescheduled_class_id', 'c.id')
    .where({ 'c.session_id': sessionId, 'm.student_id': studentId })
    .whereNot('m.status', 'withdrawn')
    .select({ id: 'c.id', status: 'c.status' });
  if (rounds.length === 0) return false;
  await trx('rescheduled_class_student').where({ student_id: studentId }).whereIn('rescheduled_class_id', rounds.map(({ id }) => id)).update({ status: 'withdrawn' });
  return rounds.some(({ status }) => openStatuses.includes(status));
}

/** The interviews for which a student attends another session instead of this one. */
export async function placedBy(knex: Knex, sessionId: number, studentId: number): Promise<number[]> {
  return knex('rescheduled_class_student as m')
    .join('rescheduled_class as c', 'c.id', 'm.rescheduled_class_id')
    .where({ 'c.session_id': sessionId, 'm.student_id': studentId })
    .whereIn('m.status', ['seated', 'made_up'])
    .distinct()
    .orderBy('m.interview_id')
    .pluck('m.interview_id');
}

/** Whether anybody is left in a round. */
export async function hasMembers(knex: Knex, roundId: number): Promise<boolean> {
  return (await knex('rescheduled_class_student').where({ rescheduled_class_id: roundId }).whereNot('status', 'withdrawn').first('id')) !== undefined;
}
