// Rounds of rescheduling a session (`rescheduled_class`): where they stand, and which wait for whom.
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

/** A round's columns under a table's alias. */
export const ofRound = (alias: string) => Object.fromEntries(Object.entries(ROUND).map(([name, column]) => [name, `${alias}.${column}`]));

/** The round that moved a session last. */
export async function lastMove(knex: Knex, sessionId: number): Promise<Round | undefined> {
  return knex('rescheduled_class').where({ session_id: sessionId }).whereIn('status', ['moved', 'undoing']).orderBy('round', 'desc').first(ROUND);
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
      void any.whereRaw('coalesce(s.substitute_id, a.faculty_id) = ?', [who.facultyId ?? 0])
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
