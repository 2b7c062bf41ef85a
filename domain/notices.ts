// What people can be told: the kinds of notices and the values that each sentence needs. Instants are ISO 8601 in UTC.
import type { WarningLevel } from './attendance/forecast.ts';
import type { Status } from './attendance/statuses.ts';
import type { AskedBecause } from './interviews/trust.ts';

interface ClassAt {
  subject: string;
  section: string;
  start: string;
  end: string;
  room: string;
}

interface InterviewAt {
  interviewId: number;
  /** Which state of it is shown: a button of an earlier one doesn't decide about the later. */
  version: number;
  sequence: number;
  company: string;
  /** A bare date where the mail names no time. */
  start: string;
  end: string | null;
  location: string | null;
  link: string | null;
}

interface RescheduleOffer extends ClassAt {
  sessionId: number;
  roundId: number;
  /** A makeup for those who are hit, or another time for the whole class. */
  remedy: 'makeup' | 'move';
  hit: number;
  roster: number;
  /** Students who attend another section already. */
  seated: number;
  options: { id: number; start: string; end: string; room: string; reasons: Coded[] }[];
}

interface StandingInSubject {
  subject: string;
  level: WarningLevel;
  /** Per cent. */
  threshold: number;
  percentage: number | null;
  /** Of so many classes to come, how many have to be attended; null: it isn't enough, and where it ends at best. */
  remaining: number;
  needed: number | null;
  best: number | null;
}

interface LeaveAt {
  leaveId: number;
  leaveKind: 'medical' | 'on_duty' | 'other';
  /** From midnight to midnight of the campus. */
  wholeDays: boolean;
  start: string;
  end: string;
}

/** A reason or obstacle as domain/rescheduling gives it: a code with values. */
export type Coded = { readonly code: string } & Readonly<Record<string, string | number>>;

export interface NoticeParams {
  'interview-found': InterviewAt;
  'interview-question': InterviewAt & { because: AskedBecause | null };
  'interview-moved': InterviewAt & { previousStart: string };
  'interview-called-off': InterviewAt;
  /** To a student: a mail calls off or moves one of several interviews, and the student says which. */
  'interview-which': {
    doubtId: number;
    doing: 'cancel' | 'reschedule';
    company: string;
    /** Where a move leads. */
    start: string | null;
    end: string | null;
    options: { interviewId: number; company: string; start: string; end: string | null }[];
  };
  /** To a student: excused from a class for an interview, until it is clear what becomes of the class. */
  'class-excused': ClassAt & { sessionId: number };
  /** To a student: the class takes place; the excuse stands. */
  'class-stays': ClassAt & { sessionId: number };
  /** To a student: the interview no longer falls into the class; a place elsewhere is given up. */
  'class-expected': ClassAt & {
    sessionId: number;
    insteadOf: { sessionId: number; sequence: number; start: string; end: string; room: string } | null;
  };
  /** To a student: the place elsewhere stays, because it is too late to change it. */
  'place-stands': ClassAt & { sessionId: number };
  /** To a student: the place elsewhere is given up, because the class that it stood for is called off. */
  'place-off': ClassAt & { sessionId: number; sequence: number };
  /** To a student: where and when to go instead, in another section or in the makeup. */
  'class-elsewhere': ClassAt & {
    sessionId: number;
    sequence: number;
    how: 'section' | 'makeup';
    oldStart: string;
    oldEnd: string;
    oldRoom: string;
  };
  /** To the roster: a class besides the timetable. */
  'class-added': ClassAt & { sessionId: number; sequence: number };
  /** To the roster and the faculty member. */
  'class-cancelled': ClassAt & { sessionId: number; sequence: number };
  /** To who asked for a timetable; `best` is the highest quality score of the drafts. */
  'timetable-made': { jobId: string; academicYear: string; semester: number; drafts: number; best: number };
  'timetable-failed': { jobId: string; academicYear: string; semester: number; drafts: number; best: number };
  'timetable-published': { timetableId: number; academicYear: string; semester: number };
  'class-moved': ClassAt & { sessionId: number; sequence: number; oldStart: string; oldEnd: string; oldRoom: string };
  /** To the faculty member, who is asked; again later; and to who decides in the faculty member's place. */
  'reschedule-offer': RescheduleOffer;
  'reschedule-reminder': RescheduleOffer;
  'reschedule-escalated': RescheduleOffer;
  /** To the faculty member: everybody who is hit attends other sections. */
  'reschedule-seated': ClassAt & { sessionId: number; seated: number };
  /** To the faculty member of another section: how many guests come in all. */
  'guests-expected': ClassAt & { sessionId: number; guests: number };
  /** To the faculty member: a makeup class is set, or called off. */
  'makeup-set': ClassAt & { sessionId: number; sequence: number; students: number; oldStart: string; oldEnd: string };
  'makeup-off': ClassAt & { sessionId: number; sequence: number };
  /** To the faculty member: the interviews are off, but the moved class can't go back. */
  'move-stands': ClassAt & { sessionId: number; why: 'faculty' | 'room' | 'student' | 'time' };
  /** To the faculty member: why nothing is done for those who are left. */
  'reschedule-impossible': ClassAt & {
    sessionId: number;
    hit: number;
    roster: number;
    seated: number;
    why: 'too-few' | 'no-slot' | 'too-late';
    thresholdPercent: number;
    makeupMinStudents: number;
    blocked: { start: string; end: string; reasons: Coded[] }[];
  };
  /** To the faculty member: the question is off; declined by somebody else who may. */
  'reschedule-off': ClassAt & { sessionId: number; why: 'withdrawn' | 'expired' | 'declined' };
  /** To a student: attendance in a subject is too low, or about to be. To the representative and who teaches; to the guardian. */
  'attendance-warning': StandingInSubject;
  'attendance-warning-of': StandingInSubject & { student: string };
  'attendance-warning-guardian': StandingInSubject & { student: string };
  /** To who decides: a student asks for leave. To the student: what was decided. To who teaches: who will be away, or not after all. */
  'leave-asked': LeaveAt & { student: string; reason: string };
  'leave-decided': LeaveAt & { granted: boolean; answer: string | null };
  'leave-granted': LeaveAt & { student: string };
  'leave-withdrawn': LeaveAt & { student: string };
  /** To the faculty member and the office: a class of the weekly timetable isn't held, because something else takes its room, its section or who teaches it. */
  'class-not-made': ClassAt & { why: 'faculty' | 'room' | 'section' };
  /** To another faculty member, who may take the class; to who asked; and to both when it is settled who takes it. */
  'substitution-asked': ClassAt & { sessionId: number; substitutionId: number; faculty: string };
  'substitution-declined': ClassAt & { sessionId: number; faculty: string };
  'substitution-set': ClassAt & { sessionId: number; sequence: number; faculty: string };
  /** To students who marked themselves, in the middle of the class; and to who teaches it. */
  'second-check': ClassAt & { sessionId: number; until: string };
  'second-check-begun': ClassAt & { sessionId: number; until: string };
  /** To who teaches a class: a student (a roll number) asks for another mark. */
  'appeal-made': ClassAt & { sessionId: number; appealId: number; student: string; wanted: Status };
  /** To the student. */
  'appeal-decided': ClassAt & { sessionId: number; choice: 'granted' | 'rejected'; wanted: Status; answer: string | null };
  /** To whoever wants to be reminded. */
  'class-reminder': ClassAt & { sessionId: number };
  'interview-reminder': InterviewAt;
  /** To students: what somebody has to say to all of a class, a department or the campus. */
  broadcast: { broadcastId: number; title: string; message: string; from: string };
  'mailbox-failing': { failureCode: string; retryAt: string };
}

export type NoticeKind = keyof NoticeParams;

/** Those that say which company: what is erased with a student's mail. */
export const kindsThatNameCompanies = [
  'interview-found', 'interview-question', 'interview-moved', 'interview-called-off', 'interview-which', 'interview-reminder',
] as const satisfies readonly NoticeKind[];
