// Claims: which faculty member, room or student is taken in which 5-minute slot. The primary key is the backstop that
// keeps anything from being booked twice, whatever else goes wrong.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export type ClaimKind = 'faculty' | 'room' | 'student';

export interface Claim {
  kind: ClaimKind;
  resourceId: number;
  /** Half-open, in 5-minute slots since the Unix epoch. */
  start: number;
  end: number;
}

/** The first of these claims that another session holds already, if any. */
export async function findClash(trx: Trx, claims: Claim[], { except }: { except: number }): Promise<ClaimKind | null> {
  for (const claim of claims) {
    const taken = await trx('claims')
      .where({ kind: claim.kind, resource_id: claim.resourceId })
      .andWhere('slot', '>=', claim.start)
      .andWhere('slot', '<', claim.end)
      .andWhereNot('session_id', except)
      .first('slot');
    if (taken) return claim.kind;
  }
  return null;
}

/** Replaces a session's claims by these. @throws the driver's duplicate-key error when one is taken (see findClash) */
export async function replaceClaims(trx: Trx, sessionId: number, claims: Claim[]): Promise<void> {
  await trx('claims').where({ session_id: sessionId }).delete();
  const rows = claims.flatMap(({ kind, resourceId, start, end }) =>
    Array.from({ length: end - start }, (_, offset) => ({
      kind, resource_id: resourceId, slot: start + offset, session_id: sessionId,
    })));
  if (rows.length > 0) await trx('claims').insert(rows);
}

interface Taken {
  start: number;
  end: number;
}

/** What takes these resources in [from, to), as intervals per resource. */
export async function takenIntervals(
  knex: Knex, kind: ClaimKind, resourceIds: number[], from: number, to: number, { except }: { except: number },
): Promise<Map<number, Taken[]>> {
  const rows = resourceIds.length === 0 ? [] : await takenBy(knex, kind, except)
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
  knex: Knex, kind: ClaimKind, resourceIds: number[], times: readonly Taken[], { except }: { except: number },
): Promise<Map<number, Taken[]>> {
  const rows = resourceIds.length === 0 || times.length === 0 ? [] : await takenBy(knex, kind, except)
    .andWhere((any) => {
      for (const { start, end } of times) void any.orWhereBetween('slot', [start, end - 1]);
    })
    // As a sum, so that the index that begins with the resource is not taken: it would read all that each has in between.
    .andWhereRaw(`resource_id + 0 in (${resourceIds.map(() => '?').join(', ')})`, resourceIds);
  return byResource(resourceIds, rows);
}

type TakenRow = Taken & { resource_id: number };

function takenBy(knex: Knex, kind: ClaimKind, except: number): Knex.QueryBuilder<object, TakenRow[]> {
  return knex('claims')
    .where({ kind })
    .andWhereNot('session_id', except)
    // As a sum, so that no index on sessions is taken for the grouping: that would read all there are.
    .groupBy('resource_id', knex.raw('session_id + 0'))
    .select('resource_id', knex.raw('min(slot) as start'), knex.raw('max(slot) + 1 as end'));
}

function byResource(resourceIds: number[], rows: TakenRow[]): Map<number, Taken[]> {
  const intervals = new Map<number, Taken[]>(resourceIds.map((id) => [id, []]));
  for (const { resource_id: id, start, end } of rows) intervals.get(id)!.push({ start, end });
  return intervals;
}
