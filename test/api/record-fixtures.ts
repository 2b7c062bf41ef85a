// Records that single requests of the property-based client and of the walk over the roles are right about.
import { expect } from '@jest/globals';
import { insertTimetable } from '../../db/repositories/timetables.ts';
import { entriesToRows } from '../../domain/timetabling/campus-entries.ts';
import type { Session } from '../../db/repositories/sessions.ts';
import type { ServiceContext } from '../../services/context.ts';
import { keepSearchInput } from '../../services/timetables/inputs.ts';
import { slotIdsOf, universityOf } from '../../services/timetables/university.ts';

/** A job that has ended, with timetable 1 as its draft. */
export const ENDED_JOB = 'tt_00000000000e';

/**
 * A student and a faculty member with the id 1, another and a subject called FREE1, on all of which nothing hangs, and a question (id 1) to the lecturer of `asked` whether to
 * take `taken`. @returns bodies for requests about records and classes
 */
export async function recordsThere(context: ServiceContext, { asked, taken, student }: { asked: Session; taken: Session; student: string }): Promise<Record<string, object>> {
  const { knex } = context.db;
  const person = async (email: string, role: string) =>
    (await knex('users').insert({ organisation_id: 1, department_id: 1, email: `${email}@campus.example`, name: email, role }))[0];
  await knex('students').insert({ user_id: await person('leaver', 'student'), section_id: 1, student_id: '1', roll_number: 'L1' });
  await knex('faculty').insert({ user_id: await person('leaving-lecturer', 'faculty'), faculty_id: '1' });
  await knex('faculty').insert({ user_id: await person('free-lecturer', 'faculty'), faculty_id: 'FREE1' });
  await knex('subjects').insert({ organisation_id: 1, subject_code: 'FREE1', subject_mnemonic: 'F', subject_name: 'Free', subject_type: 'theory' });
  await knex('substitutions').insert({ id: 1, session_id: taken.id, substitute_id: asked.facultyId, asked_by: taken.facultyUserId, created_at: new Date() });
  const term = await knex('terms').orderBy('id').first('id', 'semester', 'academic_year');
  const now = new Date();
  await knex('generation_jobs').insert({
    job_id: ENDED_JOB, organization_id: 1, term_id: term.id, semester: term.semester, academic_year: term.academic_year, status: 'completed', progress: 100, seconds: 1, seed: 1,
    created_by_id: taken.facultyUserId, created_at: now, completed_at: now,
  });
  // A draft of the week as it is.
  const university = await universityOf(knex, context, term.id);
  const rows = entriesToRows(university.previous, university, await slotIdsOf(knex, term.id));
  await context.db.transaction(async (trx) => {
    await keepSearchInput(trx, ENDED_JOB, { university, clusters: [] });
    const draft = { jobId: ENDED_JOB, termId: term.id, variantName: 'Balanced', qualityScore: 50, parts: '[]', unplaced: '{"count":0,"meetings":[]}' };
    expect(await insertTimetable(trx, draft, rows, now)).toBe(1);
  });
  const { assignment_id, part, occurrence, day: weekday, start_time: start, room_id } = rows[0]!;
  const move = { assignment_id, part, occurrence, weekday, start, room_id };
  return {
    'POST /api/timetable/{timetable_id}/move-effect': move,
    'POST /api/timetable/{timetable_id}/moves': { moves: [move] },
    'POST /api/timetable/generate': { organization_id: 'DEMO', semester: term.semester, academic_year: term.academic_year, seconds: 1 },
    'POST /api/faculty/schedule/create': { assignment_id: asked.assignmentId, date: '2026-11-29', start_time: '19:00', end_time: '20:00', venue: asked.roomName },
    'PUT /api/faculty/schedule/update/{id}': { topic_discussed: 'What was discussed' },
    'POST /api/sessions/{sessionId}/substitute': { faculty_id: 'FREE1' },
    'POST /api/substitutions/{id}/answer': { answer: 'no' },
    'POST /api/crs': { id: student, mobile: '+91 90000 00000' },
    'PUT /api/terms': { academic_year: '2030-31', semester: 1, starts_on: '2030-07-01', ends_on: '2030-12-20' },
    'PUT /api/holidays': { date: '2026-11-24', name: 'Lantern Day' },
  };
}
