// Dated classes (`schedule`), their rosters as of their date, and provisional excuses (`attendance`).
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export interface Session {
  id: number;
  assignmentId: number;
  subjectId: number;
  sectionId: number;
  departmentId: number;
  organisationId: number;
  facultyId: number;
  facultyUserId: number;
  roomId: number;
  startsAt: Date;
  endsAt: Date;
  /** The campus's day, YYYY-MM-DD. */
  date: string;
  timeZone: string;
  status: 'scheduled' | 'completed' | 'cancelled';
  sequence: number;
  updatedAt: Date;
  subjectCode: string;
  subjectName: string;
  subjectType: 'theory' | 'lab';
  /** As people call it: department, year and letter, such as CSE-3A. */
  sectionName: string;
  roomName: string;
  facultyName: string;
}

const COLUMNS = {
  id: 's.id', assignmentId: 's.assignment_id', subjectId: 'a.subject_id', sectionId: 'a.section_id', facultyId: 'a.faculty_id',
  roomId: 's.room_id', startsAt: 's.starts_at', endsAt: 's.ends_at', date: 's.date', timeZone: 's.time_zone', status: 's.status',
  sequence: 's.sequence', updatedAt: 's.updated_at', departmentId: 'sec.department_id', organisationId: 'd.organisation_id',
  facultyUserId: 'f.user_id', subjectCode: 'sub.subject_code', subjectName: 'sub.subject_name', subjectType: 'sub.subject_type',
  roomName: 'r.name', facultyName: 'fu.name',
} as const;

function sessions(knex: Knex): Knex.QueryBuilder {
  return knex('schedule as s')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('sections as sec', 'sec.id', 'a.section_id')
    .join('departments as d', 'd.id', 'sec.department_id')
    .join('faculty as f', 'f.id', 'a.faculty_id')
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

const stillEnrolled = (query: Knex.QueryBuilder) => {
  void query.where((valid) => valid.whereNull('e.valid_to').orWhereRaw('e.valid_to > s.date'));
};

export async function findSession(knex: Knex, id: number): Promise<Session | undefined> {
  const [session] = await sessions(knex).where('s.id', id);
  return session;
}

/** A student's sessions that overlap [from, to), by start; cancelled ones only where `includeCancelled` asks. */
export async function sessionsOfStudent(
  knex: Knex, studentId: number, from: Date, to: Date, { includeCancelled = false } = {},
): Promise<Session[]> {
  return sessions(knex)
    .join('student_subject as e', onRoster)
    .where('e.student_id', studentId)
    .modify(stillEnrolled)
    .whereIn('s.status', includeCancelled ? ['scheduled', 'completed', 'cancelled'] : ['scheduled', 'completed'])
    .andWhere('s.starts_at', '<', to)
    .andWhere('s.ends_at', '>', from)
    .orderBy(['s.starts_at', 's.id']);
}

/** A faculty member's sessions that overlap [from, to), by start. */
export async function sessionsOfFaculty(
  knex: Knex, facultyId: number, from: Date, to: Date, { includeCancelled = false } = {},
): Promise<Session[]> {
  return sessions(knex)
    .where('a.faculty_id', facultyId)
    .whereIn('s.status', includeCancelled ? ['scheduled', 'completed', 'cancelled'] : ['scheduled', 'completed'])
    .andWhere('s.starts_at', '<', to)
    .andWhere('s.ends_at', '>', from)
    .orderBy(['s.starts_at', 's.id']);
}

/** The students on a session's roster on its date, by id. */
export async function rosterOf(knex: Knex, sessionId: number): Promise<{ studentId: number; userId: number }[]> {
  return knex('schedule as s')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('student_subject as e', onRoster)
    .join('students as st', 'st.id', 'e.student_id')
    .where('s.id', sessionId)
    .modify(stillEnrolled)
    .distinct({ studentId: 'st.id', userId: 'st.user_id' })
    .orderBy('st.id');
}

/**
 * Classes of these students that overlap [from, to), one row per student and session. The courses' sessions are read once, not
 * once a student.
 */
export async function classesOfStudents(
  knex: Knex, studentIds: number[], from: Date, to: Date, { except }: { except: number },
): Promise<{ studentId: number; startsAt: Date; endsAt: Date; subjectCode: string }[]> {
  if (studentIds.length === 0) return [];
  const enrolled = knex('student_subject').whereIn('student_id', studentIds);
  const [enrolments, held] = await Promise.all([
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
      .andWhereNot('s.id', except)
      .select<HeldSession[]>({
        sectionId: 'e.section_id', subjectId: 'e.subject_id', date: 's.date', startsAt: 's.starts_at', endsAt: 's.ends_at', subjectCode: 'sub.subject_code',
      }),
  ]);
  const courseOf = ({ sectionId, subjectId }: Pick<Enrolment, 'sectionId' | 'subjectId'>) => `${sectionId} ${subjectId}`;
  const sessionsOf = Map.groupBy(held, courseOf);
  return enrolments.flatMap((enrolment) => (sessionsOf.get(courseOf(enrolment)) ?? [])
    .filter(({ date }) => enrolment.validFrom <= date && (enrolment.validTo === null || enrolment.validTo > date))
    .map(({ startsAt, endsAt, subjectCode }) => ({ studentId: enrolment.studentId, startsAt, endsAt, subjectCode })));
}

/** Days are YYYY-MM-DD; `validTo` is the first on which it no longer holds. */
interface Enrolment {
  studentId: number;
  sectionId: number;
  subjectId: number;
  validFrom: string;
  validTo: string | null;
}

interface HeldSession extends Pick<Session, 'date' | 'startsAt' | 'endsAt' | 'subjectCode'>, Pick<Enrolment, 'sectionId' | 'subjectId'> {}

/** Of these windows, the keys of those in which the student has a class to come. */
export async function windowsWithClasses<Key>(
  knex: Knex, windows: { key: Key; studentId: number; from: Date; to: Date }[], now: Date,
): Promise<Key[]> {
  if (windows.length === 0) return [];
  const rows: { studentId: number; startsAt: Date; endsAt: Date }[] = await knex('student_subject as e')
    .join('faculty_assignment as a', (join) => join.on('a.section_id', 'e.section_id').andOn('a.subject_id', 'e.subject_id'))
    .join('schedule as s', 's.assignment_id', 'a.id')
    .where('s.status', 'scheduled')
    .andWhere('s.starts_at', '>', now)
    .andWhereRaw('e.valid_from <= s.date')
    .modify(stillEnrolled)
    .andWhere((any) => {
      for (const { studentId, from, to } of windows) {
        void any.orWhere((one) => void one.where('e.student_id', studentId).andWhere('s.starts_at', '<', to).andWhere('s.ends_at', '>', from));
      }
    })
    .select({ studentId: 'e.student_id', startsAt: 's.starts_at', endsAt: 's.ends_at' });
  const classes = Map.groupBy(rows, (row) => row.studentId);
  return windows
    .filter(({ studentId, from, to }) => classes.get(studentId)?.some((one) => one.startsAt < to && one.endsAt > from))
    .map(({ key }) => key);
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

/** Excuses a student provisionally, unless there is a mark already. @returns whether it wrote the row */
export async function excuse(
  trx: Trx, { sessionId, studentId, interviewId }: { sessionId: number; studentId: number; interviewId: number }, now: Date,
): Promise<boolean> {
  const held = await trx('attendance').where({ session_id: sessionId, student_id: studentId }).first('id').forUpdate();
  if (held) return false;
  await trx('attendance').insert({
    session_id: sessionId, student_id: studentId, status: 'on_duty', provisional: true, interview_id: interviewId, updated_at: now,
  });
  return true;
}

/** The sessions from which this interview excuses its student, still as it wrote them. */
export async function excusedBy(knex: Knex, interviewId: number): Promise<number[]> {
  return knex('attendance')
    .where({ interview_id: interviewId, provisional: true, status: 'on_duty', version: 1 })
    .orderBy('session_id')
    .pluck('session_id');
}

/** Takes back provisional excuses: only rows that are as the interview's process wrote them. */
export async function takeBackExcuses(trx: Trx, where: { interviewId?: number; sessionIds: number[] }): Promise<void> {
  const rows = trx('attendance')
    .whereIn('session_id', where.sessionIds)
    .andWhere({ provisional: true, status: 'on_duty', version: 1 });
  if (where.interviewId !== undefined) rows.andWhere('interview_id', where.interviewId);
  await rows.delete();
}

/** Of these sessions, those from which the student is excused. */
export async function excusedSessions(knex: Knex, studentId: number, sessionIds: number[]): Promise<number[]> {
  if (sessionIds.length === 0) return [];
  return knex('attendance').where({ student_id: studentId }).whereIn('session_id', sessionIds).whereIn('status', ['on_duty', 'excused'])
    .pluck('session_id');
}

/** A student's marks of sessions that begin at `since` or later, the newest first. */
export async function attendanceOf(
  knex: Knex, studentId: number, since: Date,
): Promise<{ sessionId: number; subjectCode: string; startsAt: Date; status: string; provisional: boolean }[]> {
  const rows = await knex('attendance as t')
    .join('schedule as s', 's.id', 't.session_id')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('subjects as sub', 'sub.id', 'a.subject_id')
    .where('t.student_id', studentId)
    .andWhere('s.starts_at', '>=', since)
    .orderBy('s.starts_at', 'desc')
    .select({ sessionId: 's.id', subjectCode: 'sub.subject_code', startsAt: 's.starts_at', status: 't.status', provisional: 't.provisional' });
  return rows.map((row) => ({ ...row, provisional: Boolean(row.provisional) }));
}
