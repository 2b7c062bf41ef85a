// What classes come to: a faculty member's dashboard, a class's past sessions, and a department by class, section and subject (A17).
import { departmentsOf } from '../db/repositories/campus.ts';
import {
  classesWithin, classesWithSessions, heldOfClasses, heldSessions, type HeldSession, type LastClass, marksOfSessions, type TaughtClass,
} from '../db/repositories/class-totals.ts';
import { facultyKeyOf } from '../db/repositories/people.ts';
import { sessionsOfFaculty, type Session } from '../db/repositories/sessions.ts';
import { noMarks, sumCounts } from '../domain/attendance/percentage.ts';
import type { Counts } from '../domain/attendance/statuses.ts';
import { Refusal } from '../domain/refusal.ts';
import { reachOf, requirePermission } from './access.ts';
import { campusDay } from './campus-day.ts';
import type { Person, ServiceContext } from './context.ts';
import { added, type Added, classesInReachOf } from './reports.ts';

export interface ClassOverview extends TaughtClass, Added {
  /** Completed sessions, and the last of them. */
  sessions: number;
  last: LastClass | null;
}

export interface FacultyDashboard {
  /** The public id of the faculty member. */
  facultyKey: string;
  classes: ClassOverview[];
  sessions: number;
  /** The unweighted mean of the classes' percentages, of those that have one: a small class says as much as a large one. */
  meanPercentage: number | null;
  today: Session[];
}

/** The asking faculty member's classes of this term and today's sessions. @throws Refusal not-allowed for anybody else */
export async function facultyDashboard(context: ServiceContext, actor: Person): Promise<FacultyDashboard> {
  requirePermission(actor, 'classes.own');
  const { facultyId, organisationId } = actor;
  if (facultyId === null) throw new Refusal('not-allowed');
  const { knex } = context.db;
  const day = context.now().setZone(context.campus.timeZone).startOf('day');
  const [facultyKey, taught, today] = await Promise.all([
    facultyKeyOf(knex, facultyId),
    classesWithin(knex, { organisationId, facultyId }, {}, day.toISODate()!),
    sessionsOfFaculty(knex, facultyId, day.toJSDate(), day.plus({ days: 1 }).toJSDate(), { includeCancelled: true }),
  ]);
  const classes = await overviewsOf(context, taught);
  return { facultyKey, classes, sessions: sum(classes.map(({ sessions }) => sessions)), meanPercentage: meanOf(classes.map(({ percentage }) => percentage)), today };
}

async function overviewsOf(context: ServiceContext, classes: TaughtClass[]): Promise<ClassOverview[]> {
  const held = await heldOfClasses(context.db.knex, classes.map(({ classId }) => classId));
  return classes.map((one) => {
    const { sessions = 0, last = null, counts = noMarks } = held.get(one.classId) ?? {};
    return { ...one, sessions, last, ...added(counts) };
  });
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

function meanOf(percentages: (number | null)[]): number | null {
  const known = percentages.filter((percentage) => percentage !== null);
  return known.length === 0 ? null : sum(known) / known.length;
}

/** Classes that belong together: a section's, or a subject's. */
export interface OverviewGroup extends Added {
  name: string;
  classes: number;
  sessions: number;
}

export interface Overview {
  classes: ClassOverview[];
  sections: OverviewGroup[];
  subjects: OverviewGroup[];
  all: Added;
}

/** This term's classes of the asking head's department, or of one or all departments for the office. @throws Refusal not-allowed; not-found for another department */
export async function overviewOf(context: ServiceContext, actor: Person, departmentId?: number): Promise<Overview> {
  requirePermission(actor, 'overviews.see');
  const isHead = reachOf(actor, 'overviews.see') === 'department';
  const { organisationId } = actor;
  const inReach = async (id: number) => (isHead ? id === actor.departmentId : (await departmentsOf(context.db.knex, organisationId)).some((one) => one.departmentId === id));
  if (departmentId !== undefined && !(await inReach(departmentId))) throw new Refusal('not-found');
  const date = campusDay(context);
  const whose = isHead ? { organisationId, departmentId: actor.departmentId } : { organisationId };
  const classes = await overviewsOf(context, await classesWithin(context.db.knex, whose, { departmentId }, date));
  return {
    classes, sections: grouped(classes, ({ sectionName }) => sectionName), subjects: grouped(classes, ({ subjectCode, subjectName }) => `${subjectCode} ${subjectName}`),
    all: added(sumCounts(classes.map(({ counts }) => counts))),
  };
}

function grouped(classes: ClassOverview[], nameOf: (one: ClassOverview) => string): OverviewGroup[] {
  return [...Map.groupBy(classes, nameOf)].map(([name, ofGroup]) => ({
    name, classes: ofGroup.length, sessions: sum(ofGroup.map(({ sessions }) => sessions)), ...added(sumCounts(ofGroup.map(({ counts }) => counts))),
  })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface SessionWithMarks extends Omit<HeldSession, keyof Counts>, Added {
  /** How many students were expected. */
  expected: number;
  students: { studentKey: string; name: string; status: string }[];
}

export interface ClassSessions {
  sessions: SessionWithMarks[];
  /** How many completed sessions the class has had. */
  total: number;
}

/** A class's completed sessions, the newest first, a page of them. @throws Refusal not-allowed; not-found for a class out of reach */
export async function classSessions(
  context: ServiceContext, actor: Person, classId: number, { page, limit, withStudents }: { page: number; limit: number; withStudents: boolean },
): Promise<ClassSessions> {
  const { knex } = context.db;
  const [taught] = await classesWithSessions(knex, classesInReachOf(actor), { classId }, '', null);
  if (!taught) throw new Refusal('not-found');
  const sessions = await heldSessions(knex, classId, { offset: (page - 1) * limit, limit });
  const marks = Map.groupBy(withStudents ? await marksOfSessions(knex, sessions.map(({ sessionId }) => sessionId)) : [], ({ sessionId }) => sessionId);
  return {
    total: taught.sessions,
    sessions: sessions.map((session) => {
      const counts = sumCounts([session]);
      return { ...session, ...added(counts), expected: sum(Object.values(counts)), students: marks.get(session.sessionId) ?? [] };
    }),
  };
}
