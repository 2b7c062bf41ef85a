// Dated classes (`schedule`) and their rosters as of their date.
import type { Knex } from 'knex';
import { LONGEST_CLASS_MS } from '../../domain/calendar/slots.ts';
import type { Trx } from '../connection.ts';

export interface Session {
  id: number;
  assignmentId: number;
  subjectId: number;
  sectionId: number;
  departmentId: number;
  organisationId: number;
  /** Who takes it: the substitute, else whom it is assigned to. */
  facultyId: number;
  assignedFacultyId: number;
  facultyUserId: number;
  roomId: number;
  startsAt: Date;
  endsAt: Date;
  /** The campus's day, YYYY-MM-DD. */
  date: string;
  timeZone: string;
  kind: 'regular' | 'makeup';
  /** Of a makeup: the class that it makes up. */
  makesUpId: number | null;
  /** Students of other sections who attend it. */
  guests: number;
  status: 'scheduled' | 'completed' | 'cancelled';
  sequence: number;
  updatedAt: Date;
  topic: string | null;
  subjectCode: string;
  subjectName: string;
  subjectType: 'theory' | 'lab';
  /** As people call it: department, year and letter, such as CSE-3A. */
  sectionName: string;
  roomName: string;
  roomCapacity: number;
  facultyName: string;
}

const COLUMNS = {
  id: 's.id', assignmentId: 's.assignment_id', subjectId: 'a.subject_id', sectionId: 'a.section_id', facultyId: 'f.id', assignedFacultyId: 'a.faculty_id',
  roomId: 's.room_id', startsAt: 's.starts_at', endsAt: 's.ends_at', date: 's.date', timeZone: 's.time_zone',
  kind: 's.kind', makesUpId: 's.makes_up_id', guests: 's.guests', status: 's.status',
  sequence: 's.sequence', updatedAt: 's.updated_at', topic: 's.topic_discussed', departmentId: 'sec.department_id', organisationId: 'd.organisation_id',
  facultyUserId: 'f.user_id', subjectCode: 'sub.subject_code', subjectName: 'sub.subject_name', subjectType: 'sub.subject_type',
  roomName: 'r.name', roomCapacity: 'r.capacity', facultyName: 'fu.name',
} as const;

function sessions(knex: Knex): Knex.QueryBuilder {
  return knex('schedule as s')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('sections as sec', 'sec.id', 'a.section_id')
    .join('departments as d', 'd.id', 'sec.department_id')
    .joinRaw('join faculty as f on f.id = coalesce(s.substitute_id, a.faculty_id)')
    .join('users as fu', 'fu.id', 'f.user_id')
    .join('subjects as sub', 'sub.id', 'a.subject_id')
    .join('rooms as r', 'r.id', 's.room_id')
    .select(COLUMNS)
    .select(knex.raw("concat(d.code, '-', sec.year, sec.name) as sectionName"));
}

/** Joins the enrolments that put a student on a session's roster on its date. */
function onRoster(this: Knex.JoinClause): void {
  this.on('e.section_id', 'a.section_id').andOn('e.subject_id', 'a.subject_id').andOn('e.valid_from', '<=', 's.date');
}

/** A regular class that is in force for the enrolment on its date. A makeup is for those who attend it instead of another class. */
const stillEnrolled = (query: Knex.QueryBuilder) => {
  void query.where('s.kind', 'regular').where((valid) => valid.whereNull('e.valid_to').orWhereRaw('e.valid_to > s.date'));
};

const statusesShown = (includeCancelled: boolean) => (includeCancelled ? ['scheduled', 'completed', 'cancelled'] : ['scheduled', 'completed']);

export async function findSession(knex: Knex, id: number): Promise<Session | undefined> {
  const [session] = await sessions(knex).where('s.id', id);
  return session;
}

/** A session of a student's, and the one attended instead, if any. */
export type StudentSession = Session & { replacedById: number | null };

/** A student's sessions that overlap [from, to), by start: the classes enrolled for, and what is attended instead of one. */
export async function sessionsOfStudent(
  knex: Knex, studentId: number, from: Date, to: Date, { includeCancelled = false } = {},
): Promise<StudentSession[]> {
  const shown = () => sessions(knex)
    .leftJoin('replacements as x', (join) => join.on('x.instead_of_id', 's.id').andOn('x.student_id', knex.raw('?', [studentId])))
    .whereIn('s.status', statusesShown(includeCancelled))
    .andWhere({ 's.archived': false })
    .andWhere('s.starts_at', '<', to)
    .andWhere('s.ends_at', '>', from)
    .select({ replacedById: 'x.session_id' });
  const [enrolled, instead] = await Promise.all([
    shown().join('student_subject as e', onRoster).where('e.student_id', studentId).modify(stillEnrolled),
    shown().join('replacements as p', 'p.session_id', 's.id').where('p.student_id', studentId),
  ]);
  return [...enrolled, ...instead].sort((a, b) => a.startsAt - b.startsAt || a.id - b.id);
}

/** The sessions that a faculty member takes and that overlap [from, to), by start. */
export async function sessionsOfFaculty(
  knex: Knex, facultyId: number, from: Date, to: Date, { includeCancelled = false } = {},
): Promise<Session[]> {
  const shown = () => sessions(knex)
    .whereIn('s.status', statusesShown(includeCancelled))
    .andWhere({ 's.archived': false })
    .andWhere('s.starts_at', '<', to)
    // So that the index leads past all that was before.
    .andWhere('s.starts_at', '>', new Date(from.getTime() - LONGEST_CLASS_MS))
    .andWhere('s.ends_at', '>', from);
  const [own, taken]: Session[][] = await Promise.all([
    shown().where('a.faculty_id', facultyId).whereNull('s.substitute_id'), shown().where('s.substitute_id', facultyId),
  ]);
  return [...own!, ...taken!].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime() || a.id - b.id);
}

/** A student on a session's roster. */
export interface Attendee {
  studentId: number;
  userId: number;
  /** The class that this session is attended instead of; null for who is enrolled. */
  insteadOfId: number | null;
  /** Attends another session instead of this one. */
  away: boolean;
}

/** The students on a session's roster on its date, by id: those enrolled, and those who attend it instead of another class. */
export async function rosterOf(knex: Knex, sessionId: number): Promise<Attendee[]> {
  return (await rostersOf(knex, [sessionId])).get(sessionId)!;
}

/** The rosters of several sessions, by their ids. */
export async function rostersOf(knex: Knex, sessionIds: number[]): Promise<Map<number, Attendee[]>> {
  if (sessionIds.length === 0) return new Map();
  type Row = { sessionId: number; studentId: number; userId: number; insteadOfId?: number };
  const [enrolled, instead, away]: [Row[], Row[], { sessionId: number; studentId: number }[]] = await Promise.all([
    knex('schedule as s')
      .join('faculty_assignment as a', 'a.id', 's.assignment_id')
      .join('student_subject as e', onRoster)
      .join('students as st', 'st.id', 'e.student_id')
      .whereIn('s.id', sessionIds)
      .modify(stillEnrolled)
      .distinct({ sessionId: 's.id', studentId: 'st.id', userId: 'st.user_id' }),
    knex('replacements as p')
      .join('students as st', 'st.id', 'p.student_id')
      .whereIn('p.session_id', sessionIds)
      .select({ sessionId: 'p.session_id', studentId: 'st.id', userId: 'st.user_id', insteadOfId: 'p.instead_of_id' }),
    knex('replacements').whereIn('instead_of_id', sessionIds).select({ sessionId: 'instead_of_id', studentId: 'student_id' }),
  ]);
  const gone = new Set(away.map(keyOfAttendee));
  const comesInstead = new Set(instead.map(keyOfAttendee));
  const rows = Map.groupBy([...enrolled.filter((row) => !comesInstead.has(keyOfAttendee(row))), ...instead], (row) => row.sessionId);
  return new Map(sessionIds.map((sessionId) => [sessionId, (rows.get(sessionId) ?? [])
    .map((row) => ({ studentId: row.studentId, userId: row.userId, insteadOfId: row.insteadOfId ?? null, away: gone.has(keyOfAttendee(row)) }))
    .sort((a, b) => a.studentId - b.studentId)]));
}

const keyOfAttendee = ({ sessionId, studentId }: { sessionId: number; studentId: number }) => `${sessionId} ${studentId}`;

/** Whom a session is really for: its roster without those who attend another one instead. */
export async function attendeesOf(knex: Knex, sessionId: number): Promise<Attendee[]> {
  return (await rosterOf(knex, sessionId)).filter((student) => !student.away);
}

/**
 * Classes that these students are enrolled for and have not left for another, where they overlap [from, to): one row per student and
 * session. What Beadle booked for them is among their claims. The courses' sessions are read once, not once a student.
 */
export async function classesOfStudents(
  knex: Knex, studentIds: number[], from: Date, to: Date, { except }: { except?: number | undefined },
): Promise<{ studentId: number; sessionId: number; startsAt: Date; endsAt: Date; subjectCode: string }[]> {
  if (studentIds.length === 0) return [];
  const enrolled = knex('student_subject').whereIn('student_id', studentIds);
  const [enrolments, held, away] = await Promise.all([
    enrolled.clone().select<Enrolment[]>({
      studentId: 'student_id', sectionId: 'section_id', subjectId: 'subject_id', validFrom: 'valid_from', validTo: 'valid_to',
    }),
    // In this order whatever the statistics say: where they are not of today, the other way round takes fifty times as long.
    knex(enrolled.clone().distinct('section_id', 'subject_id').as('e'))
      .joinRaw('straight_join faculty_assignment as a on a.section_id = e.section_id and a.subject_id = e.subject_id')
      .joinRaw('straight_join schedule as s on s.assignment_id = a.id')
      .join('subjects as sub', 'sub.id', 'a.subject_id')
      .where('s.starts_at', '<', to)
      .andWhere('s.ends_at', '>', from)
      .andWhere('s.status', 'scheduled')
      .andWhere('s.kind', 'regular')
      .modify((query) => {
        if (except !== undefined) void query.andWhereNot('s.id', except);
      })
      .select<HeldSession[]>({
        sessionId: 's.id', sectionId: 'e.section_id', subjectId: 'e.subject_id', date: 's.date', startsAt: 's.starts_at', endsAt: 's.ends_at', subjectCode: 'sub.subject_code',
      }),
    knex('replacements').whereIn('student_id', studentIds).select<{ studentId: number; sessionId: number }[]>({ studentId: 'student_id', sessionId: 'instead_of_id' }),
  ]);
  const isAway = new Set(away.map(({ studentId, sessionId }) => `${studentId} ${sessionId}`));
  const courseOf = ({ sectionId, subjectId }: Pick<Enrolment, 'sectionId' | 'subjectId'>) => `${sectionId} ${subjectId}`;
  const sessionsOf = Map.groupBy(held, courseOf);
  return enrolments.flatMap((enrolment) => (sessionsOf.get(courseOf(enrolment)) ?? [])
    .filter(({ date }) => enrolment.validFrom <= date && (enrolment.validTo === null || enrolment.validTo > date))
    .filter(({ sessionId }) => !isAway.has(`${enrolment.studentId} ${sessionId}`))
    .map(({ sessionId, startsAt, endsAt, subjectCode }) => ({ studentId: enrolment.studentId, sessionId, startsAt, endsAt, subjectCode })));
}

/** Days are YYYY-MM-DD; `validTo` is the first on which it no longer holds. */
interface Enrolment {
  studentId: number;
  sectionId: number;
  subjectId: number;
  validFrom: string;
  validTo: string | null;
}

interface HeldSession extends Pick<Session, 'date' | 'startsAt' | 'endsAt' | 'subjectCode'>, Pick<Enrolment, 'sectionId' | 'subjectId'> {
  sessionId: number;
}

/** Classes of the same subject in other sections that begin in [from, to), by start: where a seat may be free. */
export async function parallelSessions(knex: Knex, session: Session, from: Date, to: Date): Promise<Session[]> {
  return sessions(knex)
    .where({ 'a.subject_id': session.subjectId, 's.status': 'scheduled', 's.kind': 'regular' })
    .andWhereNot('a.section_id', session.sectionId)
    .andWhere('s.starts_at', '>=', from)
    .andWhere('s.starts_at', '<', to)
    .orderBy(['s.starts_at', 's.id']);
}

/** Of these windows, the keys of those in which the student has a class to come. */
export async function windowsWithClasses<Key>(
  knex: Knex, windows: { key: Key; studentId: number; from: Date; to: Date }[], now: Date,
): Promise<Key[]> {
  if (windows.length === 0) return [];
  const within = (student: string) => (query: Knex.QueryBuilder) => {
    void query
      .where('s.status', 'scheduled')
      .andWhere('s.starts_at', '>', now)
      .andWhere((any) => {
        for (const { studentId, from, to } of windows) {
          void any.orWhere((one) => void one.where(student, studentId).andWhere('s.starts_at', '<', to).andWhere('s.ends_at', '>', from));
        }
      })
      .select({ studentId: student, startsAt: 's.starts_at', endsAt: 's.ends_at' });
  };
  const [enrolled, instead]: { studentId: number; startsAt: Date; endsAt: Date }[][] = await Promise.all([
    knex('student_subject as e')
      .join('faculty_assignment as a', (join) => join.on('a.section_id', 'e.section_id').andOn('a.subject_id', 'e.subject_id'))
      .join('schedule as s', 's.assignment_id', 'a.id')
      .whereRaw('e.valid_from <= s.date')
      .modify(stillEnrolled)
      .modify(within('e.student_id')),
    knex('replacements as p').join('schedule as s', 's.id', 'p.session_id').modify(within('p.student_id')),
  ]);
  const classes = Map.groupBy([...enrolled!, ...instead!], (row) => row.studentId);
  return windows
    .filter(({ studentId, from, to }) => classes.get(studentId)?.some((one) => one.startsAt < to && one.endsAt > from))
    .map(({ key }) => key);
}

/** Makes a makeup class of a session, for the same section, subject and faculty member. @returns its id */
export async function insertMakeup(
  trx: Trx, session: Session, to: { startsAt: Date; endsAt: Date; date: string; roomId: number }, now: Date,
): Promise<number> {
  const [id] = await trx('schedule').insert({
    assignment_id: session.assignmentId, room_id: to.roomId, kind: 'makeup', makes_up_id: session.id, planned_date: to.date, date: to.date,
    starts_at: to.startsAt, ends_at: to.endsAt, time_zone: session.timeZone, updated_at: now,
  });
  return id!;
}

/** Notes what was discussed in a session; null takes it away. */
export async function setTopic(trx: Trx, id: number, topic: string | null, now: Date): Promise<void> {
  await trx('schedule').where({ id }).update({ topic_discussed: topic, updated_at: now });
}

/** Calls a session off: it stays as a row, its calendars learn of it. */
export async function cancelSessionRow(trx: Trx, id: number, now: Date): Promise<void> {
  await trx('schedule').where({ id }).update({ status: 'cancelled', sequence: trx.raw('sequence + 1'), updated_at: now });
}

/** Gives a session its new time and room; calendars learn of it by the raised sequence. */
export async function moveSessionRow(
  trx: Trx, id: number, to: { startsAt: Date; endsAt: Date; date: string; roomId: number }, now: Date,
): Promise<void> {
  await trx('schedule').where({ id }).update({
    starts_at: to.startsAt, ends_at: to.endsAt, date: to.date, room_id: to.roomId,
    sequence: trx.raw('sequence + 1'), updated_at: now,
  });
}
