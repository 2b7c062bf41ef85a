// Who teaches what to whom in a term, the week of it, and who is enrolled: read whole and written many at once, as sheets bring it.
import type { Knex } from 'knex';
import type { Week } from '../../domain/timetabling/university.ts';
import type { Trx } from '../connection.ts';
import { insertRows, updateRows } from './bulk.ts';
import type { Term } from './terms.ts';

export interface AssignmentRecord {
  id: number; facultyId: number; subjectId: number; sectionId: number; departmentId: number; year: number; active: boolean;
  subjectType: 'theory' | 'lab';
}

/** All assignments of a term, those that have ended too. */
export async function assignmentsOfTerm(knex: Knex, termId: number): Promise<AssignmentRecord[]> {
  const rows = await knex('faculty_assignment as a').join('sections as sec', 'sec.id', 'a.section_id').join('subjects as sub', 'sub.id', 'a.subject_id')
    .where('a.term_id', termId).orderBy('a.id').select({
      id: 'a.id', facultyId: 'a.faculty_id', subjectId: 'a.subject_id', sectionId: 'a.section_id', departmentId: 'sec.department_id', year: 'sec.year',
      active: 'a.active', subjectType: 'sub.subject_type',
    });
  return rows.map((row) => ({ ...row, active: Boolean(row.active) }));
}

export async function insertAssignments(trx: Trx, termId: number, assignments: readonly Pick<AssignmentRecord, 'facultyId' | 'subjectId' | 'sectionId'>[]): Promise<void> {
  await insertRows(trx, 'faculty_assignment', ['faculty_id', 'subject_id', 'section_id', 'term_id'],
    assignments.map(({ facultyId, subjectId, sectionId }) => [facultyId, subjectId, sectionId, termId]));
}

export async function setAssignmentsActive(trx: Trx, ids: readonly number[], active: boolean): Promise<void> {
  await trx('faculty_assignment').whereIn('id', ids).update({ active });
}

/** What in force depends on these: subjects and faculty members that are assigned in a term that isn't over. */
export async function assignedFrom(knex: Knex, organisationId: number, date: string): Promise<{ facultyId: number; subjectId: number }[]> {
  return knex('faculty_assignment as a').join('terms as t', 't.id', 'a.term_id')
    .where({ 't.organisation_id': organisationId, 'a.active': true }).andWhere('t.ends_on', '>=', date)
    .select({ facultyId: 'a.faculty_id', subjectId: 'a.subject_id' });
}

export interface WeeklyRecord {
  id: number; assignmentId: number; roomId: number; weekday: number; start: string; end: string; week: Week; active: boolean;
  facultyId: number; sectionId: number; departmentId: number; year: number;
}

/** The timetable in force in a term, 0 where weekly classes are entered by hand; until the transaction's end no other comes into force. */
export async function lockTimetableInForce(trx: Trx, termId: number): Promise<number> {
  const { timetableId }: { timetableId: number } = await trx('terms').where({ id: termId }).forUpdate().first({ timetableId: 'timetable_id' });
  return timetableId;
}

/** The weekly classes of a term's timetable, those that have ended too. */
export async function weekOfTerm(knex: Knex, termId: number, timetableId: number): Promise<WeeklyRecord[]> {
  const rows = await knex('default_schedule as w').join('faculty_assignment as a', 'a.id', 'w.assignment_id').join('sections as sec', 'sec.id', 'a.section_id')
    .where({ 'a.term_id': termId, 'w.timetable_id': timetableId }).orderBy('w.id').select({
      id: 'w.id', assignmentId: 'w.assignment_id', roomId: 'w.room_id', weekday: 'w.weekday', start: 'w.start_time', end: 'w.end_time', week: 'w.week',
      active: 'w.active', facultyId: 'a.faculty_id', sectionId: 'a.section_id', departmentId: 'sec.department_id', year: 'sec.year',
    });
  return rows.map((row) => ({ ...row, active: Boolean(row.active) }));
}

export async function insertWeekly(
  trx: Trx, timetableId: number, classes: readonly Pick<WeeklyRecord, 'assignmentId' | 'roomId' | 'weekday' | 'start' | 'end' | 'week'>[],
): Promise<void> {
  await insertRows(trx, 'default_schedule', ['assignment_id', 'room_id', 'weekday', 'start_time', 'end_time', 'week', 'timetable_id'],
    classes.map(({ assignmentId, roomId, weekday, start, end, week }) => [assignmentId, roomId, weekday, start, end, week, timetableId]));
}

export async function updateWeekly(trx: Trx, classes: readonly Pick<WeeklyRecord, 'id' | 'roomId' | 'end' | 'week'>[]): Promise<void> {
  await updateRows(trx, 'default_schedule', { room_id: 'bigint unsigned', end_time: 'char(5)', week: 'char(5)', active: 'tinyint' },
    classes.map(({ id, roomId, end, week }) => ({ id, room_id: roomId, end_time: end, week, active: 1 })));
}

export async function endWeekly(trx: Trx, by: { ids: readonly number[] } | { assignmentIds: readonly number[] }): Promise<void> {
  const [column, ids] = 'ids' in by ? ['id', by.ids] as const : ['assignment_id', by.assignmentIds] as const;
  await trx('default_schedule').whereIn(column, ids).update({ active: false });
}

/** How many students that are here each section has. */
export async function sectionSizes(knex: Knex, sectionIds: readonly number[]): Promise<Map<number, number>> {
  const rows: { sectionId: number; size: number }[] = await knex('students as s').join('users as u', 'u.id', 's.user_id')
    .whereIn('s.section_id', sectionIds).where('u.active', true).groupBy('s.section_id').select({ sectionId: 's.section_id' }).count({ size: '*' });
  return new Map(rows.map(({ sectionId, size }) => [sectionId, Number(size)]));
}

export async function insertRooms(trx: Trx, organisationId: number, rooms: readonly { name: string; capacity: number; kind: 'theory' | 'lab' }[]): Promise<void> {
  await insertRows(trx, 'rooms', ['organisation_id', 'name', 'building', 'capacity', 'kind', 'equipment'],
    rooms.map(({ name, capacity, kind }) => [organisationId, name, '', capacity, kind, '[]']));
}

/** Locks the students of sections: whoever books for them waits. */
export async function lockStudentsOfSections(trx: Trx, sectionIds: readonly number[]): Promise<void> {
  await trx('students').whereIn('section_id', sectionIds).orderBy('id').forUpdate().select('id');
}

/** Ends what is in force of students' enrolments in a section, from a day on. */
export async function endEnrolments(trx: Trx, by: { students: readonly number[] } | { sectionId: number; subjectId: number }, from: string): Promise<void> {
  const current = trx('student_subject').whereNull('valid_to');
  await ('students' in by ? current.whereIn('student_id', by.students) : current.where({ section_id: by.sectionId, subject_id: by.subjectId })).update({ valid_to: from });
}

/**
 * Enrols the students that are here in what is taught to their section in a term, where they aren't: from the term's first day on where
 * no class of it has been held, else from today on, as those do who come from another section.
 */
export async function enrol(
  trx: Trx, who: { students: readonly number[] } | { assignments: readonly number[] }, { term, today, moved }: { term: Term; today: string; moved: boolean },
): Promise<void> {
  const later = today > term.startsOn ? today : term.startsOn;
  const [column, ids] = 'students' in who ? ['s.id', who.students] as const : ['a.id', who.assignments] as const;
  if (ids.length === 0) return;
  await trx.raw(`
    insert into student_subject (student_id, subject_id, section_id, valid_from)
    select s.id, a.subject_id, a.section_id,
           if(?, ?, if(max(exists (select 1 from schedule x where x.assignment_id = a.id and x.status = 'completed')), ?, ?))
    from faculty_assignment a
    join students s on s.section_id = a.section_id
    join users u on u.id = s.user_id and u.active
    left join student_subject e on e.student_id = s.id and e.subject_id = a.subject_id and e.section_id = a.section_id and e.valid_to is null
    where a.term_id = ? and a.active and e.id is null and ${column} in (?)
    group by s.id, a.subject_id, a.section_id
    on duplicate key update valid_to = null`, [moved, later, later, term.startsOn, term.id, [...ids]]);
}
