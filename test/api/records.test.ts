// The office's records one by one.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { HTTPMethods } from 'fastify';
import { startTestApi, type TestApi } from './harness.ts';

let campus: TestApi;
let office: number;
let admin: number;
beforeAll(async () => {
  campus = await startTestApi();
  [office] = (await campus.usersOf('registrar')) as [number];
  [admin] = (await campus.usersOf('admin')) as [number];
});
afterAll(() => campus.close());

const knex = () => campus.campus.db.knex;
const ask = (method: HTTPMethods, url: string, payload?: object, userId = admin) => campus.as(userId, { method, url, ...(payload && { payload }) });
const codeOf = (answer: { json(): { error?: { code: string } } }) => answer.json().error?.code ?? 'done';
const TODAY = '2026-11-22';

describe('A5 lists of records', () => {
  test('come a page at a time, none left out and none twice, and can be narrowed', async () => {
    const ids: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: { next_cursor: number | null; students: { id: string }[] } = (await ask('GET', `/api/students?limit=50&after=${after}`, undefined, office)).json();
      ids.push(...page.students.map(({ id }) => id));
      after = page.next_cursor;
    }
    expect(ids).toEqual(await knex()('students').orderBy('id').pluck('student_id'));
    const [{ name }] = await knex()('users').where({ role: 'student' }).limit(1).select('name');
    const found = (await ask('GET', `/api/students?search=${encodeURIComponent(name)}`, undefined, office)).json().students;
    expect(found.length > 0 && found.every((student: { name: string }) => student.name === name)).toBe(true);
    expect((await ask('GET', '/api/students?search=%25', undefined, office)).json().count).toBe(0);
  });

  test('can be asked for with signs that no id has', async () => {
    for (const url of ['/api/students?search=%F0%9F%98%80', '/api/subjects?search=%E0%A4%95', '/api/students?department=%E0%A4%95']) expect((await ask('GET', url)).json().count).toBe(0);
    for (const url of ['/api/crs/%F0%9F%98%80', '/api/subjects/remove/%E0%A4%95']) expect([400, 404]).toContain((await ask('DELETE', url)).statusCode);
  });

  test.each(['students', 'faculties', 'subjects', 'faculty-assignments', 'default-schedules'])('of %s answers', async (kind) => {
    const answer = (await ask('GET', `/api/${kind}?limit=2`, undefined, office)).json();
    expect([answer.success, answer.count, answer[kind.replace('-', '_')].length]).toEqual([true, 2, 2]);
  });
});

describe('A5 who leaves', () => {
  test('a student is on rosters until today and signed in no more; what has been stays', async () => {
    const { id, student_id: key, user_id: userId } = await knex()('students').orderBy('id', 'desc').first('id', 'student_id', 'user_id');
    const before = await knex()('student_subject').where({ student_id: id });
    expect((await ask('DELETE', `/api/students/remove/${key.toLowerCase()}`)).json()).toMatchObject({ success: true });
    expect((await campus.as(userId, '/api/me')).statusCode).toBe(401);
    const after = await knex()('student_subject').where({ student_id: id });
    expect([after.length, new Set(after.map(({ valid_to: end }) => end))]).toEqual([before.length, new Set([TODAY])]);
    expect(codeOf(await ask('DELETE', `/api/students/remove/${key}`))).toBe('not-found');
  });

  test('a faculty member and a subject stay while classes hang on them', async () => {
    const { key, code, faculty, subject } = await knex()('faculty_assignment as a').join('faculty as f', 'f.id', 'a.faculty_id').join('subjects as s', 's.id', 'a.subject_id')
      .first({ key: 'f.faculty_id', code: 's.subject_code', faculty: 'f.id', subject: 's.id' });
    expect(codeOf(await ask('DELETE', `/api/faculties/remove/${key}`))).toBe('still-taught');
    expect(codeOf(await ask('DELETE', `/api/subjects/remove/${code}`))).toBe('still-taught');
    await knex()('faculty_assignment').where({ faculty_id: faculty }).orWhere({ subject_id: subject }).update({ active: false });
    expect((await ask('DELETE', `/api/faculties/remove/${key}`)).statusCode).toBe(200);
    expect((await ask('DELETE', `/api/subjects/remove/${code}`)).statusCode).toBe(200);
    expect(await knex()('subjects').where({ id: subject }).pluck('active')).toEqual([0]);
  });
});

describe('A5 class representatives', () => {
  test('are appointed with their number, listed and dismissed', async () => {
    const { student_id: key, user_id: userId } = await knex()('students as s').join('users as u', 'u.id', 's.user_id').where({ 'u.role': 'student', 'u.active': true }).first('s.student_id', 's.user_id');
    const added = await ask('POST', '/api/crs', { id: key, mobile: '+91 98765 43210' }, office);
    expect([added.statusCode, added.json().newcr]).toMatchObject([201, { id: key, phone: '+91 98765 43210' }]);
    expect((await campus.as(userId, '/api/me')).json().role).toBe('cr');
    expect(codeOf(await ask('POST', '/api/crs', { id: key, mobile: '+91 98765 43210' }, office))).toBe('already-cr');
    expect((await ask('GET', '/api/crs', undefined, office)).json().crs.map(({ id }: { id: string }) => id)).toContain(key);
    expect((await ask('DELETE', `/api/crs/${key}`, undefined, office)).statusCode).toBe(200);
    expect((await campus.as(userId, '/api/me')).json().role).toBe('student');
    expect(codeOf(await ask('DELETE', `/api/crs/${key}`, undefined, office))).toBe('not-found');
  });
});

describe('A7 terms and holidays are data', () => {
  test('a term is set by its name, and set again it has other days', async () => {
    const term = { academic_year: '2027-28', semester: 2, starts_on: '2028-01-03', ends_on: '2028-05-31' };
    await ask('PUT', '/api/terms', term);
    const { terms } = (await ask('PUT', '/api/terms', { ...term, ends_on: '2028-06-09' })).json();
    expect(terms.filter((one: { academic_year: string }) => one.academic_year === '2027-28')).toMatchObject([{ ...term, ends_on: '2028-06-09' }]);
    expect(codeOf(await ask('PUT', '/api/terms', { ...term, ends_on: '2027-01-01' }))).toBe('bad-request');
  });

  test('a holiday is set and taken back, and the sessions to come follow', async () => {
    const wakes = () => knex()('intents').where({ workflow_id: 'make-sessions/1' });
    const before = (await wakes()).length;
    expect((await ask('PUT', '/api/holidays', { date: '2026-12-24', name: 'Lantern Day' })).json().holidays).toContainEqual({ date: '2026-12-24', name: 'Lantern Day' });
    expect((await ask('DELETE', '/api/holidays/2026-12-24')).statusCode).toBe(204);
    expect(codeOf(await ask('DELETE', '/api/holidays/2026-12-24'))).toBe('not-found');
    expect(codeOf(await ask('PUT', '/api/holidays', { date: '2026-11-20', name: 'Yesterday' }))).toBe('time-past');
    expect((await wakes()).length).toBe(before + 2);
  });
});
