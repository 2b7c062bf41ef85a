// Reports over classes and the list of defaulters (A18). What a person may see is whose the classes are; it is given class by class, so
// that a whole campus never has to be in memory.
import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import {
  type ClassesOf, type ClassFilter, classesWithin, classesWithSessions, marksByClass, marksInSubject, type Period, type TaughtClass,
} from '../db/repositories/class-totals.ts';
import { namesOf } from '../db/repositories/people.ts';
import { attendedOf, countedOf, isBelow, percentageOf, sumCounts } from '../domain/attendance/percentage.ts';
import type { Counts } from '../domain/attendance/statuses.ts';
import { Refusal } from '../domain/refusal.ts';
import { reachOf, requirePermission } from './access.ts';
import type { Person, ServiceContext } from './context.ts';

/** Classes whose students are read at once. */
const AT_ONCE = 20;

export interface ReportQuery extends ClassFilter {
  /** Days of the campus, YYYY-MM-DD, both included; without them the whole term. */
  from?: string | undefined;
  to?: string | undefined;
  /** Goes on after this class. */
  after?: number | undefined;
}

/** What counts add up to. */
export interface Added {
  counts: Counts;
  attended: number;
  total: number;
  /** Full precision; null where nothing counts. */
  percentage: number | null;
}

export interface StudentLine extends Added {
  studentKey: string;
  rollNumber: string;
  name: string;
}

export interface ClassReport extends Added {
  class: TaughtClass;
  /** Completed sessions. */
  sessions: number;
  /** By roll number: everybody with a mark in them. */
  students: StudentLine[];
}

export function added(counts: Counts): Added {
  return { counts, attended: attendedOf(counts), total: countedOf(counts), percentage: percentageOf(counts) };
}

/** Whose classes a person's reports are about. @throws Refusal not-allowed */
export function classesInReachOf(actor: Person): ClassesOf {
  requirePermission(actor, 'reports.see');
  const { organisationId, facultyId, departmentId } = actor;
  const reach = reachOf(actor, 'reports.see');
  return reach === 'campus' ? { organisationId } : { organisationId, facultyId, ...(reach === 'department' && { departmentId }) };
}

type FindClasses<Class> = (knex: Knex, whose: ClassesOf, filter: ClassFilter, date: string, period: Period | null) => Promise<Class[]>;

/** @throws Refusal not-allowed; not-found for a class out of reach; bad-request for days in the wrong order, and a class to go on after that isn't there */
async function chunksOf<Class extends TaughtClass>(
  context: ServiceContext, actor: Person, query: ReportQuery, find: FindClasses<Class>,
): Promise<{ chunks: Class[][]; period: Period | null; asOf: string }> {
  const whose = classesInReachOf(actor);
  const { period, asOf } = periodOf(context, query);
  const all = await find(context.db.knex, whose, query, asOf, period);
  if (query.classId !== undefined && all.length === 0) throw new Refusal('not-found');
  const last = all.findIndex(({ classId }) => classId === query.after);
  if (query.after !== undefined && last === -1) throw new Refusal('bad-request', { field: 'after' });
  const classes = all.slice(last + 1);
  return { chunks: Array.from({ length: Math.ceil(classes.length / AT_ONCE) }, (_, index) => classes.slice(index * AT_ONCE, (index + 1) * AT_ONCE)), period, asOf };
}

function periodOf(context: ServiceContext, { from, to }: ReportQuery): { period: Period | null; asOf: string } {
  const zone = context.campus.timeZone;
  const today = context.now().setZone(zone).toISODate()!;
  if (from === undefined && to === undefined) return { period: null, asOf: today };
  const first = DateTime.fromISO(from ?? '2000-01-01', { zone });
  const last = DateTime.fromISO(to ?? today, { zone });
  if (last < first) throw new Refusal('bad-request', { field: 'to' });
  return { period: { from: first.toJSDate(), to: last.plus({ days: 1 }).toJSDate() }, asOf: last.toISODate()! };
}

/** The classes that are asked for and within reach, one after another, with everybody's marks in them. @throws as chunksOf, before the first */
export async function reportOf(context: ServiceContext, actor: Person, query: ReportQuery): Promise<AsyncGenerator<ClassReport>> {
  const { chunks, period } = await chunksOf(context, actor, query, classesWithSessions);
  const { knex } = context.db;
  return (async function* classByClass() {
    for (const classes of chunks) {
      const ids = classes.map(({ classId }) => classId);
      const byClass = Map.groupBy(await marksByClass(knex, ids, period), ({ classId }) => classId);
      for (const one of classes) {
        const ofClass = byClass.get(one.classId) ?? [];
        const students = ofClass.map((marksOf): StudentLine => ({
          studentKey: marksOf.studentKey, rollNumber: marksOf.rollNumber, name: marksOf.name, ...added(sumCounts([marksOf])),
        }));
        yield { class: one, sessions: one.sessions, students, ...added(sumCounts(ofClass)) };
      }
    }
  })();
}

export interface Defaulters {
  class: TaughtClass;
  /** By roll number: those enrolled whose attendance in the subject is below the threshold. */
  students: StudentLine[];
}

/**
 * Who is below a threshold (per cent) in the subject of a class, counting the subject wherever the student attended it in the term. Classes
 * without defaulters are given too. @throws as chunksOf, before the first
 */
export async function defaultersOf(
  context: ServiceContext, actor: Person, { thresholdPercent, ...query }: ReportQuery & { thresholdPercent: number },
): Promise<AsyncGenerator<Defaulters>> {
  const { chunks, period, asOf } = await chunksOf(context, actor, query, coursesWithin);
  const { knex } = context.db;
  return (async function* classByClass() {
    for (const classes of chunks) {
      const day = classes.reduce((least, { termEndsOn }) => (termEndsOn < least ? termEndsOn : least), asOf);
      const below = (await marksInSubject(knex, classes.map(({ classId }) => classId), day, period)).filter((marks) => isBelow(marks, thresholdPercent));
      const names = await namesOf(knex, [...new Set(below.map(({ studentId }) => studentId))]);
      const byClass = Map.groupBy(below, ({ classId }) => classId);
      for (const one of classes) {
        const students = (byClass.get(one.classId) ?? []).map((marks): StudentLine => ({ ...names.get(marks.studentId)!, ...added(sumCounts([marks])) }));
        yield { class: one, students: students.sort((a, b) => (a.rollNumber < b.rollNumber ? -1 : 1)) };
      }
    }
  })();
}

/** Classes, of which a course whose teaching was passed on, or is shared, is there once. */
const coursesWithin: FindClasses<TaughtClass> = async (knex, whose, filter, date) => {
  const classes = await classesWithin(knex, whose, filter, date);
  return [...Map.groupBy(classes, ({ sectionId, subjectId, termId }) => `${sectionId} ${subjectId} ${termId}`).values()].map(([first]) => first!);
};
