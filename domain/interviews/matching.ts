// Which of a student's interviews a new finding speaks of: by reply, or by company, moment, role and round.
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
  /** It may speak of one of several, or of another than any: a person has to say. */
  | { kind: 'doubt'; interviews: Known[] }
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
  const candidates = key === null ? inThread : known.filter(ofCompany);
  if (finding.kind === 'invite') return matchInvitation(finding, date, inThread, [...inThread, ...candidates]);
  if (inThread.length === 1) return { kind: 'same', interview: inThread[0]! };
  if (key === null) return { kind: 'none' };

  const standing = candidates.filter(isStanding);
  const ended = candidates.filter((other) => !isStanding(other));
  const named = finding.previousStart ?? (finding.kind === 'cancel' ? finding.start : null);
  const narrowings = [
    standing.filter((other) => isAt(other, named)),
    standing.filter((other) => isOnDayOf(other, named)),
    // Told once more of a move that was made.
    standing.filter((other) => finding.kind === 'reschedule' && isAt(other, finding.start)),
    ended.filter((other) => isAt(other, named)).toSorted(byPrecedence).slice(0, 1),
    standing.filter((other) => compatible(finding.role, other.role) && compatible(finding.round, other.round)),
    standing,
  ];
  const narrowest = narrowings.find((interviews) => interviews.length > 0) ?? [];
  if (narrowest.length === 1) return { kind: 'same', interview: narrowest[0]! };
  // It may move what the student said no to.
  if (narrowest.length === 0 && !ended.some((other) => other.status === 'rejected')) return { kind: 'none' };
  return { kind: 'doubt', interviews: byId(narrowest) };
}

/** An invitation speaks of the interview at its moment; in a thread, one at another time of that day may be a move. */
function matchInvitation<Known extends KnownInterview>(finding: Finding, date: string, inThread: Known[], candidates: Known[]): Match<Known> {
  const onDay = (other: Known) => other.date === date && compatible(finding.role, other.role) && compatible(finding.round, other.round);
  const exact = candidates.filter((other) => finding.start.length > 10 && isAt(other, finding.start)).toSorted(byPrecedence);
  const fitting = candidates.filter((other) => onDay(other) && (other.startsAt === null || finding.start.length === 10)).toSorted(byPrecedence);
  const here = exact[0] ?? fitting[0];
  if (here) return { kind: 'same', interview: here };
  const perhapsMoved = inThread.filter((other) => isStanding(other) && onDay(other));
  return perhapsMoved.length > 0 ? { kind: 'doubt', interviews: byId(perhapsMoved) } : { kind: 'none' };
}

const byId = <Known extends KnownInterview>(interviews: Known[]) => interviews.toSorted((a, b) => a.id - b.id);
const isStanding = (interview: KnownInterview) => interview.status === 'asked' || interview.status === 'confirmed';

const PRECEDENCE = { confirmed: 0, asked: 1, rejected: 2, cancelled: 3 } as const;

/** Which of several that fit is meant, whatever order they come in. */
function byPrecedence(a: KnownInterview, b: KnownInterview): number {
  return PRECEDENCE[a.status] - PRECEDENCE[b.status] || a.id - b.id;
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

/** At the moment that the mail names: an instant, or a bare date where no more is known. */
function isAt(other: KnownInterview, named: string | null): boolean {
  if (named === null) return false;
  return named.length > 10 ? other.startsAt?.getTime() === Date.parse(named) : other.startsAt === null && other.date === named;
}

/** On the day that the mail names, as far as one of the two names no time. */
function isOnDayOf(other: KnownInterview, named: string | null): boolean {
  return named !== null && (named.length === 10 || other.startsAt === null) && other.date === named.slice(0, 10);
}
