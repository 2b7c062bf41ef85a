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

/** What a department has decided about rescheduling. Hours are those after an offer. */
export interface DepartmentRules {
  moveThresholdPercent: number;
  makeupMinStudents: number;
  horizonDays: number;
  reminderHours: number;
  escalationHours: number;
  decisionHours: number;
  /** What happens when nobody has decided by then: the best time is taken, or the question expires. */
  decisionPolicy: 'automatic' | 'expire';
}

export async function departmentRules(knex: Knex, departmentId: number): Promise<DepartmentRules> {
  return knex('departments').where({ id: departmentId }).first({
    moveThresholdPercent: 'move_threshold_percent', makeupMinStudents: 'makeup_min_students', horizonDays: 'horizon_days',
    reminderHours: 'reminder_hours', escalationHours: 'escalation_hours', decisionHours: 'decision_hours', decisionPolicy: 'decision_policy',
  });
}
