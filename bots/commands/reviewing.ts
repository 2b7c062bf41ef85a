// A student's words and presses about their own interviews: yes, no, another time, delete, and which one a mail means (I11, I12).
import { whenText } from '../../locales/dates.ts';
import { exampleTime, interviewMessage, timeQuestion } from '../../locales/interviews.ts';
import { awaitTime, sayTime } from '../../services/chat-prompts.ts';
import { settleDoubt } from '../../services/doubts.ts';
import { interviewParams, type StudentInterview } from '../../services/interviews.ts';
import { answerInterview, deleteInterview } from '../../services/reviewing.ts';
import type { Answer, PersonalCall } from './command.ts';

/** Ids of up to 15 digits are exact as numbers. */
const REVIEW = /^interview:(\d{1,15}):(\d{1,15}):(yes|no|time|delete)$/;
const WHICH = /^which:(\d{1,15}):(none|\d{1,15})$/;

/** An interview with what can be done about it. */
export function shownWithButtons({ t, reader }: PersonalCall, interview: StudentInterview): Answer {
  return interview.status === 'rejected' ? { lines: [t('review.stands-rejected')] } : interviewMessage(t, reader, interviewParams(interview), interview.status);
}

/** Does what a button about an interview says; null for other buttons. */
export async function pressReview(call: PersonalCall, action: string): Promise<Answer | null> {
  const [, id, version, deed] = REVIEW.exec(action) ?? [];
  if (id !== undefined) return review(call, Number(id), Number(version), deed as 'yes' | 'no' | 'time' | 'delete');
  const [, doubtId, which] = WHICH.exec(action) ?? [];
  return doubtId === undefined ? null : settle(call, Number(doubtId), which === 'none' ? null : Number(which));
}

async function review(call: PersonalCall, id: number, version: number, deed: 'yes' | 'no' | 'time' | 'delete'): Promise<Answer> {
  const { context, person, chat, t } = call;
  if (deed === 'time') {
    const { companyName } = await awaitTime(context, person, chat, id);
    return { lines: [t('review.when', { company: companyName, example: example(call) })] };
  }
  const { outcome, interview } = deed === 'delete'
    ? await deleteInterview(context, person, id, version)
    : await answerInterview(context, person, id, deed, version);
  if (outcome === 'changed') {
    const now = shownWithButtons(call, interview);
    return { ...now, lines: [...now.lines, t('review.changed')] };
  }
  if (outcome === 'settled') return { lines: [standing(call, interview)], settles: true };
  if (deed === 'delete') return { lines: [t('review.deleted', { company: interview.companyName })], settles: true };
  if (deed === 'no') return { lines: [t('review.no', { company: interview.companyName })], settles: true };
  return { ...confirmed(call, interview), settles: true };
}

/** It is noted; or, where it names no time, when is it? */
export function confirmed({ t, reader }: PersonalCall, interview: StudentInterview): Answer {
  const now = interviewParams(interview);
  const { lines, ...asking } = timeQuestion(t, now);
  const noted = t('review.yes', { company: now.company, when: whenText(reader, now.start, now.end) });
  return { lines: [noted, ...(lines.length > 0 ? lines : [t('review.excuses')])], ...asking };
}

/** What holds now. */
function standing({ t, reader }: PersonalCall, interview: StudentInterview): string {
  if (interview.status === 'rejected') return t('review.stands-rejected');
  const { company, start, end } = interviewParams(interview);
  return t(interview.status === 'cancelled' ? 'review.stands-cancelled' : 'review.stands-confirmed', { company, when: whenText(reader, start, end) });
}

async function settle(call: PersonalCall, doubtId: number, interviewId: number | null): Promise<Answer> {
  const { context, person, t, reader } = call;
  const { outcome, interview } = await settleDoubt(context, person, doubtId, interviewId);
  if (!interview) return { lines: [t(outcome === 'none' ? 'review.which-none' : 'review.which-over')], settles: true };
  const { company, start, end } = interviewParams(interview);
  if (outcome === 'gone') return { lines: [standing(call, interview)] };
  return { lines: [t(outcome === 'moved' ? 'review.which-moved' : 'review.which-cancelled', { company, when: whenText(reader, start, end) })], settles: true };
}

/** Reads a message as the time that this chat was asked for; null where it wasn't. */
export async function takeTime(call: PersonalCall, text: string): Promise<Answer | null> {
  const { context, person, chat, t } = call;
  const said = await sayTime(context, person, chat, text);
  if (said.heard === 'nothing') return null;
  if (said.heard === 'wrong') return { lines: [t(`review.time-${said.why}`, { example: example(call) })] };
  return confirmed(call, said.interview);
}

export const example = ({ context }: PersonalCall): string => exampleTime(context.now().setZone(context.campus.timeZone));
