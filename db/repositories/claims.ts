// Claims: which faculty member, room or student is taken in which 5-minute slot. The primary key is the backstop that
// keeps anything from being booked twice, whatever else goes wrong. What is only held lapses: then it stands in nobody's way.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';
import { insertRows } from './bulk.ts';

export type ClaimKind = 'faculty' | 'room' | 'student';

export interface Claim {
  kind: ClaimKind;
  resourceId: number;
  /** Half-open, in 5-minute slots since the Unix epoch. */
  start: number;
  end: number;
}

interface Standing {
  /** A session whose own claims don't count. */
  except?: number | undefined;
  now: Date;
}

/** The first of these claims that another session has already, if any. */
export async function findClash(trx: Trx, claims: Claim[], standing: Standing): Promise<ClaimKind | null> {
  for (const claim of claims) {
    const taken = await standingClaims(trx, claim.kind, standing)
      .where({ resource_id: claim.resourceId }).andWhere('slot', '>=', claim.start).andWhere('slot', '<', claim.end).first('slot');
    if (taken) return claim.kind;
  }
  return null;
}

/** Replaces all that a session has claimed or holds by these. @throws the driver's duplicate-key error when one is taken (see findClash) */
export async function replaceClaims(trx: Trx, sessionId: number, claims: Claim[], now: Date): Promise<void> {
  await trx('claims').where({ session_id: sessionId }).delete();
  await addClaims(trx, sessionId, claims, now);
}

/** Claims more for a session. @throws as replaceClaims */
export async function addClaims(trx: Trx, sessionId: number, claims: Claim[], now: Date): Promise<void> {
  await insert(trx, sessionId, claims, { now, heldUntil: null });
}

/** Holds rooms and people for a session that may get one of several times; what it has itself by then stays as it is. */
export async function holdClaims(trx: Trx, sessionId: number, claims: Claim[], { now, heldUntil }: { now: Date; heldUntil: Date }): Promise<void> {
  await insert(trx, sessionId, claims, { now, heldUntil });
}

/** Lets go of what a session only holds. */
export async function releaseHolds(trx: Trx, sessionId: number): Promise<void> {
  await trx('claims').where({ session_id: sessionId }).whereNotNull('held_until').delete();
}

/** Lets go of a student's place in a session. */
export async function releaseStudent(trx: Trx, sessionId: number, studentId: number): Promise<void> {
  await trx('claims').where({ session_id: sessionId, kind: 'student', resource_id: studentId }).delete();
}

async function insert(trx: Trx, sessionId: number, claims: Claim[], { now, heldUntil }: { now: Date; heldUntil: Date | null }): Promise<void> {
  const rows = new Map<string, { kind: ClaimKind; resource_id: number; slot: number; session_id: number; held_until: Date | null }>();
  for (const { kind, resourceId, start, end } of claims) {
    await trx('claims').where({ kind, resource_id: resourceId }).andWhere('slot', '>=', start).andWhere('slot', '<', end)
      .andWhere('held_until', '<=', now).delete();
    const own: number[] = heldUntil === null ? [] : await trx('claims')
      .where({ kind, resource_id: resourceId, session_id: sessionId }).andWhere('slot', '>=', start).andWhere('slot', '<', end).pluck('slot');
    for (let slot = start; slot < end; slot += 1) {
      if (!own.includes(slot)) rows.set(`${kind} ${resourceId} ${slot}`, { kind, resource_id: resourceId, slot, session_id: sessionId, held_until: heldUntil });
    }
  }
  if (rows.size > 0) await trx('claims').insert([...rows.values()]);
}

interface Taken {
  start: number;
  end: number;
}

/** What takes these resources in [from, to), as intervals per resource. */
export async function takenIntervals(
  knex: Knex, kind: ClaimKind, resourceIds: number[], from: number, to: number, standing: Standing,
): Promise<Map<number, Taken[]>> {
  const rows = resourceIds.length === 0 ? [] : await takenBy(knex, kind, standing)
    .whereIn('resource_id', resourceIds)
    .andWhere('slot', '>=', from)
    .andWhere('slot', '<', to);
  return byResource(resourceIds, rows);
}

/**
 * What takes these resources at some times, as intervals per resource: for many resources and few times, where `takenIntervals`
 * is for few resources and long times.
 * @param times ascending, none touching another
 */
export async function takenAt(
  knex: Knex, kind: ClaimKind, resourceIds: number[], times: readonly Taken[], standing: Standing,
): Promise<Map<number, Taken[]>> {
  const rows = resourceIds.length === 0 || times.length === 0 ? [] : await takenBy(knex, kind, standing)
    .andWhere((any) => {
      for (const { start, end } of times) void any.orWhereBetween('slot', [start, end - 1]);
    })
    // As a sum, so that the index that begins with the resource is not taken: it would read all that each has in between.
    .andWhereRaw(`resource_id + 0 in (${resourceIds.map(() => '?').join(', ')})`, resourceIds);
  return byResource(resourceIds, rows);
}

type TakenRow = Taken & { resource_id: number };

function takenBy(knex: Knex, kind: ClaimKind, standing: Standing): Knex.QueryBuilder<object, TakenRow[]> {
  return standingClaims(knex, kind, standing)
    // What a session has booked of a resource is one piece; what it holds may be several. The session as a sum, so that no index on
    // sessions is taken for the grouping: that would read all there are.
    .groupBy('resource_id', knex.raw('session_id + 0'), knex.raw('if(held_until is null, null, slot)'))
    .select('resource_id', knex.raw('min(slot) as start'), knex.raw('max(slot) + 1 as end'));
}

function byResource(resourceIds: number[], rows: TakenRow[]): Map<number, Taken[]> {
  const intervals = new Map<number, Taken[]>(resourceIds.map((id) => [id, []]));
  for (const { resource_id: id, start, end } of rows) intervals.get(id)!.push({ start, end });
  return intervals;
}

function standingClaims(knex: Knex, kind: ClaimKind, { except, now }: Standing): Knex.QueryBuilder {
  return knex('claims')
    .where({ kind })
    .andWhere((stands) => void stands.whereNull('held_until').orWhere('held_until', '>', now))
    .modify((query) => {
      if (except !== undefined) void query.andWhereNot('session_id', except);
    });
}

/** Lets go of all that these sessions have claimed. */
export async function deleteClaims(trx: Trx, sessionIds: readonly number[]): Promise<void> {
  await trx('claims').whereIn('session_id', sessionIds).delete();
}

/** Claims faculty and rooms for sessions that have nothing claimed; what others only held there has lapsed. */
export async function insertClaims(
  trx: Trx, claims: readonly (Claim & { sessionId: number })[], now: Date,
): Promise<void> {
  if (claims.length === 0) return;
  const [first, last] = [Math.min(...claims.map(({ start }) => start)), Math.max(...claims.map(({ end }) => end))];
  await trx('claims').whereIn('kind', ['faculty', 'room']).andWhere('slot', '>=', first).andWhere('slot', '<', last).andWhere('held_until', '<=', now).delete();
  await insertRows(trx, 'claims', ['kind', 'resource_id', 'slot', 'session_id'], claims.flatMap(({ kind, resourceId, sessionId, start, end }) =>
    Array.from({ length: end - start }, (_, index) => [kind, resourceId, start + index, sessionId])));
}
