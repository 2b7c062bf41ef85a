// The classes of this term that are still to come for students, and those of them that will count (A19).
import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import { holidaysOf } from '../db/repositories/campus.ts';
import { interviewsOfStudents } from '../db/repositories/interviews.ts';
import { grantedLeaves } from '../db/repositories/student-leave.ts';
import { datedClasses, type EnrolledClass, enrolledClasses, placesToCome, weeklyClasses } from '../db/repositories/term-rest.ts';
import { currentOrLastTerm, type Term } from '../db/repositories/terms.ts';
import { classesToCome, type ClassToCome, countingOf, type Stretch } from '../domain/attendance/remaining.ts';
import { busyWindow } from '../domain/interviews/busy-window.ts';
import { campusDay } from './campus-day.ts';
import type { ServiceContext } from './context.ts';

export interface RestOfTerm {
  term: Term;
  enrolled: EnrolledClass[];
  classes: ClassToCome[];
}

/** What these students, all of one institution, still have in this term; of one subject, or of all. Null without a term. */
export async function restOfTerm(
  knex: Knex, context: ServiceContext, students: { organisationId: number; studentIds: number[]; subjectId?: number },
): Promise<RestOfTerm | null> {
  const { organisationId, studentIds, subjectId } = students;
  const timeZone = context.campus.timeZone;
  const now = context.now().toJSDate();
  const date = DateTime.fromJSDate(now, { zone: timeZone }).toISODate()!;
  const term = await currentOrLastTerm(knex, organisationId, date);
  if (!term) return null;
  const enrolled = await enrolledClasses(knex, studentIds, { termId: term.id, date, ...(subjectId !== undefined && { subjectId }) });
  const assignmentIds = [...new Set(enrolled.map(({ assignmentId }) => assignmentId))];
  const [weekly, dated, holidays] = await Promise.all([
    weeklyClasses(knex, assignmentIds), datedClasses(knex, assignmentIds, date), holidaysOf(knex, organisationId, date),
  ]);
  // Before a term begins, its first day is the one from which on its weekly classes take place.
  const begins = DateTime.fromISO(term.startsOn, { zone: timeZone }).toJSDate();
  const classes = classesToCome(weekly, dated, { now: begins > now ? begins : now, timeZone, startsOn: term.startsOn, endsOn: term.endsOn, holidays: new Set(holidays) });
  return { term, enrolled, classes };
}

export interface CountingClasses extends RestOfTerm {
  /** How many classes to come of a subject will count for a student. */
  countingFor(studentId: number, subjectId: number): number;
}

/** The rest of the term with what is known to keep each student away: interviews with the way there, granted leave, places elsewhere. */
export async function countingRestOfTerm(
  knex: Knex, context: ServiceContext, students: { organisationId: number; studentIds: number[]; subjectId?: number },
): Promise<CountingClasses | null> {
  const rest = await restOfTerm(knex, context, students);
  if (!rest) return null;
  const now = context.now().toJSDate();
  const { studentIds } = students;
  const today = campusDay(context);
  const [interviews, leaves, places] = await Promise.all([
    interviewsOfStudents(knex, studentIds, today), grantedLeaves(knex, studentIds, now, null), placesToCome(knex, studentIds, now),
  ]);
  const absences = Map.groupBy<number, Stretch & { studentId: number }>([
    ...interviews.filter(({ status }) => status === 'confirmed').flatMap((interview) => {
      const window = busyWindow(interview, context.rules.bufferMinutes);
      return window === null ? [] : [{ studentId: interview.studentId, ...window }];
    }),
    ...leaves.map(({ studentId, startsAt, endsAt }) => ({ studentId, from: startsAt, to: endsAt })),
  ], ({ studentId }) => studentId);
  const placesOf = Map.groupBy(places, ({ studentId }) => studentId);
  const classesOf = Map.groupBy(rest.classes, ({ assignmentId }) => assignmentId);
  const enrolledOf = Map.groupBy(rest.enrolled, ({ studentId }) => studentId);
  return {
    ...rest,
    countingFor(studentId, subjectId) {
      const own = (enrolledOf.get(studentId) ?? []).filter((one) => one.subjectId === subjectId).flatMap(({ assignmentId }) => classesOf.get(assignmentId) ?? []);
      const elsewhere = (placesOf.get(studentId) ?? []).filter((place) => place.subjectId === subjectId);
      const left = own.filter(({ from }) => !elsewhere.some(({ insteadOfStart }) => insteadOfStart.getTime() === from.getTime()));
      const taken = elsewhere.filter(({ endsAt }) => endsAt > now).map(({ startsAt, endsAt }) => ({ assignmentId: 0, from: startsAt, to: endsAt }));
      return countingOf([...left, ...taken], absences.get(studentId) ?? []).length;
    },
  };
}
