// A person's calendar: the events of their feed, and its address with a token that can be renewed (D6).
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { feedTokenOf, findFeedToken, insertFeedToken, revokeFeedTokens, type FeedToken } from '../db/repositories/doors.ts';
import { interviewsOfStudent, type KeptInterview } from '../db/repositories/interviews.ts';
import { insertAudit } from '../db/repositories/audit.ts';
import { sessionsOfFaculty, sessionsOfStudent, type Session, type StudentSession } from '../db/repositories/sessions.ts';
import { buildFeed } from '../domain/calendar/feed.ts';
import type { FeedEvent } from '../domain/calendar/vcalendar.ts';
import { interviewUid, sessionUid } from '../domain/calendar/uids.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Person, ServiceContext } from './context.ts';
import { personById } from './links.ts';

/** Cancelled events stay this long, so that every calendar learns of it; past ones too. */
const DAYS_BACK = 30;
const DAYS_AHEAD = 180;
const REFRESH_MINUTES = 15;

/** The address of the person's own feed, made when there is none. `renew` gives a new one; the old one ends. */
export async function feedAddress(context: ServiceContext, actor: Person, { renew = false } = {}): Promise<{ url: string; webcal: string }> {
  const token = await context.db.transaction(async (trx) => {
    const held = await feedTokenOf(trx, actor.userId);
    if (held && !renew) return held;
    const now = context.now().toJSDate();
    await revokeFeedTokens(trx, actor.userId, now);
    const nonce = randomBytes(16);
    const id = await insertFeedToken(trx, { userId: actor.userId, nonce }, now);
    if (renew) await insertAudit(trx, { userId: actor.userId, action: 'feed.renew', subject: `user/${actor.userId}`, details: {} }, now);
    return { id, userId: actor.userId, nonce };
  });
  const url = `${context.publicUrl}/feeds/${token.id}-${secretOf(context, token)}.ics`;
  return { url, webcal: url.replace(/^https?:/, 'webcal:') };
}

/** 32 characters from a keyed hash: nobody who reads the table can make one. */
function secretOf(context: ServiceContext, token: FeedToken): string {
  return context.secrets.derive('feed', token.nonce).toString('base64url').slice(0, 32);
}

/** The feed behind an address's token. @throws Refusal not-found for a wrong or renewed one */
export async function feedByToken(context: ServiceContext, token: string): Promise<string> {
  const [, id, secret] = /^(\d{1,15})-([\w-]{32})$/.exec(token) ?? [];
  const held = id === undefined ? undefined : await findFeedToken(context.db.knex, Number(id));
  if (!held || !timingSafeEqual(Buffer.from(secret!), Buffer.from(secretOf(context, held)))) throw new Refusal('not-found');
  const person = await personById(context, held.userId);
  if (!person) throw new Refusal('not-found');
  return buildFeed({
    name: `Beadle: ${person.name}`, zone: person.timeZone, refreshMinutes: REFRESH_MINUTES, events: await eventsOf(context, person),
  });
}

async function eventsOf(context: ServiceContext, person: Person): Promise<FeedEvent[]> {
  const { knex } = context.db;
  const from = context.now().minus({ days: DAYS_BACK });
  const to = context.now().plus({ days: DAYS_AHEAD });
  const range = [from.toJSDate(), to.toJSDate(), { includeCancelled: true }] as const;
  const sessions = [
    ...(person.studentId === null ? [] : await sessionsOfStudent(knex, person.studentId, ...range)),
    ...(person.facultyId === null ? [] : await sessionsOfFaculty(knex, person.facultyId, ...range)),
  ];
  const interviews = person.studentId === null ? [] : await interviewsOfStudent(knex, person.studentId, from.toISODate()!);
  const shownSince = from.toJSDate();
  return [
    ...sessions.filter((session) => session.status !== 'cancelled' || session.updatedAt >= shownSince).map(eventOfSession),
    ...interviews.filter((interview) => isShown(interview, shownSince)).map(eventOfInterview),
  ];
}

/** A bare date has no place in a timed calendar until the student says when; a no of the student takes it out. */
function isShown(interview: KeptInterview, since: Date): boolean {
  return interview.startsAt !== null && interview.status !== 'rejected' && (interview.status !== 'cancelled' || interview.updatedAt >= since);
}

/** A class that a student attends another one instead of doesn't take place for that student. */
function eventOfSession({ replacedById = null, ...session }: Session & Partial<Pick<StudentSession, 'replacedById'>>): FeedEvent {
  const isOff = session.status === 'cancelled' || replacedById !== null;
  return {
    uid: sessionUid(session.id), sequence: session.sequence, status: isOff ? 'cancelled' : 'confirmed',
    start: session.startsAt.toISOString(), end: session.endsAt.toISOString(), zone: session.timeZone,
    summary: `${session.subjectCode} ${session.subjectName} (${session.sectionName})`, location: session.roomName,
    lastModified: session.updatedAt.toISOString(), categories: ['class'],
  };
}

function eventOfInterview(interview: KeptInterview): FeedEvent {
  const statuses = { asked: 'tentative', confirmed: 'confirmed', cancelled: 'cancelled', rejected: 'cancelled' } as const;
  return {
    uid: interviewUid(interview.id), sequence: interview.sequence, status: statuses[interview.status],
    start: interview.startsAt!.toISOString(), end: interview.endsAt!.toISOString(), zone: interview.timeZone,
    summary: [interview.companyName, interview.role].filter(Boolean).join(', '),
    ...(interview.location !== null && { location: interview.location }), ...(interview.link !== null && { url: interview.link }),
    lastModified: interview.updatedAt.toISOString(), categories: ['interview'],
  };
}
