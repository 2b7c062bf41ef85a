// The taking of attendance in sessions (`attendance_sessions`): open from the first code or roll call on, until it is completed.
import type { Knex } from 'knex';
import { type Counts, statuses } from '../../domain/attendance/statuses.ts';
import type { Trx } from '../connection.ts';

export interface Taking {
  sessionId: number;
  status: 'open' | 'completed';
  mode: 'rotating' | 'single';
  nonce: Buffer;
  stepSeconds: number;
  /** Of single mode, while it is open. */
  code: string | null;
  /** When the first code of this nonce, or the single code, was shown; null: none was. */
  codeSince: Date | null;
  openedAt: Date;
  lateFrom: Date | null;
  /** Until when codes count. */
  closesAt: Date;
  /** When it completes itself. */
  completesAt: Date;
  completedAt: Date | null;
  updatedAt: Date;
}

const COLUMNS = {
  sessionId: 't.session_id', status: 't.status', mode: 't.mode', nonce: 't.nonce', stepSeconds: 't.step_seconds', code: 't.code', codeSince: 't.code_since',
  openedAt: 't.opened_at', lateFrom: 't.late_from', closesAt: 't.closes_at', completesAt: 't.completes_at', completedAt: 't.completed_at', updatedAt: 't.updated_at',
} as const;

export async function findTaking(knex: Knex, sessionId: number): Promise<Taking | undefined> {
  return knex('attendance_sessions as t').where('t.session_id', sessionId).first(COLUMNS);
}

/** Open, and the class wasn't called off. */
const openRows = (knex: Knex) => knex('attendance_sessions as t').join('schedule as s', 's.id', 't.session_id').where({ 't.status': 'open', 's.status': 'scheduled' });

/** The sessions in which attendance is being taken, with the subject's code and name. */
export async function openTakings(knex: Knex): Promise<(Taking & { subject: string })[]> {
  return openRows(knex)
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('subjects as sub', 'sub.id', 'a.subject_id')
    .select(COLUMNS)
    .select<(Taking & { subject: string })[]>(knex.raw("concat(sub.subject_code, ' ', sub.subject_name) as subject"));
}

/** Ids of sessions in which attendance is being taken, ascending, after an id. */
export async function openTakingIds(knex: Knex, after: number, limit: number): Promise<number[]> {
  return openRows(knex).andWhere('t.session_id', '>', after).orderBy('t.session_id').limit(limit).pluck('t.session_id');
}

/**
 * Sessions in which marks are being written, locked against being completed or changed meanwhile, but not against other marks. Each
 * with its state; without those that were called off.
 */
export async function shareTakings(trx: Trx, sessionIds: number[]): Promise<Map<number, Taking>> {
  const rows: Taking[] = await trx('schedule as s')
    .joinRaw('straight_join attendance_sessions as t on t.session_id = s.id')
    .whereIn('s.id', sessionIds)
    .andWhereNot('s.status', 'cancelled')
    .orderBy('s.id')
    .select(COLUMNS)
    .forShare();
  return new Map(rows.map((row) => [row.sessionId, row]));
}

type Opening = Pick<Taking, 'sessionId' | 'mode' | 'nonce' | 'stepSeconds' | 'code' | 'codeSince' | 'openedAt' | 'lateFrom' | 'closesAt' | 'completesAt'>;

/** The caller holds the session's lock. @throws the driver's duplicate-key error when another open session has this code */
export async function insertTaking(trx: Trx, opening: Opening, openedBy: number): Promise<void> {
  await trx('attendance_sessions').insert({
    ...columnsOf(opening), session_id: opening.sessionId, opened_at: opening.openedAt, status: 'open', opened_by: openedBy, updated_at: opening.openedAt,
  });
}

/** The caller holds the session's lock. @throws the driver's duplicate-key error when another open session has this code */
export async function updateTaking(trx: Trx, sessionId: number, changes: Partial<Omit<Opening, 'sessionId' | 'openedAt'>>, now: Date): Promise<void> {
  await trx('attendance_sessions').where({ session_id: sessionId }).update({ ...columnsOf(changes), updated_at: now });
}

function columnsOf({ mode, nonce, stepSeconds, code, codeSince, lateFrom, closesAt, completesAt }: Partial<Opening>) {
  return {
    ...(mode !== undefined && { mode }), ...(nonce !== undefined && { nonce }), ...(stepSeconds !== undefined && { step_seconds: stepSeconds }),
    ...(code !== undefined && { code }), ...(codeSince !== undefined && { code_since: codeSince }), ...(lateFrom !== undefined && { late_from: lateFrom }),
    ...(closesAt !== undefined && { closes_at: closesAt }), ...(completesAt !== undefined && { completes_at: completesAt }),
  };
}

/** Of these codes, those that open sessions have. */
export async function codesTaken(knex: Knex, codes: string[]): Promise<string[]> {
  return knex('attendance_sessions').whereIn('code', codes).pluck('code');
}

/** The attendance of a session is complete: its marks are counted from now on. The caller holds the session's lock. */
export async function completeTaking(
  trx: Trx, sessionId: number, { completedBy, counts, topic }: { completedBy: number | null; counts: Counts; topic: string | null }, now: Date,
): Promise<void> {
  await trx('attendance_sessions').where({ session_id: sessionId })
    .update({ ...counts, status: 'completed', code: null, completed_at: now, completed_by: completedBy, updated_at: now });
  await trx('schedule').where({ id: sessionId }).update({ status: 'completed', updated_at: now, ...(topic !== null && { topic_discussed: topic }) });
}

/** How many students have which mark in a completed session. */
export async function countsOf(knex: Knex, sessionId: number): Promise<Counts | undefined> {
  return knex('attendance_sessions').where({ session_id: sessionId }).first(...statuses);
}
