// A mail's finding as the tables can hold it: its times, its texts cut to their columns, its drive. Mails are strangers' input.
import { DateTime, IANAZone } from 'luxon';
import type { Interview, NewDrive, NewInterview } from '../db/repositories/interviews.ts';
import type { Authenticity } from '../domain/interviews/authenticity.ts';
import { usualMinutes } from '../domain/interviews/busy-window.ts';
import { companyKey } from '../domain/interviews/company-key.ts';
import type { Weighed } from '../domain/interviews/trust.ts';
import type { Finding } from '../domain/interviews/types.ts';

export interface Times {
  /** The campus's day, YYYY-MM-DD. */
  date: string;
  startsAt: Date | null;
  endsAt: Date | null;
}

/** What a mail says to a student, weighed. */
export interface Change extends Weighed {
  student: { id: number; userId: number; organisationId: number };
  finding: Finding;
  times: Times;
  authenticity: Authenticity;
}

export function timesOf(finding: Pick<Finding, 'start' | 'end' | 'round'>, zone: string): Times {
  if (finding.start.length === 10) return { date: finding.start, startsAt: null, endsAt: null };
  const start = DateTime.fromISO(finding.start, { setZone: true });
  const end = finding.end !== null && finding.end.length > 10 ? DateTime.fromISO(finding.end) : null;
  const endsAt = end && end > start ? end : start.plus({ minutes: usualMinutes(finding.round) });
  return { date: start.setZone(zone).toISODate()!, startsAt: start.toJSDate(), endsAt: endsAt.toJSDate() };
}

/** ISO 8601 in UTC; a bare date where no more is known. */
export const startOf = ({ startsAt, date }: Pick<Times, 'startsAt' | 'date'>): string => startsAt?.toISOString() ?? date;

type Described = Pick<NewInterview, 'role' | 'round' | 'mode' | 'location' | 'link'>;

/** What a finding says besides company and time. */
export function described({ role, round, mode, location, link }: Finding): Described {
  return { role, round, mode, location, link };
}

/** Of a description, what it adds to an interview or says newly. */
export function gaps(description: Described, interview: Interview): Partial<Described> {
  return Object.fromEntries(Object.entries(description).filter(([name, value]) => value !== null && value !== interview[name as keyof Described]));
}

const LARGEST_SEQUENCE = 2 ** 32 - 1;
/** A sentence is shorter; what a mail runs together may not be. */
const LONGEST_EVIDENCE = 2000;
const LONGEST_NAME = 200;

/** A finding as the table can hold it. */
export function fitted(finding: Finding, campusZone: string): Finding {
  const { calendarSequence, company, role, location, link, timeZone, evidence, ...rest } = finding;
  const isSequence = Number.isInteger(calendarSequence) && calendarSequence! >= 0 && calendarSequence! <= LARGEST_SEQUENCE;
  return {
    ...rest, company: cut(company, LONGEST_NAME), role: cut(role, LONGEST_NAME), location: cut(location, 300), evidence: cut(evidence, LONGEST_EVIDENCE)!,
    // Half an address leads nowhere.
    link: link !== null && Array.from(link).length > 500 ? null : link,
    timeZone: timeZone === campusZone || (timeZone.length <= 64 && IANAZone.isValidZone(timeZone)) ? timeZone : campusZone,
    ...(isSequence && { calendarSequence: calendarSequence! }),
  };
}

/** Cut to so many characters as MySQL counts them. */
const cut = (text: string | null, length: number) => (text === null ? null : Array.from(text.toWellFormed()).slice(0, length).join(''));

export const driveFor = (organisationId: number, companyName: string, date: string): NewDrive =>
  ({ organisationId, companyName, companyKey: companyKey(companyName), date });
