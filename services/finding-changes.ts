// What a mail does to the interview that it speaks of: fills it in, confirms, moves or calls it off (I12).
import type { Trx } from '../db/connection.ts';
import { drivesOf, findInterview, type Interview, interviewsOfStudents, type KeptInterview, type NewInterview, passMailsOn, updateInterview } from '../db/repositories/interviews.ts';
import type { AskedBecause } from '../domain/interviews/trust.ts';
import type { ServiceContext } from './context.ts';
import { type Change, described, driveFor, gaps, startOf } from './finding-shape.ts';
import { interviewChanged } from './intents.ts';
import { announceChange } from './interviews.ts';

/** Lets a mail change an interview. */
export async function applyTo(trx: Trx, context: ServiceContext, interview: KeptInterview, change: Change): Promise<'entered' | 'asked' | 'dropped'> {
  const { student, finding, times, because } = change;
  const now = context.now().toJSDate();
  const isSure = because === null;
  if (isOld(interview, change) || interview.status === 'rejected') return 'dropped';
  // A doubtful mail doesn't change what is certain, and a forged one moves and calls off nothing.
  if (!isSure && interview.status === 'confirmed') return 'dropped';
  if (because === 'failed' && finding.kind !== 'invite') return 'dropped';

  if (finding.kind === 'cancel') {
    if (interview.status === 'cancelled') return 'dropped';
    await updateInterview(trx, interview.id, {
      status: 'cancelled', calendarSequence: finding.calendarSequence ?? interview.calendarSequence,
    }, { visible: true }, now);
    await announceChange(trx, context, interview.id, student.userId, 'interview-called-off');
    return 'entered';
  }

  const next: Partial<NewInterview> = {
    ...additions(interview, change),
    ...(movesTo(interview, change) && { ...times, ...(interview.correctedFrom !== null && { correctedFrom: null }) }),
    ...(isSure ? { status: 'confirmed' } : doubtOf(interview, because)),
  };
  if (finding.calendarSequence !== undefined && !addsOnly(interview, change)) next.calendarSequence = finding.calendarSequence;
  const changed = Object.entries(next).some(([name, value]) => !same(value, interview[name as keyof Interview]));
  if (!changed) return 'dropped';
  const previousStart = startOf(interview);
  const timeChanged = next.date !== undefined && startOf(times) !== previousStart;
  if (timeChanged) [next.driveId] = await drivesOf(trx, [driveFor(student.organisationId, interview.companyName, times.date)]) as [number];
  await updateInterview(trx, interview.id, next, { visible: true }, now);
  await absorbTwins(trx, context, interview.id);
  const status = next.status ?? interview.status;
  if (status !== interview.status) {
    await announceChange(trx, context, interview.id, student.userId, status === 'confirmed' ? 'interview-found' : 'interview-question');
  } else if (timeChanged) await announceChange(trx, context, interview.id, student.userId, 'interview-moved', previousStart);
  return status === 'confirmed' ? 'entered' : 'asked';
}

/** To what is certain, an invitation that others bear out, but that doesn't show whom it comes from, adds what is missing and changes nothing. */
const addsOnly = ({ status }: Interview, { finding, authenticity }: Change): boolean =>
  status === 'confirmed' && finding.kind === 'invite' && authenticity !== 'verified';

function additions(interview: Interview, change: Change): Partial<NewInterview> {
  const said = Object.entries(gaps(described(change.finding), interview));
  return Object.fromEntries(addsOnly(interview, change) ? said.filter(([name]) => interview[name as keyof Interview] === null) : said);
}

/** A doubtful mail asks about what was called off; of one that is asked already, a mail that only nobody vouches for leaves the least doubt. */
function doubtOf(interview: Interview, because: AskedBecause): Partial<NewInterview> {
  if (interview.status === 'cancelled') return { status: 'asked', askedBecause: because };
  const isLess = because === 'unverified' && (interview.askedBecause === 'unsure' || interview.askedBecause === 'failed');
  return isLess ? { askedBecause: because } : {};
}

/** By the event's SEQUENCE (RFC 5546): of an earlier version, or of the very one that was called off. */
export function isOld({ status, calendarSequence, ...at }: Interview, { finding, times }: Change): boolean {
  if (finding.calendarSequence === undefined || calendarSequence === null) return false;
  if (finding.calendarSequence < calendarSequence) return true;
  return finding.calendarSequence === calendarSequence && status === 'cancelled' && startOf(at) === startOf(times);
}

/**
 * Whether a finding sets the interview's time. A date alone doesn't take the time away from one on that day, and what mails had
 * said before the student corrected it doesn't come back.
 */
export function movesTo(interview: Interview, change: Change): boolean {
  const { finding, times } = change;
  if (interview.startsAt !== null && addsOnly(interview, change)) return false;
  if (times.startsAt === null && interview.date === times.date) return false;
  if (interview.correctedFrom !== null && startOf(times) === interview.correctedFrom) return false;
  return finding.kind === 'reschedule' || finding.calendarSequence !== undefined || interview.startsAt === null;
}

/** An interview that now stands where another of its company stands is that one: it goes on, with the other's mails. A doubtful one ends no certain one. */
export async function absorbTwins(trx: Trx, context: ServiceContext, id: number): Promise<void> {
  const now = context.now().toJSDate();
  const interview = (await findInterview(trx, id))!;
  if (interview.startsAt === null) return;
  const twins = (await openInterviews(trx, context, [interview.studentId])).filter((other) =>
    other.id !== id && other.companyKey === interview.companyKey && same(other.startsAt, interview.startsAt)
    && (other.status === 'asked' || (other.status === 'confirmed' && interview.status === 'confirmed')));
  for (const twin of twins) {
    await passMailsOn(trx, twin.id, id);
    await updateInterview(trx, twin.id, { status: 'cancelled' }, { visible: true }, now);
    await interviewChanged(trx, twin.id, now);
  }
}

/** Since yesterday: what a mail may still speak of. */
export function openInterviews(trx: Trx, context: ServiceContext, studentIds: number[]): Promise<KeptInterview[]> {
  const yesterday = context.now().setZone(context.campus.timeZone).minus({ days: 1 }).toISODate()!;
  return interviewsOfStudents(trx, studentIds, yesterday);
}

function same(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
}
