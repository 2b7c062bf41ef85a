// Which of a student's interviews a new finding speaks of: threads by calendar UID, by reply, or by company, role and round.
import { companyKey } from './company-key.ts';
import type { Finding } from './types.ts';

/** An interview that the student has already. */
export interface KnownInterview {
  id: number;
  companyKey: string;
  role: string | null;
  round: string | null;
  /** The campus's day, YYYY-MM-DD. */
  date: string;
  startsAt: Date | null;
  status: 'asked' | 'confirmed' | 'cancelled' | 'rejected';
}

export type Match<Known> =
  /** The finding speaks of this one. */
  | { kind: 'same'; interview: Known }
  /** It may speak of one of several, or moves one that may be another: a person has to say. */
  | { kind: 'doubt' }
  | { kind: 'none' };

/**
 * Finds the interview that a finding speaks of among the student's.
 * @param replied those that the mails it replies to spoke of
 * @param known all of the student's that are not over, whatever their status
 * @param date the finding's day on the campus, YYYY-MM-DD
 */
export function matchInterview<Known extends KnownInterview>(
  finding: Finding, date: string, { replied, known }: { replied: Known[]; known: Known[] },
): Match<Known> {
  const key = finding.company === null ? null : companyKey(finding.company);
  const ofCompany = (other: Known) => key === null || sameCompany(key, other.companyKey);
  const inThread = replied.filter(ofCompany);
  if (inThread.length === 1 && (finding.kind !== 'invite' || inThread[0]!.date === date)) return { kind: 'same', interview: inThread[0]! };
  if (key === null) return { kind: 'none' };

  const candidates = known.filter(ofCompany);
  if (finding.kind === 'invite') {
    const here = candidates.find((other) => other.date === date && sameMoment(finding, other));
    return here ? { kind: 'same', interview: here } : { kind: 'none' };
  }
  const standing = candidates.filter((other) => other.status === 'asked' || other.status === 'confirmed');
  const named = finding.previousStart ?? (finding.kind === 'cancel' ? finding.start : null);
  const narrowings = [
    standing.filter((other) => named !== null && isAt(other, named)),
    standing.filter((other) => compatible(finding.role, other.role) && compatible(finding.round, other.round)),
    standing,
  ];
  const narrowest = narrowings.find((interviews) => interviews.length > 0) ?? [];
  if (narrowest.length === 1) return { kind: 'same', interview: narrowest[0]! };
  return { kind: narrowest.length === 0 ? 'none' : 'doubt' };
}

/** Two keys name one company when one begins with the other ("acme", "acmeindia"); four letters at the least. */
function sameCompany(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short === long || (short.length >= 4 && long.startsWith(short));
}

/** Unknown fits everything; else the words have to agree but for case. */
function compatible(a: string | null, b: string | null): boolean {
  return a === null || b === null || a.toLowerCase() === b.toLowerCase();
}

/** A moment as the mail names it: an instant, or a bare date. */
function isAt(other: KnownInterview, named: string): boolean {
  return named.length > 10 ? other.startsAt?.getTime() === Date.parse(named) : other.date === named;
}

/** On one day: the same start; or only a date, and the same role and round as far as both are known. */
function sameMoment(finding: Finding, other: KnownInterview): boolean {
  if (finding.start.length > 10 && other.startsAt !== null) return other.startsAt.getTime() === Date.parse(finding.start);
  return compatible(finding.role, other.role) && compatible(finding.round, other.round);
}
