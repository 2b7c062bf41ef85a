// Days of the campus on which faculty members are away.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

/** Local days, YYYY-MM-DD, both included. */
export interface Leave {
  startsOn: string;
  endsOn: string;
}

/** A faculty member's leaves that touch these days. */
export async function leaveOf(knex: Knex, facultyId: number, from: string, to: string): Promise<Leave[]> {
  return knex('faculty_leave').where({ faculty_id: facultyId }).andWhere('starts_on', '<=', to).andWhere('ends_on', '>=', from)
    .orderBy('starts_on').select({ startsOn: 'starts_on', endsOn: 'ends_on' });
}

/** Notes a leave; the same one again changes nothing. */
export async function insertLeave(trx: Trx, facultyId: number, { startsOn, endsOn }: Leave): Promise<void> {
  await trx('faculty_leave').insert({ faculty_id: facultyId, starts_on: startsOn, ends_on: endsOn }).onConflict().ignore();
}

/** Of these faculty members, those away on a day. */
export async function awayOn(knex: Knex, facultyIds: readonly number[], date: string): Promise<Set<number>> {
  return new Set(await knex('faculty_leave').whereIn('faculty_id', facultyIds).andWhere('starts_on', '<=', date).andWhere('ends_on', '>=', date).pluck('faculty_id'));
}
