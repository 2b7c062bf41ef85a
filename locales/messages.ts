// Notices in words: one message for every channel, which each channel then puts into its own form.
import { interviewUid, sessionUid } from '../domain/calendar/uids.ts';
import type { FeedEvent } from '../domain/calendar/vcalendar.ts';
import type { Coded, NoticeKind, NoticeParams } from '../domain/notices.ts';
import { isBareDate, type Reader, whenText } from './dates.ts';
import { type SentenceKey, translator, type Translate } from './index.ts';
import { placeLines, questionButtons, timeQuestion, whereLines, whichMessage } from './interviews.ts';
import { obstacleText, reasonText } from './reasons.ts';

/** What a person is shown, as plain text. */
export interface Message {
  title?: string;
  lines: string[];
  buttons?: Button[];
}

export interface Button {
  label: string;
  /** What comes back when it is pressed; see bots/commands/actions.ts. At most 64 bytes. */
  action: string;
}

/** When it was changed is known only to whoever sends it. */
type CalendarChange = Omit<FeedEvent, 'lastModified'>;

interface RenderedNotice extends Message {
  title: string;
  /** What it changes in the reader's calendar. */
  calendar?: CalendarChange;
}

const SEPARATOR = ' · ';

type Renderers = { [Kind in NoticeKind]: (params: NoticeParams[Kind], t: Translate, reader: Reader) => RenderedNotice };

const renderers: Renderers = {
  'interview-found': (params, t, reader) => {
    const { lines, ...asking } = timeQuestion(t, params);
    return {
      title: t('notices.interview-found.title', { company: params.company }),
      lines: [...placeLines(t, reader, params), ...lines], ...asking,
      ...interviewChange(params, 'confirmed', reader),
    };
  },
  'interview-question': (params, t, reader) => ({
    title: t('notices.interview-question.title', { company: params.company }),
    lines: [
      ...placeLines(t, reader, params), t(`notices.interview-question.${params.because ?? 'unsure'}`), t('notices.interview-question.line'),
    ],
    buttons: questionButtons(t, params),
  }),
  'interview-moved': (params, t, reader) => {
    const { lines, ...asking } = timeQuestion(t, params);
    return {
      title: t('notices.interview-moved.title', { company: params.company }),
      lines: [
        t('notices.interview-moved.now', { when: whenText(reader, params.start, params.end) }),
        t('notices.interview-moved.before', { when: whenText(reader, params.previousStart) }),
        ...whereLines(t, params), ...lines,
      ],
      ...asking,
      ...interviewChange(params, 'confirmed', reader),
    };
  },
  'interview-which': (params, t, reader) => whichMessage(t, reader, params),
  'interview-called-off': (params, t, reader) => ({
    title: t('notices.interview-called-off.title', { company: params.company }),
    lines: [t('notices.interview-called-off.line', { when: whenText(reader, params.start, params.end) })],
    ...interviewChange(params, 'cancelled', reader),
  }),
  'class-excused': (params, t, reader) => ({
    title: t('notices.class-excused.title', { subject: params.subject }), lines: [classLine(params, t, reader), t('notices.class-excused.line')],
  }),
  'class-stays': (params, t, reader) => ({
    title: t('notices.class-stays.title', { subject: params.subject }), lines: [classLine(params, t, reader), t('notices.class-stays.line')],
  }),
  'class-moved': (params, t, reader) => ({
    title: t('notices.class-moved.title', { subject: params.subject }),
    lines: [
      t('notices.class-moved.now', { when: whenText(reader, params.start, params.end), room: params.room }),
      t('notices.class-moved.before', { when: whenText(reader, params.oldStart, params.oldEnd), room: params.oldRoom }),
    ],
    calendar: {
      uid: sessionUid(params.sessionId), sequence: params.sequence, status: 'confirmed', start: params.start, end: params.end,
      zone: reader.timeZone, summary: `${params.subject} (${params.section})`, location: params.room, categories: ['class'],
    },
  }),
  'reschedule-offer': (params, t, reader) => offerMessage(params, t, reader),
  'reschedule-impossible': (params, t, reader) => ({
    title: t('notices.reschedule-impossible.title', { subject: params.subject, section: params.section }),
    lines: [
      classLine(params, t, reader),
      ...hitLines(params, t),
      t(`notices.reschedule-impossible.${params.why}`, { percent: params.thresholdPercent }),
      ...params.blocked.map(({ start, end, reasons }) =>
        `${whenText(reader, start, end)}: ${reasons.map((reason) => obstacleText(t, reason)).join(SEPARATOR)}`),
    ],
  }),
  'reschedule-off': (params, t, reader) => ({
    title: t('notices.reschedule-off.title', { subject: params.subject, section: params.section }), lines: [classLine(params, t, reader), t(`notices.reschedule-off.${params.why}`)],
  }),
  'mailbox-failing': (params, t, reader) => ({
    title: t('notices.mailbox-failing.title'),
    lines: [
      t(`mailbox-failures.${params.failureCode}` as Extract<SentenceKey, `mailbox-failures.${string}`>),
      t('notices.mailbox-failing.line', { when: whenText(reader, params.retryAt) }),
    ],
  }),
};

/** A notice's message for one reader. `params` are those that the notice was written with (NoticeParams[kind]). */
export function renderNotice(kind: string, params: Readonly<Record<string, unknown>>, reader: Reader): RenderedNotice {
  const render = renderers[kind as NoticeKind] as (params: unknown, t: Translate, reader: Reader) => RenderedNotice;
  return render(params, translator(reader.locale), reader);
}

export interface Offer {
  roundId: number;
  subject: string;
  section: string;
  start: string;
  end: string;
  room: string;
  /** Of how many students how many are hit, where it is known. */
  hit?: number;
  roster?: number;
  options: { id: number; start: string; end: string; room: string; reasons: Coded[] }[];
}

/** Asks a faculty member whether a class may move, with a button for each time and one to decline. */
export function offerMessage(offer: Offer, t: Translate, reader: Reader): RenderedNotice {
  const { roundId, options } = offer;
  return {
    title: t('notices.reschedule-offer.title', { subject: offer.subject, section: offer.section }),
    lines: [
      classLine(offer, t, reader),
      ...hitLines(offer, t),
      ...options.flatMap(({ start, end, room, reasons }, index) => [
        t('notices.reschedule-offer.option', { number: index + 1, when: whenText(reader, start, end), room }),
        reasons.map((reason) => reasonText(t, reason)).join(SEPARATOR),
      ]),
    ],
    buttons: [
      ...options.map(({ id, start }, index) => ({
        label: t('notices.reschedule-offer.accept', { number: index + 1, when: whenText(reader, start) }),
        action: `decide:${roundId}:${id}`,
      })),
      { label: t('notices.reschedule-offer.decline'), action: `decide:${roundId}:decline` },
    ],
  };
}

function classLine(planned: { start: string; end: string; room: string }, t: Translate, reader: Reader): string {
  return t('class-at', { when: whenText(reader, planned.start, planned.end), room: planned.room });
}

function hitLines({ hit, roster }: { hit?: number; roster?: number }, t: Translate): string[] {
  return hit === undefined || roster === undefined ? [] : [t('students-hit', { count: hit, roster })];
}

/** A bare date has no place in a timed calendar. */
function interviewChange(
  params: NoticeParams['interview-found'], status: 'confirmed' | 'cancelled', reader: Reader,
): { calendar?: CalendarChange } {
  const { start, end, location, link } = params;
  if (isBareDate(start) || end === null) return {};
  return {
    calendar: {
      uid: interviewUid(params.interviewId), sequence: params.sequence, status, start, end, zone: reader.timeZone,
      summary: params.company, ...(location !== null && { location }), ...(link !== null && { url: link }), categories: ['interview'],
    },
  };
}
