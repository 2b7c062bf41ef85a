// How people in a simulated month answer what Beadle tells them: faculty members and heads of department who accept, choose,
// decline or keep silent; students who say yes or no, or when; nobody at night. What they do hangs on the seed and the message alone.
import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import type { NoticeKind } from '../../domain/notices.ts';

/** A message that somebody got. */
export interface Told {
  /** The notice's row. */
  id: number;
  userId: number;
  kind: string;
  params: Record<string, unknown>;
  at: DateTime;
}

/** What somebody will do about a message. */
export type Answer = (
  | { does: 'decide'; roundId: number; choice: 'accept' | 'decline'; optionId: number | null }
  | { does: 'call-off'; sessionId: number }
  | { does: 'confirm' | 'reject' | 'delete'; interviewId: number }
  /** Says when an interview is of which a mail gave only the day. */
  | { does: 'set-time'; interviewId: number; start: string }
  | { does: 'settle'; doubtId: number; interviewId: number | null }
) & { userId: number; at: string };

/** The kinds of messages that people may act upon. */
export const ANSWERED_KINDS = [
  'reschedule-offer', 'reschedule-reminder', 'reschedule-escalated', 'makeup-set', 'interview-found', 'interview-question', 'interview-which',
] as const satisfies readonly NoticeKind[];

/** Numbers from 0 to below 100 that a message always gives. */
type Chance = (what: string) => number;

function chanceOf(seed: number, { userId, kind, params, at }: Told): Chance {
  const { subject = '', section = '', start = '', company = '' } = params as Record<string, string>;
  // Without ids that the database counts up: a transaction that was rolled back skips some.
  const message = [seed, userId, kind, subject, section, start, company, at.toMillis()].join('|');
  return (what) => createHash('sha256').update(`${message}|${what}`).digest().readUInt32BE(0) % 100;
}

/** What the recipient of a message does about it, and when; null for nothing. `zone` is the campus's. */
export function answerTo(told: Told, { seed, zone }: { seed: number; zone: string }): Answer | null {
  const chance = chanceOf(seed, told);
  const { params, userId } = told;
  const after = (least: number, most: number) => ({ userId, at: awake(told.at.setZone(zone).plus({ minutes: least + Math.floor(chance('delay') / 100 * (most - least)) })).toUTC().toISO()! });
  switch (told.kind) {
    case 'reschedule-offer': return decision(told, chance, { accept: 45, other: 12, decline: 12 }, after(4, 420));
    case 'reschedule-reminder': return decision(told, chance, { accept: 25, other: 0, decline: 10 }, after(4, 150));
    case 'reschedule-escalated': return decision(told, chance, { accept: 40, other: 5, decline: 10 }, after(10, 300));
    case 'makeup-set': return chance('call off') < 5 ? { does: 'call-off', sessionId: Number(params.sessionId), ...after(600, 2400) } : null;
    case 'interview-question': return aboutInterview(told, chance, zone, after(10, 900));
    case 'interview-found': return needsTime(params) ? aboutInterview(told, chance, zone, after(30, 1500)) : null;
    case 'interview-which': {
      const options = params.options as { interviewId: number }[];
      const isOne = chance('one') < 80;
      return chance('answers') < 85 ? { does: 'settle', doubtId: Number(params.doubtId), interviewId: isOne ? options[0]!.interviewId : null, ...after(10, 600) } : null;
    }
    default: return null;
  }
}

type When = Pick<Answer, 'userId' | 'at'>;

function decision({ params }: Told, chance: Chance, percent: { accept: number; other: number; decline: number }, when: When): Answer | null {
  const options = params.options as { id: number }[];
  const roundId = Number(params.roundId);
  const said = chance('decides');
  if (said < percent.accept) return { does: 'decide', roundId, choice: 'accept', optionId: options[0]!.id, ...when };
  if (said < percent.accept + percent.other) return { does: 'decide', roundId, choice: 'accept', optionId: options.at(-1)!.id, ...when };
  if (said < percent.accept + percent.other + percent.decline) return { does: 'decide', roundId, choice: 'decline', optionId: null, ...when };
  return null;
}

const LONGEST_APPOINTMENT_HOURS = 4;

/** A bare date, or a window to come at some time within. */
function needsTime({ start, end }: Record<string, unknown>): boolean {
  if (String(start).length === 10) return true;
  return typeof end === 'string' && DateTime.fromISO(end).diff(DateTime.fromISO(String(start)), 'hours').hours > LONGEST_APPOINTMENT_HOURS;
}

function aboutInterview({ kind, params }: Told, chance: Chance, zone: string, when: When): Answer | null {
  const interviewId = Number(params.interviewId);
  const said = chance('says');
  if (said < 20) return null;
  if (said < 32) return { does: kind === 'interview-question' ? 'reject' : 'delete', interviewId, ...when };
  if (!needsTime(params)) return { does: 'confirm', interviewId, ...when };
  const day = DateTime.fromISO(String(params.start), { zone }).startOf('day');
  return { does: 'set-time', interviewId, start: day.set({ hour: 9 + chance('hour') % 8, minute: chance('half') < 50 ? 0 : 30 }).toUTC().toISO()!, ...when };
}

/** The next moment at which a person looks at messages: between half past seven and ten in the evening. */
function awake(at: DateTime): DateTime {
  if (at.hour >= 22) return at.plus({ days: 1 }).set({ hour: 7, minute: 30 + at.minute % 30 });
  return at.hour * 60 + at.minute < 450 ? at.set({ hour: 7, minute: 30 + at.minute % 30 }) : at;
}
