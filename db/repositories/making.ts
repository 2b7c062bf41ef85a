// Sessions as they are made from weekly classes: what is wanted on a day, what there is, and writing many at once.
import type { Knex } from 'knex';
import type { MadeSession, PlannedSession, WeeklyClass } from '../../domain/calendar/weekly-sessions.ts';
import type { Trx } from '../connection.ts';
import { insertRows, updateRows } from './bulk.ts';
import { openStatuses } from './rescheduling.ts';

export async function organisationsWithTerms(knex: Knex, from: string): Promise<number[]> {
  return knex('terms').where('ends_on', '>=', from).distinct('organisation_id').orderBy('organisation_id').pluck('organisation_id');
}

export async function isHoliday(knex: Knex, organisationId: number, date: string): Promise<boolean> {
  return (await knex('holidays').where({ organisation_id: organisationId, date }).first('id')) !== undefined;
}

/** The weekly classes in force on a day of this weekday: of assignments in a term that the day is in. */
export async function weeklyOn(knex: Knex, organisationId: number, date: string, weekday: number): Promise<WeeklyClass[]> {
  return knex('weekly_classes as w').join('faculty_assignment as a', 'a.id', 'w.assignment_id').join('terms as t', 't.id', 'a.term_id')
    .where({ 't.organisation_id': organisationId, 'w.weekday': weekday })
    .andWhere('t.starts_on', '<=', date).andWhere('t.ends_on', '>=', date).orderBy('w.id').select({
      id: 'w.id', assignmentId: 'w.assignment_id', weekday: 'w.weekday', roomId: 'w.room_id', facultyId: 'a.faculty_id', sectionId: 'a.section_id',
      start: 'w.start_time', end: 'w.end_time', week: 'w.week', termStartsOn: 't.starts_on', timetableId: 'w.timetable_id',
    });
}

/** The sessions that were made for a day. */
export async function madeOn(knex: Knex, organisationId: number, date: string): Promise<MadeSession[]> {
  const rows = await knex('schedule as s').join('rooms as r', 'r.id', 's.room_id').join('default_schedule as w', 'w.id', 's.default_schedule_id')
    .join('faculty_assignment as a', 'a.id', 'w.assignment_id').join('terms as t', 't.id', 'a.term_id')
    .where({ 's.planned_date': date, 'r.organisation_id': organisationId }).orderBy('s.id')
    .select({
      id: 's.id', weeklyId: 'w.id', assignmentId: 'w.assignment_id', start: 'w.start_time', end: 'w.end_time', timetableId: 'w.timetable_id',
      roomId: 's.room_id', startsAt: 's.starts_at', endsAt: 's.ends_at', status: 's.status',
    })
    .select(knex.raw(`(s.sequence = s.made_sequence and s.guests = 0
      and not exists (select 1 from attendance_sessions o where o.session_id = s.id)
      and not exists (select 1 from replacements p where p.instead_of_id = s.id)) as untouched`))
    .select(knex.raw(`(exists (select 1 from attendance t where t.session_id = s.id)
      or exists (select 1 from rescheduled_class c where c.session_id = s.id and c.status in (?))) as excused`, [[...openStatuses]]))
    .select(knex.raw("w.timetable_id <> t.timetable_id as replaced, (s.archived and s.status = 'cancelled') as retired"));
  return rows.map((row) => ({
    ...row, untouched: Boolean(row.untouched), excused: Boolean(row.excused), replaced: Boolean(row.replaced), retired: Boolean(row.retired),
  }));
}

/** Makes sessions; one that there is already stays as it is. @returns the ids of those made, by weekly class */
export async function insertMade(trx: Trx, sessions: readonly PlannedSession[], { date, zone, now }: { date: string; zone: string; now: Date }): Promise<Map<number, number>> {
  const weeklyIds = sessions.map(({ weeklyId }) => weeklyId);
  const assignments: { id: number; assignment_id: number }[] = await trx('default_schedule').whereIn('id', weeklyIds).select('id', 'assignment_id');
  const assignmentOf = new Map(assignments.map(({ id, assignment_id: assignmentId }) => [id, assignmentId]));
  const idsOf = (): Promise<{ id: number; weeklyId: number }[]> =>
    trx('schedule').where({ planned_date: date }).whereIn('default_schedule_id', weeklyIds).select({ id: 'id', weeklyId: 'default_schedule_id' });
  const there = new Set((await idsOf()).map(({ weeklyId }) => weeklyId));
  const missing = sessions.filter(({ weeklyId }) => !there.has(weeklyId));
  await insertRows(trx, 'schedule', ['assignment_id', 'room_id', 'default_schedule_id', 'planned_date', 'date', 'starts_at', 'ends_at', 'time_zone', 'updated_at'],
    missing.map(({ weeklyId, roomId, startsAt, endsAt }) => [assignmentOf.get(weeklyId)!, roomId, weeklyId, date, date, startsAt, endsAt, zone, now]));
  return new Map((await idsOf()).filter(({ weeklyId }) => !there.has(weeklyId)).map(({ id, weeklyId }) => [weeklyId, id]));
}

/** Brings a made session in line with its weekly class; it counts as made anew. */
export async function remakeSession(trx: Trx, id: number, { roomId, startsAt, endsAt }: PlannedSession, date: string, now: Date): Promise<void> {
  await trx('schedule').where({ id }).update({
    room_id: roomId, starts_at: startsAt, ends_at: endsAt, date, status: 'scheduled', archived: false, made_sequence: trx.raw('sequence + 1'), sequence: trx.raw('sequence + 1'), updated_at: now,
  });
}

/** Sessions from now on follow other weekly classes. */
export async function adoptSessions(trx: Trx, adopted: readonly { weeklyId: number; sessionId: number }[]): Promise<void> {
  await updateRows(trx, 'schedule', { default_schedule_id: 'bigint unsigned' }, adopted.map(({ weeklyId, sessionId }) => ({ id: sessionId, default_schedule_id: weeklyId })));
}

/** Calls off sessions of a timetable that another has replaced, and hides them; they count as made so, and come back with it. */
export async function retireSessions(trx: Trx, ids: readonly number[], now: Date): Promise<void> {
  await trx('schedule').whereIn('id', ids).update({
    status: 'cancelled', archived: true, made_sequence: trx.raw('sequence + 1'), sequence: trx.raw('sequence + 1'), updated_at: now,
  });
}

/** What was called off because its weekly class ended is taken up again when that comes back. */
export async function markAsMade(trx: Trx, id: number): Promise<void> {
  await trx('schedule').where({ id }).update({ made_sequence: trx.raw('sequence') });
}

/** The regular classes of these sections that are to be held in [from, to), but for some; with the timetable that each was made by, if any. */
export async function classesOfSections(
  knex: Knex, sectionIds: readonly number[], { from, to, except }: { from: Date; to: Date; except: readonly number[] },
): Promise<{ sectionId: number; timetableId: number | null; startsAt: Date; endsAt: Date }[]> {
  return knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id').leftJoin('default_schedule as w', 'w.id', 's.default_schedule_id')
    .where({ 's.status': 'scheduled', 's.kind': 'regular' }).whereIn('a.section_id', sectionIds).whereNotIn('s.id', except)
    .andWhere('s.starts_at', '<', to).andWhere('s.ends_at', '>', from)
    .select({ sectionId: 'a.section_id', timetableId: 'w.timetable_id', startsAt: 's.starts_at', endsAt: 's.ends_at' });
}

/** Who is told of a weekly class that can't be held: who teaches it, and the institution's office. */
export async function tellingOf(knex: Knex, weeklyIds: readonly number[]): Promise<Map<number, { subject: string; section: string; room: string; facultyUserId: number }>> {
  const rows = await knex('default_schedule as w').join('faculty_assignment as a', 'a.id', 'w.assignment_id').join('faculty as f', 'f.id', 'a.faculty_id')
    .join('subjects as sub', 'sub.id', 'a.subject_id').join('sections as sec', 'sec.id', 'a.section_id').join('departments as d', 'd.id', 'sec.department_id')
    .join('rooms as r', 'r.id', 'w.room_id').whereIn('w.id', weeklyIds)
    .select({ id: 'w.id', facultyUserId: 'f.user_id', room: 'r.name' })
    .select(knex.raw("concat(sub.subject_code, ' ', sub.subject_name) as subject, concat(d.code, '-', sec.year, sec.name) as section"));
  return new Map(rows.map(({ id, ...telling }) => [id, telling]));
}

export async function registrarsOf(knex: Knex, organisationId: number): Promise<number[]> {
  return knex('users').where({ organisation_id: organisationId, role: 'registrar', active: true }).orderBy('id').pluck('id');
}
