// A chat that was asked when an interview is: its next message is read as a time (I11).
import { clearPrompt, promptOf, setPrompt } from '../db/repositories/doors.ts';
import { findInterview, type KeptInterview } from '../db/repositories/interviews.ts';
import { LONGEST_SAID_TIME, readSaidTime } from '../domain/interviews/said-time.ts';
import { Refusal } from '../domain/refusal.ts';
import { requireStudent } from './access.ts';
import type { Actor, ServiceContext } from './context.ts';
import { isStanding, ownInterview } from './interviews.ts';
import type { Chat } from './links.ts';
import { correctInterview } from './reviewing.ts';

const WAITING_MINUTES = 15;

/** The chat's next message will be the interview's time. @throws Refusal not-found, interview-gone */
export async function awaitTime(context: ServiceContext, actor: Actor, chat: Chat, interviewId: number): Promise<KeptInterview> {
  const student = requireStudent(actor);
  const interview = await ownInterview(context.db.knex, interviewId, student.studentId);
  if (!isStanding(interview)) throw new Refusal('interview-gone');
  const expiresAt = context.now().plus({ minutes: WAITING_MINUTES }).toJSDate();
  await setPrompt(context.db.knex, { ...chat, userId: student.userId, interviewId, expiresAt });
  return interview;
}

export type SaidTo =
  /** The chat wasn't asked for a time, or too long ago; or the text is longer than any time. */
  | { heard: 'nothing' }
  | { heard: 'wrong'; why: 'unclear' | 'past' | 'long' }
  | { heard: 'time'; interview: KeptInterview };

/** Reads a message of a chat that was asked for an interview's time, and sets it; what can't be read leaves the question open. */
export async function sayTime(context: ServiceContext, actor: Actor, chat: Chat, text: string): Promise<SaidTo> {
  if (actor.kind !== 'person' || actor.studentId === null || text.length > LONGEST_SAID_TIME) return { heard: 'nothing' };
  const prompt = await promptOf(context.db.knex, chat, context.now().toJSDate());
  const interview = prompt?.userId === actor.userId ? await findInterview(context.db.knex, prompt.interviewId) : undefined;
  if (!interview || !isStanding(interview)) return { heard: 'nothing' };
  const said = readSaidTime(text, {
    now: context.now().toISO()!, zone: context.campus.timeZone, locale: actor.locale, day: interview.date, round: interview.round,
  });
  if ('wrong' in said) return { heard: 'wrong', why: said.wrong };
  const corrected = await correctInterview(context, actor, interview.id, said);
  await clearPrompt(context.db.knex, chat);
  return { heard: 'time', interview: corrected };
}
