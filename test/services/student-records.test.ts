// Schedules that many students ask for at the same time.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sessionsOfStudent } from '../../db/repositories/sessions.ts';
import type { Person } from '../../services/context.ts';
import { personById } from '../../services/links.ts';
import { createScheduleReader, type Days } from '../../services/student-records.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { NOW } from './scene.ts';

let campus: TestCampus;
let people: Person[];
const context = () => testContext(campus.db, { now: NOW });

beforeAll(async () => {
  campus = await testCampus();
  const ids: number[] = await campus.db.knex('users').where({ role: 'student' }).orderBy('id').pluck('id');
  people = await Promise.all(ids.map(async (id) => (await personById(context(), id))!));
});
afterAll(() => campus?.close());

describe('A16 schedules that are asked for together', () => {
  const days: Days[] = [{ from: '2026-11-23', to: '2026-11-29' }, { from: '2026-11-24', to: '2026-11-25' }];

  test('are each student’s own, whatever days the others ask for, and take few statements', async () => {
    let statements = 0;
    const count = () => { statements += 1; };
    const reader = createScheduleReader(context());
    campus.db.knex.on('query', count);
    const read = await Promise.all(people.map((person, index) => reader(person, days[index % 2]!)));
    campus.db.knex.removeListener('query', count);
    expect(statements).toBeLessThan(people.length / 2);
    for (const [index, { student, classes }] of read.entries()) {
      const { from, to } = days[index % 2]!;
      const own = await sessionsOfStudent(campus.db.knex, people[index]!.studentId!, new Date(`${from}T00:00:00+05:30`), new Date(`${to}T23:59:59+05:30`));
      expect(student.studentId).toBe(people[index]!.studentId);
      expect(classes.map(({ sessionId }) => sessionId)).toEqual(own.map(({ id }) => id));
    }
  });

  test('one who may not, or asks for what can’t be, is refused alone', async () => {
    const reader = createScheduleReader(context());
    const teacher = (await personById(context(), (await campus.db.knex('users').where({ role: 'faculty' }).first('id')).id))!;
    const asked = await Promise.allSettled([reader(people[0]!, days[0]!), reader(teacher, days[0]!), reader(people[1]!, { from: '2026-11-24', to: '2026-11-23' })]);
    expect(asked.map((one) => (one.status === 'fulfilled' ? 'read' : one.reason.code))).toEqual(['read', 'not-allowed', 'bad-request']);
  });
});
