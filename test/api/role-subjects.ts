// What roles reach or don't: students, departments, classes of the demo campus, and of another institution beside it.
import type { Reach } from '../../services/permissions.ts';
import type { Database } from '../../db/connection.ts';
import type { Person } from '../../services/context.ts';

export type SubjectKind = 'student' | 'department' | 'section' | 'assignment' | 'session' | 'flag' | 'appeal' | 'leave' | 'round' | 'job' | 'timetable';

/** Something with an id that a route is asked about, and what it belongs to. */
export interface Subject {
  /** As it stands in a path or a body: of a student the institution's id, else the row's. */
  id: string;
  organisationId: number;
  departmentId: number;
  sectionId: number | null;
  studentId: number | null;
  facultyIds: number[];
}

/** What is to be reached, by the meaning of the word, not by the code that decides it. */
export function isWithin(reach: Reach, actor: Person, subject: Subject): boolean {
  if (subject.organisationId !== actor.organisationId) return false;
  const teaches = actor.facultyId !== null && subject.facultyIds.includes(actor.facultyId);
  return {
    own: subject.studentId !== null && subject.studentId === actor.studentId,
    section: subject.sectionId !== null && subject.sectionId === actor.sectionId,
    taught: teaches,
    department: teaches || subject.departmentId === actor.departmentId,
    campus: true,
  }[reach];
}

/** All of a kind, of both institutions. */
export async function subjectsOf({ knex }: Database, kind: SubjectKind): Promise<Subject[]> {
  const sections = knex('sections as sec').join('departments as d', 'd.id', 'sec.department_id');
  const columns = { organisationId: 'd.organisation_id', departmentId: 'd.id' };
  const ofSection = { ...columns, sectionId: 'sec.id' };
  const taught: { section_id: number; faculty_id: number }[] = await knex('faculty_assignment').select('section_id', 'faculty_id');
  const teachers = Map.groupBy(taught, (row) => row.section_id);
  const ofSession = (table: string) => sections.join('faculty_assignment as a', 'a.section_id', 'sec.id').join('schedule as s', 's.assignment_id', 'a.id')
    .join(`${table} as x`, 'x.session_id', 's.id').orderBy('x.id').select({ ...ofSection, id: 'x.id', facultyId: 'a.faculty_id' });
  const rows: (Omit<Subject, 'facultyIds' | 'sectionId' | 'studentId'> & { sectionId?: number; studentId?: number; facultyId?: number })[] = await {
    student: () => sections.join('students as s', 's.section_id', 'sec.id').orderBy('s.id').select({ ...ofSection, id: 's.student_id', studentId: 's.id' }),
    department: () => knex('departments as d').orderBy('d.id').select({ ...columns, id: 'd.id' }),
    section: () => sections.orderBy('sec.id').select({ ...ofSection, id: 'sec.id' }),
    assignment: () => sections.join('faculty_assignment as a', 'a.section_id', 'sec.id').orderBy('a.id').select({ ...ofSection, id: 'a.id', facultyId: 'a.faculty_id' }),
    flag: () => ofSession('attendance_flags'),
    appeal: () => ofSession('attendance_appeals'),
    round: () => ofSession('rescheduled_class'),
    leave: () => sections.join('students as s', 's.section_id', 'sec.id').join('student_leave as l', 'l.student_id', 's.id').orderBy('l.id')
      .select({ ...ofSection, id: 'l.id', studentId: 's.id', facultyId: 'l.faculty_id' }),
    job: () => knex('generation_jobs as j').orderBy('j.job_id').select({ id: 'j.job_id', organisationId: 'j.organization_id' }).select(knex.raw('0 as departmentId')),
    timetable: () => knex('timetables as t').join('terms', 'terms.id', 't.term_id').orderBy('t.timetable_id')
      .select({ id: 't.timetable_id', organisationId: 'terms.organisation_id' }).select(knex.raw('0 as departmentId')),
    session: () => sections.join('faculty_assignment as a', 'a.section_id', 'sec.id').join('schedule as s', 's.assignment_id', 'a.id').orderBy('s.id')
      .select({ ...ofSection, id: 's.id', facultyId: 'a.faculty_id' }),
  }[kind]();
  return rows.map(({ id, facultyId, sectionId = null, studentId = null, ...row }) => ({
    ...row, id: String(id), sectionId, studentId,
    facultyIds: facultyId === undefined ? (teachers.get(sectionId ?? 0) ?? []).map((teacher) => teacher.faculty_id) : [facultyId],
  }));
}

/** What looks odd, and what is appealed, in the first class of every assignment, as if it had been held. */
export async function addFlagsAndAppeals({ knex }: Database): Promise<void> {
  const firstOf: { session_id: number; student_id: number }[] = await knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('students as st', 'st.section_id', 'a.section_id').groupBy('a.id').select(knex.raw('min(s.id) as session_id, min(st.id) as student_id'));
  const now = new Date();
  await knex('attendance').insert(firstOf.map((row) => ({ ...row, status: 'absent', method: 'missing', received_at: now, updated_at: now })));
  await knex('attendance_flags').insert(firstOf.map((row) => ({ ...row, kind: 'off-campus', evidence: '{}', created_at: now })));
  await knex('attendance_appeals').insert(firstOf.map((row) => ({ ...row, wanted: 'late', reason: 'The bus', created_at: now })));
}

/** A round that gathers for a class of every assignment. */
export async function addRounds({ knex }: Database): Promise<void> {
  const lastOf: { session_id: number }[] = await knex('schedule').groupBy('assignment_id').select(knex.raw('max(id) as session_id'));
  const sessions = await knex('schedule').whereIn('id', lastOf.map((row) => row.session_id));
  const now = new Date();
  await knex('rescheduled_class').insert(sessions.map(({ id, starts_at, ends_at, room_id }) => ({
    session_id: id, round: 1, status: 'gathering', original_starts_at: starts_at, original_ends_at: ends_at, original_room_id: room_id, created_at: now, updated_at: now,
  })));
}

/** Leave that two students of each section ask for, as if one faculty member alone taught all that it covers; once for each. */
export async function addLeave({ knex }: Database): Promise<void> {
  const firsts: { id: number }[] = await knex('students').groupBy('section_id').select(knex.raw('min(id) as id'));
  const asked: { student_id: number; faculty_id: number }[] = await knex('faculty_assignment as a').join('students as s', 's.section_id', 'a.section_id')
    .whereIn('s.id', firsts.flatMap(({ id }) => [id, id + 1])).select({ student_id: 's.id', faculty_id: 'a.faculty_id' });
  await knex('student_leave').insert(asked.map((row) => ({
    ...row, kind: 'medical', starts_at: new Date('2026-12-01T00:00:00Z'), ends_at: new Date('2026-12-02T00:00:00Z'), whole_days: false, reason: 'A cold', created_at: new Date(),
  })));
}

/** A job that has ended, and a draft of it, of each institution. */
export async function addTimetables({ knex }: Database): Promise<void> {
  for (const { id, organisation_id, semester, academic_year } of await knex('terms').orderBy('id')) {
    const [{ id: created_by_id }] = await knex('users').where({ organisation_id }).limit(1).select('id');
    const job_id = `tt_00000000000${id}`;
    const now = new Date();
    await knex('generation_jobs').insert({
      job_id, organization_id: organisation_id, term_id: id, semester, academic_year, status: 'completed', progress: 100, seconds: 1, seed: 1, created_by_id, created_at: now,
      completed_at: now,
    });
    await knex('timetables').insert({
      generation_job_id: job_id, term_id: id, variant_name: 'Balanced', quality_score: 50, parts: '[]', unplaced: '{"count":0,"meetings":[]}', status: 'draft', created_at: now,
    });
  }
}

/** Another institution on the same Beadle, with one of each kind. */
export async function addOtherInstitution({ transaction }: Database, startsAt: Date): Promise<void> {
  await transaction(async (trx) => {
    const add = async (table: string, row: object): Promise<number> => (await trx(table).insert(row))[0]!;
    const organisation_id = await add('organisations', { code: 'OTHER', name: 'Otherwhere College', time_zone: 'Asia/Kolkata', locale: 'en-IN', mail_domain: 'otherwhere.example' });
    const department_id = await add('departments', { organisation_id, code: 'ZZ', name: 'Zymurgy' });
    const section_id = await add('sections', { department_id, year: 1, name: 'Z' });
    const person = (email: string, role: string) => add('users', { organisation_id, department_id, email: `${email}@otherwhere.example`, name: email, role });
    const student_id = await add('students', { user_id: await person('zoe', 'student'), section_id, student_id: 'Z990001', roll_number: '99ZZ001' });
    const faculty_id = await add('faculty', { user_id: await person('zed', 'faculty'), faculty_id: 'ZZF01' });
    const subject_id = await add('subjects', { organisation_id, subject_code: 'ZZ101', subject_mnemonic: 'ZYM', subject_name: 'Zymurgy', subject_type: 'theory' });
    const term_id = await add('terms', { organisation_id, academic_year: '2026', semester: 1, starts_on: '2026-07-01', ends_on: '2026-12-31' });
    const assignment_id = await add('faculty_assignment', { faculty_id, subject_id, section_id, term_id });
    await add('student_subject', { student_id, subject_id, section_id, valid_from: '2026-07-01' });
    const room_id = await add('rooms', { organisation_id, name: 'Z1', building: 'Z', capacity: 60, kind: 'theory', equipment: '[]' });
    const date = startsAt.toISOString().slice(0, 10);
    await add('schedule', {
      assignment_id, room_id, planned_date: date, date, starts_at: startsAt, ends_at: new Date(startsAt.getTime() + 3_600_000), time_zone: 'Asia/Kolkata', updated_at: startsAt,
    });
  });
}
