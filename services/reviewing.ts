// What a student says of their own interviews: yes or no to one that is asked about, another time, one by hand, delete (I11).
import { randomBytes } from 'node:crypto';
import { DateTime } from 'luxon';
import type { Trx } from '../db/connection.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { drivesOf, insertInterviews, type Interview, type KeptInterview, type NewInterview, updateInterview } from '../db/repositories/interviews.ts';
import { lock } from '../db/repositories/locks.ts';
import { isAppointment, usualMinutes } from '../domain/interviews/busy-window.ts';
import { companyKey } from '../domain/interviews/company-key.ts';
import { isAhead } from '../domain/interviews/said-time.ts';
import { Refusal } from '../domain/refusal.ts';
import { requireStudent } from './access.ts';
import type { Actor, ServiceContext } from './context.ts';
import { absorbTwins, openInterviews } from './finding-changes.ts';
import { driveFor, startOf } from './finding-shape.ts';
import { announceChange, followChange, isStanding, keptInterview, ownInterview } from './interviews.ts';

export interface Reviewed {
  /** settled: it was said before, by whatever door or mail; changed: the answer was to an earlier version. Neither changes anything. */
  outcome: 'done' | 'settled' | 'changed';
  interview: KeptInterview;
}

type Student = ReturnType<typeof requireStudent>;

/**
 * The student's yes or no to an interview that is asked about.
 * @param version which version was answered, where the question says
 * @throws Refusal not-found for what is not the student's
 */
export async function answerInterview(context: ServiceContext, actor: Actor, id: number, said: 'yes' | 'no', version?: number): Promise<Reviewed> {
  return reviewing(context, actor, id, async (trx, student, interview) => {
    if (interview.status !== 'asked') return 'settled';
    if (version !== undefined && version !== interview.version) return 'changed';
    await change(trx, context, student, id, { status: said === 'yes' ? 'confirmed' : 'rejected' }, `interview.${said}`);
    if (said === 'yes') await absorbTwins(trx, context, id);
    await followChange(trx, context, id);
    return 'done';
  });
}

/** The student has no such interview: what followed from it is undone by its process. */
export async function deleteInterview(context: ServiceContext, actor: Actor, id: number, version?: number): Promise<Reviewed> {
  return reviewing(context, actor, id, async (trx, student, interview) => {
    if (interview.status === 'rejected') return 'settled';
    if (version !== undefined && version !== interview.version) return 'changed';
    await change(trx, context, student, id, { status: 'rejected' }, 'interview.delete');
    await followChange(trx, context, id);
    return 'done';
  });
}

/** What the student says of an interview. */
export interface Correction {
  company?: string | undefined;
  start?: Date | undefined;
  /** As long as its round usually takes, where only the start is said. */
  end?: Date | null | undefined;
}

/**
 * Corrects an interview, and thereby says that it is one: what mails had said before doesn't come back.
 * @throws Refusal not-found, interview-gone for one called off or deleted, time-not-ahead
 */
export async function correctInterview(context: ServiceContext, actor: Actor, id: number, { company, start, end }: Correction): Promise<KeptInterview> {
  const { interview } = await reviewing(context, actor, id, async (trx, student, known) => {
    if (!isStanding(known)) throw new Refusal('interview-gone');
    const startsAt = start ?? known.startsAt;
    const isTimed = startsAt !== null && (start !== undefined || end !== undefined);
    const times = isTimed ? timesFrom(context, startsAt, end ?? (start === undefined ? known.endsAt : null), known.round) : null;
    const hasMoved = times !== null && (times.startsAt.getTime() !== known.startsAt?.getTime() || times.endsAt.getTime() !== known.endsAt?.getTime());
    const companyName = company ?? known.companyName;
    if (!hasMoved && companyName === known.companyName && known.status === 'confirmed') return 'done';
    const [driveId] = await drivesOf(trx, [driveFor(student.organisationId, companyName, times?.date ?? known.date)]);
    await change(trx, context, student, id, {
      status: 'confirmed', companyName, companyKey: companyKey(companyName), driveId: driveId!,
      ...(times !== null && { ...times, correctedFrom: known.correctedFrom ?? startOf(known) }),
    }, 'interview.correct');
    await absorbTwins(trx, context, id);
    if (hasMoved && known.startsAt !== null) await announceChange(trx, context, id, student.userId, 'interview-moved', startOf(known));
    else await followChange(trx, context, id);
    return 'done';
  });
  return interview;
}

export interface ByHand extends Partial<Pick<Interview, 'role' | 'round' | 'mode' | 'location' | 'link'>> {
  company: string;
  start: Date;
  end?: Date | null | undefined;
}

/**
 * Adds an interview that no mail told of. Where one of the company stands at that very time, that one is meant.
 * @throws Refusal time-not-ahead
 */
export async function addInterview(context: ServiceContext, actor: Actor, { company, start, end = null, ...more }: ByHand): Promise<KeptInterview> {
  const student = requireStudent(actor);
  return context.db.transaction(async (trx) => {
    await lock(trx, { students: [student.studentId] });
    const times = timesFrom(context, start, end, more.round ?? null);
    const key = companyKey(company);
    const same = (await openInterviews(trx, context, [student.studentId]))
      .find((other) => isStanding(other) && other.companyKey === key && other.startsAt?.getTime() === start.getTime());
    if (same) {
      if (same.status === 'asked') await change(trx, context, student, same.id, { status: 'confirmed' }, 'interview.yes');
      await followChange(trx, context, same.id);
      return keptInterview(trx, same.id);
    }
    const [driveId] = await drivesOf(trx, [driveFor(student.organisationId, company, times.date)]);
    const id = await insertOne(trx, context, student, {
      role: null, round: null, mode: null, location: null, link: null, ...more, ...times, driveId: driveId!, companyName: company, companyKey: key,
      status: 'confirmed', correctedFrom: startOf(times),
    });
    await followChange(trx, context, id);
    return keptInterview(trx, id);
  });
}

/** Writes an interview in the student's own name. @returns its id */
export async function insertOne(
  trx: Trx, context: ServiceContext, student: Student,
  interview: Omit<NewInterview, 'studentId' | 'source' | 'confidence' | 'evidence' | 'originKey' | 'calendarSequence' | 'timeZone'>,
): Promise<number> {
  const now = context.now().toJSDate();
  const [made] = await insertInterviews(trx, [{
    ...interview, studentId: student.studentId, source: 'student', confidence: 1, evidence: null, originKey: randomBytes(32), calendarSequence: null,
    timeZone: student.timeZone,
  }], now);
  await insertAudit(trx, { userId: student.userId, action: 'interview.add', subject: `interview/${made!.id}`, details: {} }, now);
  return made!.id;
}

/** Does something about one of the student's own interviews, under the student's lock. */
async function reviewing(
  context: ServiceContext, actor: Actor, id: number, work: (trx: Trx, student: Student, interview: KeptInterview) => Promise<Reviewed['outcome']>,
): Promise<Reviewed> {
  const student = requireStudent(actor);
  return context.db.transaction(async (trx) => {
    await lock(trx, { students: [student.studentId] });
    const interview = await ownInterview(trx, id, student.studentId);
    return { outcome: await work(trx, student, interview), interview: await keptInterview(trx, id) };
  });
}

async function change(
  trx: Trx, context: ServiceContext, student: Student, id: number, changes: Partial<NewInterview>, action: `interview.${string}`,
): Promise<void> {
  const now = context.now().toJSDate();
  await updateInterview(trx, id, changes, { visible: true }, now);
  await insertAudit(trx, { userId: student.userId, action, subject: `interview/${id}`, details: {} }, now);
}

function timesFrom(context: ServiceContext, startsAt: Date, end: Date | null, round: string | null): { date: string; startsAt: Date; endsAt: Date } {
  const start = DateTime.fromJSDate(startsAt).setZone(context.campus.timeZone);
  const endsAt = end ?? start.plus({ minutes: usualMinutes(round) }).toJSDate();
  const times = { date: start.toISODate()!, startsAt, endsAt };
  if (!isAhead(start, context.now()) || endsAt <= startsAt || !isAppointment(times)) throw new Refusal('time-not-ahead', { field: 'starts_at' });
  return times;
}
