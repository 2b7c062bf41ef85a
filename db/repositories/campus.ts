// What a search for a new time needs of the campus: rooms, weekly slots, holidays, and the departments' rules.
import type { Knex } from 'knex';
import { type DepartmentRules, switches } from '../../domain/rescheduling/department-rules.ts';
import type { Trx } from '../connection.ts';

export type { DepartmentRules } from '../../domain/rescheduling/department-rules.ts';

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

/** Windows of the week into which classes may be moved. */
export async function weeklySlotsOf(
  knex: Knex, organisationId: number,
): Promise<{ id: number; weekday: number; startTime: string; endTime: string }[]> {
  return knex('weekly_slot').where({ organisation_id: organisationId, purpose: 'makeup' }).orderBy(['weekday', 'start_time'])
    .select({ id: 'id', weekday: 'weekday', startTime: 'start_time', endTime: 'end_time' });
}

/** Days without teaching, YYYY-MM-DD, from a day on. */
export async function holidaysOf(knex: Knex, organisationId: number, from: string): Promise<string[]> {
  return knex('holidays').where({ organisation_id: organisationId }).andWhere('date', '>=', from).orderBy('date').pluck('date');
}

/** The columns of a department's rules; doors name them so too. */
export const ruleColumns = {
  moveThresholdPercent: 'move_threshold_percent', makeupMinStudents: 'makeup_min_students', horizonDays: 'horizon_days',
  reminderHours: 'reminder_hours', escalationHours: 'escalation_hours', decisionHours: 'decision_hours', decisionPolicy: 'decision_policy',
  warnThresholdPercent: 'warn_threshold_percent', warnCr: 'warn_cr', warnFaculty: 'warn_faculty', warnGuardians: 'warn_guardians',
} as const satisfies Record<keyof DepartmentRules, string>;

/** The servers have no truth values. */
const fromRow = <Row extends DepartmentRules>(row: Row): Row => ({ ...row, ...Object.fromEntries(switches.map((rule) => [rule, Boolean(row[rule])])) });

export async function departmentRules(knex: Knex, departmentId: number): Promise<DepartmentRules> {
  return fromRow(await knex('departments').where({ id: departmentId }).first(ruleColumns));
}

export interface Department extends DepartmentRules {
  departmentId: number;
  code: string;
  name: string;
}

const departmentColumns = { departmentId: 'id', code: 'code', name: 'name', ...ruleColumns };

/** An institution's departments with their rules, by code. */
export async function departmentsOf(knex: Knex, organisationId: number): Promise<Department[]> {
  return (await knex('departments').where({ organisation_id: organisationId }).orderBy('code').select<Department[]>(departmentColumns)).map(fromRow);
}

/** A department whose rules are about to be changed: whoever changes them too waits. */
export async function lockDepartment(trx: Trx, organisationId: number, departmentId: number): Promise<Department | undefined> {
  const row: Department | undefined = await trx('departments').where({ organisation_id: organisationId, id: departmentId }).forUpdate().first(departmentColumns);
  return row && fromRow(row);
}

export async function updateRules(trx: Trx, departmentId: number, rules: Partial<DepartmentRules>): Promise<void> {
  const row = Object.entries(rules).map(([rule, value]) => [ruleColumns[rule as keyof DepartmentRules], value]);
  await trx('departments').where({ id: departmentId }).update(Object.fromEntries(row));
}
