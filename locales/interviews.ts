// A student's interview in words and buttons: the same in notices and in the bots' answers.
import type { DateTime } from 'luxon';
import { isAppointment } from '../domain/interviews/busy-window.ts';
import type { NoticeParams } from '../domain/notices.ts';
import { isBareDate, type Reader, whenText } from './dates.ts';
import type { Translate } from './index.ts';
import type { Button, Message } from './messages.ts';

type ShownInterview = NoticeParams['interview-found'];

/** Whether it says when to be there: for a bare date, or a window to come within, no class is excused. */
export function namesNoTime({ start, end }: Pick<ShownInterview, 'start' | 'end'>): boolean {
  return isBareDate(start) || !isAppointment({ startsAt: new Date(start), endsAt: end === null ? null : new Date(end) });
}

type Deed = 'yes' | 'no' | 'time' | 'delete';

const button = (t: Translate, { interviewId, version }: ShownInterview, deed: Deed, label = t(`interview.${deed}`)): Button =>
  ({ label, action: `interview:${interviewId}:${version}:${deed}` });

/** Is it one? With the ways to answer. */
export function questionButtons(t: Translate, interview: ShownInterview): Button[] {
  return [button(t, interview, 'yes'), button(t, interview, 'no'), button(t, interview, 'time')];
}

/** For one that says no time: what that means, and the way to say it. */
export function timeQuestion(t: Translate, interview: ShownInterview): { lines: string[]; buttons?: Button[] } {
  return namesNoTime(interview) ? { lines: [t('interview.no-time')], buttons: [button(t, interview, 'time')] } : { lines: [] };
}

/** How a time can be written, the day after tomorrow: what is read is English. */
export function exampleTime(now: DateTime): string {
  const day = now.plus({ days: 2 }).setLocale('en').toFormat('d LLL');
  return `${day} 10:00–11:30`;
}

/** When and where. */
export function placeLines(t: Translate, reader: Reader, { start, end, location, link }: Pick<ShownInterview, 'start' | 'end' | 'location' | 'link'>): string[] {
  return [whenText(reader, start, end), ...whereLines(t, { location, link })];
}

export function whereLines(t: Translate, { location, link }: Pick<ShownInterview, 'location' | 'link'>): string[] {
  return [...(location === null ? [] : [t('location', { location })]), ...(link === null ? [] : [link])];
}

/** One of the asking student's interviews, with what can be done about it. */
export function interviewMessage(
  t: Translate, reader: Reader, interview: ShownInterview, status: 'asked' | 'confirmed' | 'cancelled',
): Message {
  const { company } = interview;
  const title = status === 'confirmed' ? company : t('interview.with-status', { company, status: t(`interview-status.${status}`) });
  const lines = placeLines(t, reader, interview);
  if (status === 'cancelled') return { title, lines };
  if (status === 'asked') return { title, lines, buttons: questionButtons(t, interview) };
  return {
    title, lines: [...lines, ...timeQuestion(t, interview).lines],
    buttons: [button(t, interview, 'time', t('interview.change-time')), button(t, interview, 'delete')],
  };
}

/** Asks which interview a mail calls off or moves, with a button for each and one for none. */
export function whichMessage(t: Translate, reader: Reader, { doubtId, doing, company, start, end, options }: NoticeParams['interview-which']): Message & { title: string } {
  return {
    title: t(`notices.interview-which.${doing}`, { company }),
    lines: [...(start === null ? [] : [t('notices.interview-moved.now', { when: whenText(reader, start, end) })]), t('notices.interview-which.line')],
    buttons: [
      ...options.map((option) => ({ label: `${option.company}: ${whenText(reader, option.start)}`, action: `which:${doubtId}:${option.interviewId}` })),
      { label: t('notices.interview-which.none'), action: `which:${doubtId}:none` },
    ],
  };
}
