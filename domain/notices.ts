// What people can be told: the kinds of notices and the values that each sentence needs. Instants are ISO 8601 in UTC.
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
  version: number;
  sequence: number;
  company: string;
  /** A bare date where the mail names no time. */
  start: string;
  end: string | null;
  location: string | null;
  link: string | null;
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
  /** To the roster and the faculty member. */
  'class-moved': ClassAt & { sessionId: number; sequence: number; oldStart: string; oldEnd: string; oldRoom: string };
  /** To the faculty member, who is asked. */
  'reschedule-offer': ClassAt & {
    sessionId: number;
    roundId: number;
    hit: number;
    roster: number;
    options: { id: number; start: string; end: string; room: string; reasons: Coded[] }[];
  };
  /** To the faculty member: why the class is not moved. */
  'reschedule-impossible': ClassAt & {
    sessionId: number;
    hit: number;
    roster: number;
    why: 'below-threshold' | 'no-slot' | 'too-late';
    thresholdPercent: number;
    blocked: { start: string; end: string; reasons: Coded[] }[];
  };
  /** To the faculty member: the question is off; declined by somebody else who may. */
  'reschedule-off': ClassAt & { sessionId: number; why: 'withdrawn' | 'expired' | 'declined' };
  'mailbox-failing': { failureCode: string; retryAt: string };
}

export type NoticeKind = keyof NoticeParams;

/** Those that say which company: what is erased with a student's mail. */
export const kindsThatNameCompanies = [
  'interview-found', 'interview-question', 'interview-moved', 'interview-called-off', 'interview-which',
] as const satisfies readonly NoticeKind[];
