// A student's sessions with their marks: what was expected of them then, whatever timetable and enrolments say since (A16).
import type { Knex } from 'knex';
import type { Status } from '../../domain/attendance/statuses.ts';

export interface SessionOfStudent {
  studentId: number;
  sessionId: number;
  facultyId: number;
  startsAt: Date;
  endsAt: Date;
  /** The campus's day, YYYY-MM-DD. */
  date: string;
  timeZone: string;
  kind: 'regular' | 'makeup';
  status: 'scheduled' | 'completed' | 'cancelled';
  topicDiscussed: string | null;
  subjectCode: string;
  subjectName: string;
  subjectMnemonic: string;
  subjectType: 'theory' | 'lab';
  facultyName: string;
  roomName: string;
  /** The mark; null where there is none. */
  mark: Status | null;
  /** Of a mark: an excuse for an interview, before the class is over. */
  provisional: boolean;
  /** How far the taking of attendance is; null before it is opened. */
  taking: 'open' | 'completed' | null;
  /** Since when there has been a code. */
  codeSince: Date | null;
  /** The session attended instead. */
  replacedById: number | null;
}

// In this order whatever the statistics say: from the students to their sessions, for one student and for many.
// Those enrolled for on the day (enrolments of other terms are left out first, by the days in UTC, which are never fewer); those with a mark, also where the enrolment is no more; those attended instead of another.
const OF_STUDENTS = `
  select straight_join e.student_id, s.id
  from student_subject as e
  join faculty_assignment as a on a.section_id = e.section_id and a.subject_id = e.subject_id
  join schedule as s on s.assignment_id = a.id and s.starts_at >= :from and s.starts_at < :to
    and s.kind = 'regular' and e.valid_from <= s.date and (e.valid_to is null or e.valid_to > s.date)
  where e.student_id in (:studentIds) and e.valid_from <= date(:to) and (e.valid_to is null or e.valid_to >= date(:from))
  union
  select straight_join t.student_id, s.id
  from attendance_totals as t
  join schedule as s on s.assignment_id = t.assignment_id and s.starts_at >= :from and s.starts_at < :to
  join attendance as m on m.session_id = s.id and m.student_id = t.student_id
  where t.student_id in (:studentIds)
  union
  select straight_join p.student_id, s.id
  from replacements as p
  join schedule as s on s.id = p.session_id and s.starts_at >= :from and s.starts_at < :to
  where p.student_id in (:studentIds)`;

const SESSIONS = `
  select straight_join x.student_id as studentId, s.id as sessionId, a.faculty_id as facultyId, s.starts_at as startsAt, s.ends_at as endsAt, s.date,
    s.time_zone as timeZone, s.kind, s.status, s.topic_discussed as topicDiscussed, sub.subject_code as subjectCode, sub.subject_name as subjectName,
    sub.subject_mnemonic as subjectMnemonic, sub.subject_type as subjectType, fu.name as facultyName, r.name as roomName,
    m.status as mark, m.provisional, w.status as taking, coalesce(w.code_since, w.opened_at) as codeSince, i.session_id as replacedById
  from (${OF_STUDENTS}) as x
  join schedule as s on s.id = x.id
  join faculty_assignment as a on a.id = s.assignment_id
  join subjects as sub on sub.id = a.subject_id
  join faculty as f on f.id = a.faculty_id
  join users as fu on fu.id = f.user_id
  join rooms as r on r.id = s.room_id
  left join attendance as m on m.session_id = s.id and m.student_id = x.student_id
  left join attendance_sessions as w on w.session_id = s.id
  left join replacements as i on i.instead_of_id = s.id and i.student_id = x.student_id
  order by s.starts_at, s.id`;

/** These students' sessions that begin in [from, to), by start; cancelled ones too. */
export async function sessionsOfStudents(knex: Knex, studentIds: number[], from: Date, to: Date): Promise<SessionOfStudent[]> {
  const [rows] = await knex.raw(SESSIONS, { studentIds, from, to });
  return (rows as SessionOfStudent[]).map((row) => ({ ...row, provisional: Boolean(row.provisional) }));
}
