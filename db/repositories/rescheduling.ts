// Rounds of rescheduling a session (`rescheduled_class`), whom they are for, what was offered and what was decided.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

/** gathering, offered: being decided. undoing: nobody needs any more what was done. The others are over. */
export type RoundStatus =
  | 'gathering' | 'offered' | 'undoing' | 'seated' | 'made_up' | 'moved' | 'declined' | 'on_duty' | 'withdrawn' | 'expired' | 'undone';
/** Rounds whose process has something to do. */
export const openStatuses: readonly RoundStatus[] = ['gathering', 'offered', 'undoing'];
/** Rounds that somebody who is hit may still join. */
export const joinableStatuses: readonly RoundStatus[] = ['gathering', 'offered'];

export interface Round {
  id: number;
  sessionId: number;
  round: number;
  status: RoundStatus;
  originalStartsAt: Date;
  originalEndsAt: Date;
  originalRoomId: number;
  offer: number;
  /** What the offer is for. */
  remedy: 'makeup' | 'move' | null;
  /** The makeup class that came of it. */
  makeupSessionId: number | null;
  offeredAt: Date | null;
  remindedAt: Date | null;
  escalatedAt: Date | null;
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
  roomCapacity: number;
  /** Codes with values; the sentences are in locales/. */
  reasons: Record<string, string | number>[];
}

export interface Decision {
  id: number;
  roundId: number;
  optionId: number | null;
  /** Null: the department's policy decided. */
  userId: number | null;
  choice: 'accept' | 'decline';
  outcome: 'pending' | 'applied' | 'refused';
  refusalCode: string | null;
}

const ROUND = {
  id: 'id', sessionId: 'session_id', round: 'round', status: 'status', originalStartsAt: 'original_starts_at',
  originalEndsAt: 'original_ends_at', originalRoomId: 'original_room_id', offer: 'offer', remedy: 'remedy', makeupSessionId: 'makeup_session_id',
  offeredAt: 'offered_at', remindedAt: 'reminded_at', escalatedAt: 'escalated_at', createdAt: 'created_at', updatedAt: 'updated_at',
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

/** A session's round that its process has to see to: what is to be undone comes first. */
export async function openRoundOfSession(knex: Knex, sessionId: number): Promise<Round | undefined> {
  return knex('rescheduled_class').where({ session_id: sessionId }).whereIn('status', openStatuses)
    .orderByRaw("status = 'undoing' desc, round").first(ROUND);
}

/** The latest round of each of these sessions. */
export async function latestRounds(knex: Knex, sessionIds: number[]): Promise<Round[]> {
  const rounds: Round[] = await knex('rescheduled_class').whereIn('session_id', sessionIds).orderBy('round').select(ROUND);
  return [...new Map(rounds.map((round) => [round.sessionId, round])).values()];
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

const ofRound = (alias: string) => Object.fromEntries(Object.entries(ROUND).map(([name, column]) => [name, `${alias}.${column}`]));

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

/** The round that moved a session last. */
export async function lastMove(knex: Knex, sessionId: number): Promise<Round | undefined> {
  return knex('rescheduled_class').where({ session_id: sessionId }).whereIn('status', ['moved', 'undoing']).orderBy('round', 'desc').first(ROUND);
}

/** Whether anybody is left in a round. */
export async function hasMembers(knex: Knex, roundId: number): Promise<boolean> {
  return (await knex('rescheduled_class_student').where({ rescheduled_class_id: roundId }).whereNot('status', 'withdrawn').first('id')) !== undefined;
}

interface RoundChanges {
  blocked?: readonly unknown[];
  offer?: number;
  remedy?: Round['remedy'];
  makeupSessionId?: number | null;
  offeredAt?: Date | null;
  remindedAt?: Date | null;
  escalatedAt?: Date | null;
}

export async function setRoundStatus(trx: Trx, id: number, status: RoundStatus, now: Date, { blocked, ...changes }: RoundChanges = {}): Promise<void> {
  await trx('rescheduled_class').where({ id }).update({
    status, updated_at: now, ...(blocked && { blocked: JSON.stringify(blocked) }),
    ...Object.fromEntries(Object.entries(changes).map(([name, value]) => [ROUND[name as keyof typeof ROUND], value])),
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
      endsAt: 'o.ends_at', roomId: 'o.room_id', roomName: 'r.name', roomCapacity: 'r.capacity', reasons: 'o.reasons',
    });
  return rows.map((row) => ({ ...row, reasons: JSON.parse(row.reasons) }));
}

/** @returns the decision's id */
export async function insertDecision(
  trx: Trx, decision: { roundId: number; optionId: number | null; userId: number | null; choice: Decision['choice'] }, now: Date,
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

/**
 * Rounds that wait for a word: of a faculty member's own sessions; and those passed on in a department, for its head, or anywhere in
 * an organisation, for an admin.
 */
export async function roundsToDecide(
  knex: Knex, who: { facultyId: number | null; departmentId: number | null; organisationId: number | null },
): Promise<Round[]> {
  return knex('rescheduled_class as c')
    .join('schedule as s', 's.id', 'c.session_id')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('sections as sec', 'sec.id', 'a.section_id')
    .join('departments as d', 'd.id', 'sec.department_id')
    .where('c.status', 'offered')
    .andWhere((any) => {
      void any.where('a.faculty_id', who.facultyId ?? 0)
        .orWhere((passedOn) => void passedOn.whereNotNull('c.escalated_at').where('d.id', who.departmentId ?? 0))
        .orWhere((passedOn) => void passedOn.whereNotNull('c.escalated_at').where('d.organisation_id', who.organisationId ?? 0));
    })
    .orderBy('s.starts_at')
    .select(ofRound('c'));
}

/** Sessions of a department whose offer waits for an answer. */
export async function sessionsWithOffer(knex: Knex, departmentId: number): Promise<number[]> {
  return knex('rescheduled_class as c')
    .join('schedule as s', 's.id', 'c.session_id')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('sections as sec', 'sec.id', 'a.section_id')
    .where({ 'c.status': 'offered', 'sec.department_id': departmentId })
    .orderBy('s.id')
    .pluck('s.id');
}

export interface RescheduledClass {
  /** Where the student goes now. */
  sessionId: number;
  /** gathering and offered: being decided; moved: the class itself; made_up and seated: another one is attended instead. */
  status: 'gathering' | 'offered' | 'moved' | 'made_up' | 'seated';
  originalStartsAt: Date;
  startsAt: Date;
  endsAt: Date;
  subjectCode: string;
  roomName: string;
  changedAt: Date;
}

/** A student's classes that are not when they were planned, because of interviews, the newest first. */
export async function rescheduledOfStudent(knex: Knex, studentId: number, since: Date): Promise<RescheduledClass[]> {
  const [moved, replaced]: RescheduledClass[][] = await Promise.all([
    knex('rescheduled_class as c')
      .join('schedule as s', 's.id', 'c.session_id')
      .join('faculty_assignment as a', 'a.id', 's.assignment_id')
      .join('student_subject as e', (join) => join.on('e.section_id', 'a.section_id').andOn('e.subject_id', 'a.subject_id'))
      .leftJoin('replacements as x', (join) => join.on('x.instead_of_id', 's.id').andOn('x.student_id', 'e.student_id'))
      .where('e.student_id', studentId)
      .where('s.kind', 'regular')
      .whereNull('x.id')
      .andWhereRaw('e.valid_from <= s.date and (e.valid_to is null or e.valid_to > s.date)')
      .whereIn('c.status', ['gathering', 'offered', 'moved'])
      .modify(shown('c.original_starts_at', 'c.updated_at'))
      .select({ status: 'c.status' }),
    knex('replacements as p')
      .join('schedule as s', 's.id', 'p.session_id')
      .join('schedule as o', 'o.id', 'p.instead_of_id')
      .join('faculty_assignment as a', 'a.id', 's.assignment_id')
      .where('p.student_id', studentId)
      .modify(shown('o.starts_at', 'p.created_at'))
      .select(knex.raw("if(s.kind = 'makeup', 'made_up', 'seated') as status")),
  ]);
  return [...moved!, ...replaced!].sort((a, b) => b.changedAt.getTime() - a.changedAt.getTime());

  function shown(originalStart: string, changedAt: string) {
    return (query: Knex.QueryBuilder) => void query
      .join('subjects as sub', 'sub.id', 'a.subject_id')
      .join('rooms as r', 'r.id', 's.room_id')
      .where('s.ends_at', '>=', since)
      .select({
        sessionId: 's.id', originalStartsAt: originalStart, startsAt: 's.starts_at', endsAt: 's.ends_at', subjectCode: 'sub.subject_code',
        roomName: 'r.name', changedAt,
      });
  }
}

/** Decisions made before that no process has carried out. */
export async function decisionsPendingSince(knex: Knex, before: Date): Promise<{ sessionId: number; decisionId: number }[]> {
  return knex('rescheduled_class_decision as d')
    .join('rescheduled_class as c', 'c.id', 'd.rescheduled_class_id')
    .where('d.outcome', 'pending')
    .andWhere('d.created_at', '<', before)
    .select({ sessionId: 'c.session_id', decisionId: 'd.id' });
}
