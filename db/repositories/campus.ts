// What a search for a new time needs of the campus: rooms, weekly slots, holidays, a department's rules.
import type { Knex } from 'knex';

export interface RoomRow {
  id: number;
  name: string;
  building: string;
  capacity: number;
  kind: string;
  equipment: string[];
}

export async function roomsOf(knex: Knex, organisationId: number): Promise<RoomRow[]> {
  const rows = await knex('rooms').where({ organisation_id: organisationId }).orderBy('id')
    .select('id', 'name', 'building', 'capacity', 'kind', 'equipment');
  return rows.map((row) => ({ ...row, equipment: JSON.parse(row.equipment) }));
}

export async function weeklySlotsOf(
  knex: Knex, organisationId: number,
): Promise<{ id: number; weekday: number; startTime: string; endTime: string }[]> {
  return knex('weekly_slot').where({ organisation_id: organisationId }).orderBy(['weekday', 'start_time'])
    .select({ id: 'id', weekday: 'weekday', startTime: 'start_time', endTime: 'end_time' });
}

/** Days without teaching, YYYY-MM-DD, from a day on. */
export async function holidaysOf(knex: Knex, organisationId: number, from: string): Promise<string[]> {
  return knex('holidays').where({ organisation_id: organisationId }).andWhere('date', '>=', from).orderBy('date').pluck('date');
}

export async function departmentRules(
  knex: Knex, departmentId: number,
): Promise<{ moveThresholdPercent: number; horizonDays: number }> {
  return knex('departments').where({ id: departmentId })
    .first({ moveThresholdPercent: 'move_threshold_percent', horizonDays: 'horizon_days' });
}
