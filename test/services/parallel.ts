// A campus of two sections that are taught the same subjects, so that a student of one finds a seat in the other.
import { findSession, rosterOf, type Session } from '../../db/repositories/sessions.ts';
import type { ServiceContext } from '../../services/context.ts';
import { followInterview } from '../../services/excuses.ts';
import { testCampus, type TestCampus } from '../support/context.ts';
import { interviewAt } from './scene.ts';

const MINUTE = 60_000;

/** Two sections of 30 students, all lecture rooms with `seats` seats. */
export async function parallelCampus({ seats = 60, from = '2026-11-23' } = {}): Promise<TestCampus> {
  const campus = await testCampus({ students: 120, weeks: 3, from });
  const { knex } = campus.db;
  for (const type of ['theory', 'lab']) {
    const subjectsOf = (section: number): Promise<number[]> => knex('faculty_assignment as a').join('subjects as b', 'b.id', 'a.subject_id')
      .where({ 'a.section_id': section, 'b.subject_type': type }).orderBy('b.id').pluck('b.id');
    const [taught, own] = [await subjectsOf(1), await subjectsOf(2)];
    for (const [index, subject] of own.entries()) {
      const same = taught[index];
      if (same === undefined) continue;
      await knex('faculty_assignment').where({ section_id: 2, subject_id: subject }).update({ subject_id: same });
      await knex('student_subject').where({ section_id: 2, subject_id: subject }).update({ subject_id: same });
    }
  }
  // Half of each section leaves, so that searching goes fast and rooms have seats.
  const leaving: number[] = await knex('students').whereRaw('id % 2 = 0').pluck('id');
  await knex('student_subject').whereIn('student_id', leaving).update({ valid_to: from });
  await knex('rooms').where({ kind: 'theory' }).update({ capacity: seats });
  return campus;
}

/** Theory classes of the first section from a day on, by start. */
export async function theoryClasses({ db: { knex } }: TestCampus, from: string, sectionId = 1): Promise<Session[]> {
  const ids: number[] = await knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id').join('subjects as b', 'b.id', 'a.subject_id')
    .where({ 'b.subject_type': 'theory', 'a.section_id': sectionId, 's.kind': 'regular' }).andWhere('s.date', '>=', from).orderBy('s.starts_at').pluck('s.id');
  return Promise.all(ids.map(async (id) => (await findSession(knex, id))!));
}

let companies = 0;

/** Gives students of a class an interview in the middle of it, followed as its process does. @returns the interviews' ids */
export async function hitBy(context: ServiceContext, session: Session, students: number[]): Promise<number[]> {
  const ids: number[] = [];
  for (const student of students) {
    const at = (minutes: number) => new Date(session.startsAt.getTime() + minutes * MINUTE);
    const id = await interviewAt(context, student, at(20), at(30), { company: `Secret ${companies += 1}` });
    await followInterview(context, id);
    ids.push(id);
  }
  return ids;
}

/** Moves an interview by so many days, or calls it off, as a later mail does; and lets its process look. */
export async function changeInterview(context: ServiceContext, id: number, change: { byDays: number } | 'cancelled'): Promise<void> {
  const { knex } = context.db;
  if (change === 'cancelled') await knex('student_company_drive').where({ id }).update({ status: 'cancelled' });
  else {
    const { starts_at: startsAt, ends_at: endsAt } = await knex('student_company_drive').where({ id }).first('starts_at', 'ends_at');
    const later = (date: Date) => new Date(date.getTime() + change.byDays * 24 * 60 * MINUTE);
    await knex('student_company_drive').where({ id }).update({ starts_at: later(startsAt), ends_at: later(endsAt), date: later(startsAt).toISOString().slice(0, 10) });
  }
  await followInterview(context, id);
}

export const studentsOf = async (context: ServiceContext, session: Session): Promise<number[]> =>
  (await rosterOf(context.db.knex, session.id)).map(({ studentId }) => studentId);
