// Rounds of rescheduling a session (`rescheduled_class`), whom they are for, what was offered and what was decided.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export type RoundStatus = 'gathering' | 'offered' | 'moved' | 'declined' | 'on_duty' | 'withdrawn' | 'expired';
export const openStatuses: readonly RoundStatus[] = ['gathering', 'offered'];

export interface Round {
  id: number;
  sessionId: number;
  round: number;
  status: RoundStatus;
  originalStartsAt: Date;
  originalEndsAt: Date;
  originalRoomId: number;
  offer: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface OfferedOption {
  id: number;
  roundId: number;
  offer: number;
  position: number;
  startsAt: Date;
  endsAt: Date;
  roomId: number;
  roomName: string;
  /** Codes with values; the sentences are in locales/. */
  reasons: Record<string, string | number>[];
}

export interface Decision {
  id: number;
  roundId: number;
  optionId: number | null;
  userId: number;
  choice: 'accept' | 'decline';
  outcome: 'pending' | 'applied' | 'refused';
  refusalCode: string | null;
}

const ROUND = {
  id: 'id', sessionId: 'session_id', round: 'round', status: 'status', originalStartsAt: 'original_starts_at',
  originalEndsAt: 'original_ends_at', originalRoomId: 'original_room_id', offer: 'offer', createdAt: 'created_at', updatedAt: 'updated_at',
} as const;

export async function findRound(knex: Knex, id: number): Promise<Round | undefined> {
  return knex('rescheduled_class').where({ id }).first(ROUND);
}

/** Locks a round after its session was locked: nobody else decides, offers or withdraws meanwhile. */
export async function lockRound(trx: Trx, id: number): Promise<Round | undefined> {
  return trx('rescheduled_class').where({ id }).forUpdate().first(ROUND);
}

export async function latestRound(knex: Knex, sessionId: number): Promise<Round | undefined> {
  return knex('rescheduled_class').where({ session_id: sessionId }).orderBy('round', 'desc').first(ROUND);
}

/** Opens the next round of a session, gathering. @returns its id */
export async function openRound(
  trx: Trx, session: { id: number; startsAt: Date; endsAt: Date; roomId: number }, round: number, now: Date,
): Promise<number> {
  const [id] = await trx('rescheduled_class').insert({
    session_id: session.id, round, status: 'gathering', original_starts_at: session.startsAt, original_ends_at: session.endsAt,
    original_room_id: session.roomId, created_at: now, updated_at: now,
  });
  return id!;
}

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

/** Rounds that a student may still leave, or join in another's place: what they did is not done, or is only that the class stays. */
export const leavable: readonly RoundStatus[] = [...openStatuses, 'on_duty'];

/** The sessions for which this interview is in a round that it may leave. */
export async function sessionsJoinedBy(knex: Knex, interviewId: number): Promise<number[]> {
  return joinedRounds(knex, interviewId, leavable).distinct().orderBy('c.session_id').pluck('c.session_id');
}

/** Takes an interview's student out of the sessions' rounds. @returns the sessions whose open round it left */
export async function leaveRounds(trx: Trx, interviewId: number, sessionIds: number[]): Promise<number[]> {
  const rounds: { id: number; sessionId: number; status: RoundStatus }[] = await joinedRounds(trx, interviewId, leavable)
    .whereIn('c.session_id', sessionIds)
    .select({ id: 'c.id', sessionId: 'c.session_id', status: 'c.status' });
  if (rounds.length === 0) return [];
  await trx('rescheduled_class_student')
    .where({ interview_id: interviewId })
    .whereIn('rescheduled_class_id', rounds.map((round) => round.id))
    .update({ status: 'withdrawn' });
  return rounds.filter((round) => openStatuses.includes(round.status)).map((round) => round.sessionId);
}

function joinedRounds(knex: Knex, interviewId: number, statuses: readonly RoundStatus[]): Knex.QueryBuilder {
  return knex('rescheduled_class_student as m')
    .join('rescheduled_class as c', 'c.id', 'm.rescheduled_class_id')
    .where({ 'm.interview_id': interviewId, 'm.status': 'affected' })
    .whereIn('c.status', statuses);
}

/** Whether an interview has its student in a round. */
export async function isMember(knex: Knex, roundId: number, interviewId: number): Promise<boolean> {
  const member = await knex('rescheduled_class_student')
    .where({ rescheduled_class_id: roundId, interview_id: interviewId, status: 'affected' }).first('id');
  return member !== undefined;
}

/** Distinct students whom the round is for. */
export async function affectedStudents(knex: Knex, roundId: number): Promise<number[]> {
  return knex('rescheduled_class_student')
    .where({ rescheduled_class_id: roundId, status: 'affected' })
    .distinct()
    .orderBy('student_id')
    .pluck('student_id');
}

export async function setRoundStatus(
  trx: Trx, id: number, status: RoundStatus, now: Date, more: { blocked?: readonly unknown[]; offer?: number } = {},
): Promise<void> {
  await trx('rescheduled_class').where({ id }).update({
    status, updated_at: now,
    ...(more.blocked && { blocked: JSON.stringify(more.blocked) }),
    ...(more.offer !== undefined && { offer: more.offer }),
  });
}

export async function insertOptions(
  trx: Trx, roundId: number, offer: number,
  options: { startsAt: Date; endsAt: Date; roomId: number; reasons: readonly unknown[] }[],
): Promise<void> {
  await trx('rescheduled_class_option').insert(options.map((option, index) => ({
    rescheduled_class_id: roundId, offer, position: index + 1, starts_at: option.startsAt, ends_at: option.endsAt,
    room_id: option.roomId, reasons: JSON.stringify(option.reasons),
  })));
}

/** What the round offers now, best first. */
export async function optionsOf(knex: Knex, roundId: number, offer: number): Promise<OfferedOption[]> {
  return options(knex, { 'o.rescheduled_class_id': roundId, 'o.offer': offer });
}

export async function findOption(knex: Knex, id: number): Promise<OfferedOption | undefined> {
  const [option] = await options(knex, { 'o.id': id });
  return option;
}

async function options(knex: Knex, where: Record<string, number>): Promise<OfferedOption[]> {
  const rows = await knex('rescheduled_class_option as o')
    .join('rooms as r', 'r.id', 'o.room_id')
    .where(where)
    .orderBy('o.position')
    .select({
      id: 'o.id', roundId: 'o.rescheduled_class_id', offer: 'o.offer', position: 'o.position', startsAt: 'o.starts_at',
      endsAt: 'o.ends_at', roomId: 'o.room_id', roomName: 'r.name', reasons: 'o.reasons',
    });
  return rows.map((row) => ({ ...row, reasons: JSON.parse(row.reasons) }));
}

/** @returns the decision's id */
export async function insertDecision(
  trx: Trx, decision: { roundId: number; optionId: number | null; userId: number; choice: Decision['choice'] }, now: Date,
): Promise<number> {
  const [id] = await trx('rescheduled_class_decision').insert({
    rescheduled_class_id: decision.roundId, option_id: decision.optionId, user_id: decision.userId, choice: decision.choice, created_at: now,
  });
  return id!;
}

const DECISION = {
  id: 'id', roundId: 'rescheduled_class_id', optionId: 'option_id', userId: 'user_id', choice: 'choice', outcome: 'outcome',
  refusalCode: 'refusal_code',
} as const;

export async function findDecision(knex: Knex, id: number): Promise<Decision | undefined> {
  return knex('rescheduled_class_decision').where({ id }).first(DECISION);
}

/** The decision of a round that no process has carried out yet, if any. */
export async function pendingDecision(knex: Knex, roundId: number): Promise<Decision | undefined> {
  return knex('rescheduled_class_decision').where({ rescheduled_class_id: roundId, outcome: 'pending' }).orderBy('id').first(DECISION);
}

export async function settleDecision(trx: Trx, id: number, outcome: 'applied' | 'refused', refusalCode: string | null = null): Promise<void> {
  await trx('rescheduled_class_decision').where({ id }).update({ outcome, refusal_code: refusalCode });
}

/** Sessions with an open round: those whose process has to run. By session id, after `afterId`. */
export async function sessionsWithOpenRound(knex: Knex, afterId: number, limit: number): Promise<number[]> {
  return knex('rescheduled_class')
    .whereIn('status', openStatuses)
    .andWhere('session_id', '>', afterId)
    .distinct()
    .orderBy('session_id')
    .limit(limit)
    .pluck('session_id');
}

/** Open rounds of a faculty member's sessions that wait for the member's word. */
export async function offeredRoundsOfFaculty(knex: Knex, facultyId: number): Promise<Round[]> {
  return knex('rescheduled_class as c')
    .join('schedule as s', 's.id', 'c.session_id')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .where({ 'a.faculty_id': facultyId, 'c.status': 'offered' })
    .orderBy('s.starts_at')
    .select(Object.fromEntries(Object.entries(ROUND).map(([name, column]) => [name, `c.${column}`])));
}

/** A student's classes that were moved or made up for an interview, the newest first. */
export async function rescheduledOfStudent(
  knex: Knex, studentId: number, since: Date,
): Promise<{ sessionId: number; status: RoundStatus; originalStartsAt: Date; startsAt: Date; endsAt: Date; subjectCode: string; roomName: string }[]> {
  return knex('rescheduled_class as c')
    .join('schedule as s', 's.id', 'c.session_id')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('subjects as sub', 'sub.id', 'a.subject_id')
    .join('rooms as r', 'r.id', 's.room_id')
    .join('student_subject as e', (join) => join.on('e.section_id', 'a.section_id').andOn('e.subject_id', 'a.subject_id'))
    .where('e.student_id', studentId)
    .andWhereRaw('e.valid_from <= s.date and (e.valid_to is null or e.valid_to > s.date)')
    .andWhere('s.ends_at', '>=', since)
    .whereIn('c.status', [...openStatuses, 'moved'])
    .orderBy('c.updated_at', 'desc')
    .select({
      sessionId: 's.id', status: 'c.status', originalStartsAt: 'c.original_starts_at', startsAt: 's.starts_at', endsAt: 's.ends_at',
      subjectCode: 'sub.subject_code', roomName: 'r.name',
    });
}

/** Decisions made before that no process has carried out. */
export async function decisionsPendingSince(knex: Knex, before: Date): Promise<{ sessionId: number; decisionId: number }[]> {
  return knex('rescheduled_class_decision as d')
    .join('rescheduled_class as c', 'c.id', 'd.rescheduled_class_id')
    .where('d.outcome', 'pending')
    .andWhere('d.created_at', '<', before)
    .select({ sessionId: 'c.session_id', decisionId: 'd.id' });
}
