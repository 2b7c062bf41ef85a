// What timetables are made from as the office enters it: periods of the week, what subjects need, when faculty members can't teach.
import type { Knex } from 'knex';
import type { PartKind, Week } from '../../domain/timetabling/university.ts';
import type { Trx } from '../connection.ts';
import { insertRows, updateRows } from './bulk.ts';

export interface PeriodRecord { id: number; weekday: number; start: string; end: string; active: boolean }

/** All periods of an institution, those that no longer are too. */
export async function allPeriods(knex: Knex, organisationId: number): Promise<PeriodRecord[]> {
  const rows = await knex('weekly_slot').where({ organisation_id: organisationId, purpose: 'period' }).orderBy('id')
    .select({ id: 'id', weekday: 'weekday', start: 'start_time', end: 'end_time', active: 'active' });
  return rows.map((row) => ({ ...row, active: Boolean(row.active) }));
}

export async function insertPeriods(trx: Trx, organisationId: number, periods: readonly Pick<PeriodRecord, 'weekday' | 'start' | 'end'>[]): Promise<void> {
  await insertRows(trx, 'weekly_slot', ['organisation_id', 'purpose', 'weekday', 'start_time', 'end_time'],
    periods.map(({ weekday, start, end }) => [organisationId, 'period', weekday, start, end]));
}

export async function setPeriodsActive(trx: Trx, ids: readonly number[], active: boolean): Promise<void> {
  await trx('weekly_slot').whereIn('id', ids).update({ active });
}

export interface SubjectPart {
  subjectId: number; kind: PartKind; meetings: number; periods: number; roomKind: 'theory' | 'lab'; equipment: readonly string[]; week: Week;
}

export async function allSubjectParts(knex: Knex, organisationId: number): Promise<(SubjectPart & { id: number })[]> {
  const rows = await knex('subject_parts as p').join('subjects as sub', 'sub.id', 'p.subject_id').where('sub.organisation_id', organisationId).orderBy('p.id').select({
    id: 'p.id', subjectId: 'p.subject_id', kind: 'p.kind', meetings: 'p.meetings', periods: 'p.periods', roomKind: 'p.room_kind', equipment: 'p.equipment', week: 'p.week',
  });
  return rows.map((row) => ({ ...row, equipment: JSON.parse(row.equipment) }));
}

export async function insertSubjectParts(trx: Trx, parts: readonly SubjectPart[]): Promise<void> {
  await insertRows(trx, 'subject_parts', ['subject_id', 'kind', 'meetings', 'periods', 'room_kind', 'equipment', 'week'],
    parts.map(({ subjectId, kind, meetings, periods, roomKind, equipment, week }) => [subjectId, kind, meetings, periods, roomKind, JSON.stringify(equipment), week]));
}

/** What isn't their key. */
export async function updateSubjectParts(trx: Trx, parts: readonly (Pick<SubjectPart, 'meetings' | 'roomKind' | 'equipment'> & { id: number })[]): Promise<void> {
  await updateRows(trx, 'subject_parts', { meetings: 'tinyint unsigned', room_kind: 'char(6)', equipment: 'varchar(1000)' },
    parts.map(({ id, meetings, roomKind, equipment }) => ({ id, meetings, room_kind: roomKind, equipment: JSON.stringify(equipment) })));
}

export async function deleteSubjectParts(trx: Trx, ids: readonly number[]): Promise<void> {
  await trx('subject_parts').whereIn('id', ids).delete();
}

export interface FacultyTime { facultyId: number; weekday: number; start: string; end: string; cost: number | null }

export async function allFacultyTimes(knex: Knex, organisationId: number): Promise<(FacultyTime & { id: number })[]> {
  return knex('faculty_times as t').join('faculty as f', 'f.id', 't.faculty_id').join('users as u', 'u.id', 'f.user_id').where('u.organisation_id', organisationId).orderBy('t.id')
    .select({ id: 't.id', facultyId: 't.faculty_id', weekday: 't.weekday', start: 't.start_time', end: 't.end_time', cost: 't.cost' });
}

export async function insertFacultyTimes(trx: Trx, times: readonly FacultyTime[]): Promise<void> {
  await insertRows(trx, 'faculty_times', ['faculty_id', 'weekday', 'start_time', 'end_time', 'cost'],
    times.map(({ facultyId, weekday, start, end, cost }) => [facultyId, weekday, start, end, cost]));
}

export async function updateFacultyTimes(trx: Trx, times: readonly (Pick<FacultyTime, 'end' | 'cost'> & { id: number })[]): Promise<void> {
  await updateRows(trx, 'faculty_times', { end_time: 'char(5)', cost: 'tinyint unsigned' }, times.map(({ id, end, cost }) => ({ id, end_time: end, cost })));
}

export async function deleteFacultyTimes(trx: Trx, ids: readonly number[]): Promise<void> {
  await trx('faculty_times').whereIn('id', ids).delete();
}
