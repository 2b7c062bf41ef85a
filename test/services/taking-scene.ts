// A small campus with a clock that tests set, and what those of attendance ask of it: a class with its teacher and its students.
import { DateTime } from 'luxon';
import { findSession, rosterOf, type Session } from '../../db/repositories/sessions.ts';
import type { CampusRules, Person, ServiceContext } from '../../services/context.ts';
import { personById } from '../../services/links.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';

export type Student = Person & { studentId: number };

export interface TakingScene {
  campus: TestCampus;
  context: ServiceContext;
  /** Sets the clock: an instant, or minutes after a session's begin. */
  at(time: Date | string): void;
  minutesInto(session: Session, minutes: number): void;
  /** A class that no test has used yet. */
  nextClass(where?: Record<string, unknown>): Promise<Class>;
  person(userId: number): Promise<Person>;
  close(): Promise<void>;
}

export interface Class {
  session: Session;
  teacher: Person;
  students: Student[];
}

export async function takingScene({ students = 120, rules = {}, serverUrl = undefined as string | undefined }: { students?: number; rules?: Partial<CampusRules>; serverUrl?: string | undefined } = {}): Promise<TakingScene> {
  const campus = await testCampus({ students, serverUrl });
  let now = DateTime.fromISO('2026-11-23T02:00:00Z', { zone: 'utc' });
  const context = testContext(campus.db, { now: () => now, rules });
  const used: number[] = [];
  const person = async (userId: number) => (await personById(context, userId))!;
  return {
    campus, context, person,
    at(time) {
      now = (time instanceof Date ? DateTime.fromJSDate(time) : DateTime.fromISO(time)).toUTC();
    },
    minutesInto(session, minutes) {
      now = DateTime.fromJSDate(session.startsAt).toUTC().plus({ minutes });
    },
    async nextClass(where = {}) {
      const [id] = await campus.db.knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id')
        .where({ 's.status': 'scheduled', ...where }).whereNotIn('s.id', used).orderBy('s.starts_at').orderBy('s.id').limit(1).pluck('s.id');
      used.push(id);
      const session = (await findSession(campus.db.knex, id))!;
      const roster = await rosterOf(campus.db.knex, id);
      const students = await Promise.all(roster.map(async ({ userId }) => (await person(userId)) as Student));
      return { session, teacher: await person(session.facultyUserId), students };
    },
    close: () => campus.close(),
  };
}
