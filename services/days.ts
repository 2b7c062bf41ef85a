// What a person has today or this week, and the student's dashboard (I23): one call, one page, one bot answer.
import { DateTime } from 'luxon';
import { interviewsOfStudent, type KeptInterview } from '../db/repositories/interviews.ts';
import { rescheduledOfStudent } from '../db/repositories/rescheduling.ts';
import { attendanceOf, excusedSessions } from '../db/repositories/attendance.ts';
import { sessionsOfFaculty, sessionsOfStudent, type Session } from '../db/repositories/sessions.ts';
import { Refusal } from '../domain/refusal.ts';
import { requireStudent } from './access.ts';
import type { Actor, Person, ServiceContext } from './context.ts';

export interface DayPlan {
  /** The campus's day, YYYY-MM-DD. */
  date: string;
  sessions: (Session & { excused: boolean })[];
  interviews: KeptInterview[];
}

/** The asking person's classes and interviews of a day of the campus (default today). */
export async function dayOf(context: ServiceContext, actor: Person, date?: string): Promise<DayPlan> {
  const { knex } = context.db;
  const day = startOf(context, date);
  const range = [day.toJSDate(), day.plus({ days: 1 }).toJSDate()] as const;
  const isoDate = day.toISODate()!;
  if (actor.studentId === null) {
    const sessions = actor.facultyId === null ? [] : await sessionsOfFaculty(knex, actor.facultyId, ...range);
    return { date: isoDate, sessions: sessions.map((session) => ({ ...session, excused: false })), interviews: [] };
  }
  const sessions = await sessionsOfStudent(knex, actor.studentId, ...range);
  const excused = new Set(await excusedSessions(knex, actor.studentId, sessions.map((session) => session.id)));
  const interviews = await interviewsOfStudent(knex, actor.studentId, isoDate);
  return {
    date: isoDate,
    sessions: sessions.map((session) => ({ ...session, excused: excused.has(session.id) })),
    interviews: interviews.filter((interview) => interview.date === isoDate && interview.status !== 'rejected'),
  };
}

function startOf(context: ServiceContext, date: string | undefined): DateTime {
  const today = context.now().setZone(context.campus.timeZone).startOf('day');
  if (date === undefined) return today;
  const wanted = DateTime.fromISO(date, { zone: today.zone });
  if (!wanted.isValid || wanted.toISODate() !== date) throw new Refusal('bad-request', { field: 'date' });
  return wanted;
}

export interface Dashboard {
  name: string;
  interviews: KeptInterview[];
  rescheduledClasses: Awaited<ReturnType<typeof rescheduledOfStudent>>;
  attendance: { sessionId: number; subjectCode: string; startsAt: Date; status: string; provisional: boolean }[];
}

/** The asking student's upcoming interviews, rescheduled classes and attendance (the last thirty days and what is excused ahead). */
export async function dashboardOf(context: ServiceContext, actor: Actor): Promise<Dashboard> {
  const student = requireStudent(actor);
  const { knex } = context.db;
  const today = context.now().setZone(context.campus.timeZone).startOf('day');
  const [interviews, rescheduledClasses, attendance] = await Promise.all([
    interviewsOfStudent(knex, student.studentId, today.toISODate()!),
    rescheduledOfStudent(knex, student.studentId, today.toJSDate()),
    attendanceOf(knex, student.studentId, today.minus({ days: 30 }).toJSDate()),
  ]);
  return {
    name: student.name,
    interviews: interviews.filter((interview) => interview.status !== 'rejected'), rescheduledClasses, attendance,
  };
}
