// What a round offers and what was decided about it (`rescheduled_class_option`, `rescheduled_class_decision`).
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

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

/** Decisions made before that no process has carried out. */
export async function decisionsPendingSince(knex: Knex, before: Date): Promise<{ sessionId: number; decisionId: number }[]> {
  return knex('rescheduled_class_decision as d')
    .join('rescheduled_class as c', 'c.id', 'd.rescheduled_class_id')
    .where('d.outcome', 'pending')
    .andWhere('d.created_at', '<', before)
    .select({ sessionId: 'c.session_id', decisionId: 'd.id' });
}
