// A session's roll: who is expected, with their marks and what looked odd about them.
import { type Taking, findTaking } from '../db/repositories/attendance-sessions.ts';
import { flagsOf, type KeptFlag } from '../db/repositories/flags.ts';
import { type Mark, marksOf } from '../db/repositories/marks.ts';
import { namesOf } from '../db/repositories/people.ts';
import { rosterOf, type Session } from '../db/repositories/sessions.ts';
import type { Status } from '../domain/attendance/statuses.ts';
import type { Person, ServiceContext } from './context.ts';
import { reachableSession } from './reachable.ts';

export interface RollLine {
  /** The public id, such as S230001. */
  studentId: string;
  studentName: string;
  rollNumber: string;
  /** not_taken: there is no mark, which is no absence. */
  status: Status | 'not_taken';
  method: Mark['method'] | null;
  receivedAt: Date | null;
  /** Attends another class instead. */
  away: boolean;
  flags: Pick<KeptFlag, 'id' | 'kind' | 'evidence' | 'verdict'>[];
}

export interface Roll {
  session: Session;
  /** not_taken: it was never opened. */
  status: Taking['status'] | 'not_taken';
  students: RollLine[];
}

/** By roll number. @throws Refusal not-found, not-allowed */
export async function rollOf(context: ServiceContext, actor: Person, sessionId: number): Promise<Roll> {
  const { knex } = context.db;
  const session = await reachableSession(knex, actor, 'rosters.see', sessionId);
  const [taking, roster, marks, flags] = await Promise.all([
    findTaking(knex, sessionId), rosterOf(knex, sessionId), marksOf(knex, sessionId), flagsOf(knex, sessionId),
  ]);
  const markOf = new Map(marks.map((mark) => [mark.studentId, mark]));
  const away = new Map(roster.map((student) => [student.studentId, student.away]));
  // Whoever has a mark is shown, also when the roster has changed since.
  const names = await namesOf(knex, [...new Set([...away.keys(), ...markOf.keys()])]);
  const flagsByStudent = Map.groupBy(flags, ({ studentId }) => studentId);
  return {
    session, status: taking?.status ?? 'not_taken',
    students: [...names].map(([id, { studentKey, name, rollNumber }]) => {
      const mark = markOf.get(id);
      return {
        studentId: studentKey, studentName: name, rollNumber, status: mark?.status ?? 'not_taken', method: mark?.method ?? null, receivedAt: mark?.receivedAt ?? null,
        away: away.get(id) ?? false, flags: flagsByStudent.get(id) ?? [],
      };
    }),
  };
}
