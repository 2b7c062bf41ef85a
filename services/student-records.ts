// A student's attendance by subject, schedule, and history of single sessions (A16): the own ones, or of those whom one teaches or heads.
import { DateTime } from 'luxon';
import { type ClassOfStudent, classesOfStudent } from '../db/repositories/attendance-totals.ts';
import { findStudent, findStudents, type StudentOfSection } from '../db/repositories/people.ts';
import { type SessionOfStudent, sessionsOfStudents } from '../db/repositories/student-sessions.ts';
import { attendedOf, countedOf, percentageOf, sumCounts } from '../domain/attendance/percentage.ts';
import type { Counts, Status } from '../domain/attendance/statuses.ts';
import { Refusal } from '../domain/refusal.ts';
import { reaches, requirePermission, requireStudent } from './access.ts';
import type { Person, ServiceContext } from './context.ts';
import { grouped } from './grouped.ts';

export interface SubjectStanding {
  subjectId: number;
  subjectCode: string;
  subjectName: string;
  counts: Counts;
  /** Sessions attended, of those that count. */
  attended: number;
  total: number;
  /** Full precision; null where nothing counts. */
  percentage: number | null;
}

export interface Standing {
  student: StudentOfSection;
  subjects: SubjectStanding[];
  counts: Counts;
  percentage: number | null;
}

/**
 * A student's attendance in this term, by subject and overall; who teaches the student, and isn't the head of the department, sees the
 * own classes of it.
 * @param studentKey the public id, such as S230001, in any case
 * @throws Refusal not-found for a student out of reach
 */
export async function standingOf(context: ServiceContext, actor: Person, studentKey: string): Promise<Standing> {
  const { student, classes } = await classesInReach(context, actor, studentKey);
  const subjects = [...Map.groupBy(classes, ({ subjectId }) => subjectId).values()].map((ofSubject): SubjectStanding => {
    const { subjectId, subjectCode, subjectName } = ofSubject[0]!;
    const counts = sumCounts(ofSubject);
    return { subjectId, subjectCode, subjectName, counts, attended: attendedOf(counts), total: countedOf(counts), percentage: percentageOf(counts) };
  });
  const counts = sumCounts(subjects.map((subject) => subject.counts));
  return { student, subjects, counts, percentage: percentageOf(counts) };
}

/** A student with the classes of this term that the asking person may see. @throws Refusal not-found where that is nothing of theirs */
export async function classesInReach(
  context: ServiceContext, actor: Person, studentKey: string,
): Promise<{ student: StudentOfSection; classes: ClassOfStudent[] }> {
  requirePermission(actor, 'attendance.see');
  const { knex } = context.db;
  const student = isKey(studentKey) ? await findStudent(knex, actor.organisationId, studentKey.toUpperCase()) : undefined;
  if (!student) throw new Refusal('not-found');
  const classes = await classesOfStudent(knex, { ...student, date: todayOf(context).toISODate()! });
  const seen = classes.filter(({ facultyId }) => maySee(actor, student, [facultyId]));
  if (seen.length === 0 && !maySee(actor, student, [])) throw new Refusal('not-found');
  return { student, classes: seen };
}

const isKey = (text: string): boolean => /^[\x21-\x7e]{1,20}$/.test(text);

const maySee = (actor: Person, student: StudentOfSection, facultyIds: number[]): boolean => reaches(actor, 'attendance.see', { ...student, facultyIds });

const todayOf = (context: ServiceContext): DateTime => context.now().setZone(context.campus.timeZone).startOf('day');

export interface ClassRecord extends SessionOfStudent {
  /** The mark, or not_taken where none was given; null for a class that has not begun, or was called off. */
  attendance: Status | 'not_taken' | null;
}

/** Days of the campus, YYYY-MM-DD, both included. */
export interface Days {
  from: string;
  to: string;
}

const MOST_DAYS = 31;

/** A student's sessions that have begun, of some days (31 at the most), by start. @throws Refusal not-found, bad-request */
export async function historyOf(context: ServiceContext, actor: Person, studentKey: string, days: Days | undefined): Promise<ClassRecord[]> {
  const { student } = await classesInReach(context, actor, studentKey);
  const today = todayOf(context).toISODate()!;
  const records = await recordsOf(context, [student.studentId], days ?? { from: today, to: today });
  return records.filter(({ facultyId, attendance }) => attendance !== null && maySee(actor, student, [facultyId]));
}

export interface Schedule {
  student: StudentOfSection;
  classes: ClassRecord[];
  /** As it was asked for. */
  days: Days;
}

/** Students whose schedules are read together at the most. */
const MOST_TOGETHER = 25;

/**
 * Reads the asking student's classes of some days (31 at the most), those called off too. Students who ask at the same time, as they do when
 * a day begins, are read together. It throws Refusal not-allowed, bad-request.
 */
export function createScheduleReader(context: ServiceContext): (actor: Person, days: Days) => Promise<Schedule> {
  const read = grouped(async (asked: { studentId: number; days: Days }[]) => {
    const { knex } = context.db;
    const ids = [...new Set(asked.map(({ studentId }) => studentId))];
    const sameDays = [...Map.groupBy(asked, ({ days: { from, to } }) => `${from} ${to}`).values()];
    const [students, ...records] = await Promise.all([
      findStudents(knex, ids), ...sameDays.map((alike) => recordsOf(context, alike.map(({ studentId }) => studentId), alike[0]!.days)),
    ]);
    const classesOf = new Map(sameDays.map((alike, index) => [alike[0]!.days.from + alike[0]!.days.to, Map.groupBy(records[index]!, ({ studentId }) => studentId)]));
    return asked.map(({ studentId, days }): Schedule =>
      ({ student: students.get(studentId)!, classes: classesOf.get(days.from + days.to)!.get(studentId) ?? [], days }));
  }, { most: MOST_TOGETHER });
  return async (actor, days) => {
    requirePermission(actor, 'schedule.own');
    const { studentId } = requireStudent(actor);
    requireDays(context, days);
    return read({ studentId, days });
  };
}

/** Today of the campus, and the day after. */
export function dayAndNext(context: ServiceContext, date?: string): Days {
  const day = date === undefined ? todayOf(context) : DateTime.fromISO(date, { zone: context.campus.timeZone });
  return { from: day.toISODate()!, to: day.plus({ days: 1 }).toISODate()! };
}

/** The days of an ISO week such as 2027-W05. @throws Refusal bad-request for one that isn't there */
export function daysOfWeek(week: string): Days {
  const monday = DateTime.fromISO(week);
  if (!monday.isValid) throw new Refusal('bad-request', { field: 'week' });
  return { from: monday.toISODate(), to: monday.plus({ days: 6 }).toISODate() };
}

/** @throws Refusal bad-request for days in the wrong order, or too many */
function requireDays(context: ServiceContext, { from, to }: Days): void {
  const [first, last] = [from, to].map((date) => DateTime.fromISO(date, { zone: context.campus.timeZone })) as [DateTime, DateTime];
  if (last < first || last.diff(first, 'days').days >= MOST_DAYS) throw new Refusal('bad-request', { field: 'to' });
}

async function recordsOf(context: ServiceContext, studentIds: number[], days: Days): Promise<ClassRecord[]> {
  requireDays(context, days);
  const [first, last] = [days.from, days.to].map((date) => DateTime.fromISO(date, { zone: context.campus.timeZone })) as [DateTime, DateTime];
  const sessions = await sessionsOfStudents(context.db.knex, studentIds, first.toJSDate(), last.plus({ days: 1 }).toJSDate());
  const now = context.now().toJSDate();
  return sessions.map((session) => ({ ...session, attendance: attendanceIn(session, now) }));
}

function attendanceIn({ mark, status, startsAt }: SessionOfStudent, now: Date): ClassRecord['attendance'] {
  if (status === 'cancelled') return null;
  return mark ?? (startsAt <= now ? 'not_taken' : null);
}
