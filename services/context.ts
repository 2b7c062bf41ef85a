// What every service is given: the database, the clock, the campus and its rules. And who asks: the actor.
import type { DateTime } from 'luxon';
import type { Database } from '../db/connection.ts';
import type { SecretBox } from './secret-box.ts';

export interface AttendanceRules {
  /** How long codes count, in minutes, where who opens a session says nothing else. */
  openMinutes: number;
  /** How long a rotating code is shown, in seconds. */
  codeSeconds: number;
  /** A session can be opened so many minutes before it begins. */
  earlyMinutes: number;
  /** So many minutes after its end, or after its codes' if that is later, it completes itself. */
  completeMinutes: number;
  /** So many hours after its end marks can be changed by hand; then by appeal. */
  cutoffHours: number;
  /** The campus's networks (CIDR); a mark from elsewhere is flagged. Empty: none is. */
  networks: readonly string[];
}

export interface CampusRules {
  /** Minutes kept free before and after an interview, by where it is; one by phone counts as online. */
  bufferMinutes: { online: number; 'on-campus': number; elsewhere: number };
  /** What mails say is acted on so many seconds after it was found: those of one sweep that speak of one thing are then dealt with together. */
  settleSeconds: number;
  /** How long a round waits for more interviews, in seconds after the last one and at the most after the first. */
  quietSeconds: number;
  quietMaxSeconds: number;
  /** Within this many minutes of its start nothing about a class is changed any more, and no new time is offered. */
  cutoffMinutes: number;
  /** Of taking attendance. */
  attendance: AttendanceRules;
  studentDailyHours: number;
  facultyDailyHours: number;
  /** How often one person may broadcast within an hour. */
  broadcastsPerHour: { cr: number; others: number };
}

export interface ServiceContext {
  readonly db: Database;
  /** The clock, in UTC. SQL never decides by its own. */
  readonly now: () => DateTime;
  readonly campus: { timeZone: string; locale: string };
  readonly rules: CampusRules;
  readonly secrets: SecretBox;
  /** Where people reach the API: feed addresses begin with it. */
  readonly publicUrl: string;
}

export type Role = 'student' | 'cr' | 'faculty' | 'hod' | 'admin' | 'registrar' | 'system';

/** A signed-in person. */
export interface Person {
  kind: 'person';
  userId: number;
  role: Role;
  organisationId: number;
  departmentId: number | null;
  studentId: number | null;
  /** Of a student: the public id, such as S230001. */
  studentNumber: string | null;
  /** Of a student. */
  sectionId: number | null;
  facultyId: number | null;
  name: string;
  email: string;
  locale: string;
  timeZone: string;
}

/** Beadle's own processes: they do what a person or a mail set going. */
export const processActor = { kind: 'process' } as const;
export type Actor = Person | typeof processActor;
