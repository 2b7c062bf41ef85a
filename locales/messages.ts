// Notices in words: one message for every channel, which each channel then puts into its own form.
import { interviewUid, sessionUid } from '../domain/calendar/uids.ts';
import { percentageText } from '../domain/attendance/percentage.ts';
import type { FeedEvent } from '../domain/calendar/vcalendar.ts';
import type { Coded, NoticeKind, NoticeParams } from '../domain/notices.ts';
import { campusDay, dayText, isBareDate, type Reader, whenText } from './dates.ts';
import { forecastText } from './forecast.ts';
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
  'class-expected': (params, t, reader) => ({
    title: t('notices.class-expected.title', { subject: params.subject }),
    lines: [
      classLine(params, t, reader), t('notices.class-expected.line'),
      ...(params.insteadOf ? [t('notices.class-expected.given-up', { when: whenText(reader, params.insteadOf.start, params.insteadOf.end), room: params.insteadOf.room })] : []),
    ],
    ...(params.insteadOf && { calendar: classChange({ ...params, ...params.insteadOf }, 'cancelled', reader) }),
  }),
  'place-stands': (params, t, reader) => ({
    title: t('notices.place-stands.title', { subject: params.subject }), lines: [classLine(params, t, reader), t('notices.place-stands.line')],
  }),
  'place-off': (params, t, reader) => ({
    title: t('notices.place-off.title', { subject: params.subject }), lines: [classLine(params, t, reader), t('notices.place-off.line')],
    calendar: classChange(params, 'cancelled', reader),
  }),
  'class-elsewhere': (params, t, reader) => ({
    title: t('notices.class-elsewhere.title', { subject: params.subject }),
    lines: [
      t(`notices.class-elsewhere.${params.how}`, { when: whenText(reader, params.start, params.end), room: params.room, section: params.section }),
      t('notices.class-elsewhere.before', { when: whenText(reader, params.oldStart, params.oldEnd), room: params.oldRoom }),
    ],
    calendar: classChange(params, 'confirmed', reader),
  }),
  'class-added': (params, t, reader) => ({
    title: t('notices.class-added.title', { subject: params.subject }), lines: [classLine(params, t, reader)], calendar: classChange(params, 'confirmed', reader),
  }),
  'class-cancelled': (params, t, reader) => ({
    title: t('notices.class-cancelled.title', { subject: params.subject }), lines: [classLine(params, t, reader)],
    calendar: classChange(params, 'cancelled', reader),
  }),
  'timetable-made': (params, t) => ({
    title: t('notices.timetable-made.title', { term: termText(params, t) }), lines: [t('notices.timetable-made.line', { count: params.drafts, best: Math.round(params.best) })],
  }),
  'timetable-failed': (params, t) => ({ title: t('notices.timetable-failed.title', { term: termText(params, t) }), lines: [t('notices.timetable-failed.line')] }),
  'timetable-published': (params, t) => ({ title: t('notices.timetable-published.title'), lines: [t('notices.timetable-published.line', { term: termText(params, t) })] }),
  'class-moved': (params, t, reader) => ({
    title: t('notices.class-moved.title', { subject: params.subject }),
    lines: [
      t('notices.class-moved.now', { when: whenText(reader, params.start, params.end), room: params.room }),
      t('notices.class-moved.before', { when: whenText(reader, params.oldStart, params.oldEnd), room: params.oldRoom }),
    ],
    calendar: classChange(params, 'confirmed', reader),
  }),
  'reschedule-offer': (params, t, reader) => offerMessage(params, t, reader),
  'reschedule-reminder': (params, t, reader) => withLine(t('notices.reschedule-reminder.line'), offerMessage(params, t, reader)),
  'reschedule-escalated': (params, t, reader) => withLine(t('notices.reschedule-escalated.line'), offerMessage(params, t, reader)),
  'reschedule-seated': (params, t, reader) => ({
    title: t('notices.reschedule-seated.title', { subject: params.subject, section: params.section }),
    lines: [classLine(params, t, reader), t('notices.reschedule-seated.line', { count: params.seated })],
  }),
  'guests-expected': (params, t, reader) => ({
    title: t('notices.guests-expected.title', { subject: params.subject, section: params.section }),
    lines: [classLine(params, t, reader), t('notices.guests-expected.line', { count: params.guests })],
  }),
  'makeup-set': (params, t, reader) => ({
    title: t('notices.makeup-set.title', { subject: params.subject, section: params.section }),
    lines: [classLine(params, t, reader), t('notices.makeup-set.line', { count: params.students, when: whenText(reader, params.oldStart, params.oldEnd) })],
    calendar: classChange(params, 'confirmed', reader),
  }),
  'makeup-off': (params, t, reader) => ({
    title: t('notices.makeup-off.title', { subject: params.subject, section: params.section }),
    lines: [classLine(params, t, reader), t('notices.makeup-off.line')],
    calendar: classChange(params, 'cancelled', reader),
  }),
  'move-stands': (params, t, reader) => ({
    title: t('notices.move-stands.title', { subject: params.subject, section: params.section }),
    lines: [classLine(params, t, reader), [t('notices.move-stands.line'), t(`notices.move-stands.${params.why}`)].join(' ')],
  }),
  'reschedule-impossible': (params, t, reader) => ({
    title: t('notices.reschedule-impossible.title', { subject: params.subject, section: params.section }),
    lines: [
      classLine(params, t, reader),
      ...hitLines(params, t),
      t(`notices.reschedule-impossible.${params.why}`, { percent: params.thresholdPercent, min: params.makeupMinStudents }),
      ...params.blocked.map(({ start, end, reasons }) =>
        `${whenText(reader, start, end)}: ${reasons.map((reason) => obstacleText(t, reason)).join(SEPARATOR)}`),
    ],
  }),
  'reschedule-off': (params, t, reader) => ({
    title: t('notices.reschedule-off.title', { subject: params.subject, section: params.section }), lines: [classLine(params, t, reader), t(`notices.reschedule-off.${params.why}`)],
  }),
  'attendance-warning': (params, t) => ({
    title: t(`notices.attendance-warning.${params.level}`, { subject: params.subject, threshold: params.threshold }), lines: standingLines(params, t),
  }),
  'attendance-warning-of': (params, t) => ({
    title: t('notices.attendance-warning-of.title', { student: params.student, subject: params.subject }), lines: standingLines(params, t),
  }),
  'attendance-warning-guardian': (params, t) => ({
    title: t('notices.attendance-warning-guardian.title', { student: params.student, subject: params.subject }),
    lines: [...standingLines(params, t), t('notices.attendance-warning-guardian.line')],
  }),
  'leave-asked': (params, t, reader) => ({
    title: t('notices.leave-asked.title', { student: params.student }),
    lines: [leaveLine(params, t, reader), t('notices.leave-asked.reason', { reason: params.reason }), t('notices.leave-asked.line')],
  }),
  'leave-decided': (params, t, reader) => ({
    title: t(params.granted ? 'notices.leave-decided.granted' : 'notices.leave-decided.rejected'),
    lines: [leaveLine(params, t, reader), ...(params.answer === null ? [] : [t('notices.leave-decided.answer', { answer: params.answer })])],
  }),
  'leave-granted': (params, t, reader) => ({ title: t('notices.leave-granted.title', { student: params.student }), lines: [leaveLine(params, t, reader)] }),
  'leave-withdrawn': (params, t, reader) => ({ title: t('notices.leave-withdrawn.title', { student: params.student }), lines: [leaveLine(params, t, reader)] }),
  'class-not-made': (params, t, reader) => ({
    title: t('notices.class-not-made.title', { subject: params.subject, section: params.section }),
    lines: [classLine(params, t, reader), t(`notices.class-not-made.${params.why}`)],
  }),
  'substitution-asked': (params, t, reader) => ({
    title: t('notices.substitution-asked.title', { subject: params.subject, section: params.section }),
    lines: [classLine(params, t, reader), t('notices.substitution-asked.line', { faculty: params.faculty })],
  }),
  'substitution-declined': (params, t, reader) => ({
    title: t('notices.substitution-declined.title', { faculty: params.faculty, subject: params.subject, section: params.section }),
    lines: [classLine(params, t, reader), t('notices.substitution-declined.line')],
  }),
  'substitution-set': (params, t, reader) => ({
    title: t('notices.substitution-set.title', { faculty: params.faculty, subject: params.subject, section: params.section }), lines: [classLine(params, t, reader)],
  }),
  'second-check': (params, t, reader) => ({
    title: t('notices.second-check.title', { subject: params.subject }), lines: [t('notices.second-check.line', { until: whenText(reader, params.until) })],
  }),
  'second-check-begun': (params, t, reader) => ({
    title: t('notices.second-check-begun.title', { subject: params.subject }), lines: [t('notices.second-check-begun.line', { until: whenText(reader, params.until) })],
  }),
  'appeal-made': (params, t, reader) => ({
    title: t('notices.appeal-made.title', { student: params.student, subject: params.subject }),
    lines: [classLine(params, t, reader), t('notices.appeal-made.line', { status: t(`statuses.${params.wanted}`) })],
  }),
  'appeal-decided': (params, t, reader) => ({
    title: t('notices.appeal-decided.title', { subject: params.subject }),
    lines: [
      classLine(params, t, reader), t(`notices.appeal-decided.${params.choice}`, { status: t(`statuses.${params.wanted}`) }),
      ...(params.answer === null ? [] : [params.answer]),
    ],
  }),
  'class-reminder': (params, t, reader) => ({
    title: t('notices.class-reminder.title', { subject: params.subject }), lines: [t('notices.class-reminder.line', { when: whenText(reader, params.start, params.end), room: params.room })],
  }),
  'interview-reminder': (params, t, reader) => ({ title: t('notices.interview-reminder.title', { company: params.company }), lines: placeLines(t, reader, params) }),
  broadcast: ({ title, message, from }, t) => ({ title, lines: [...message.split(/\r?\n/), t('notices.broadcast.from', { from })] }),
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
  remedy: 'makeup' | 'move';
  /** Of how many students how many are hit, where it is known. */
  hit?: number;
  roster?: number;
  seated?: number;
  options: { id: number; start: string; end: string; room: string; reasons: Coded[] }[];
}

/** Asks whether a class may move, or a makeup of it be set, with a button for each time and one to decline. */
export function offerMessage(offer: Offer, t: Translate, reader: Reader): RenderedNotice {
  const { roundId, options } = offer;
  return {
    title: t(offer.remedy === 'makeup' ? 'notices.reschedule-offer.title-makeup' : 'notices.reschedule-offer.title', { subject: offer.subject, section: offer.section }),
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

/** A class as it is planned, in one line. */
export function classLine(planned: { start: string; end: string; room: string }, t: Translate, reader: Reader): string {
  return t('class-at', { when: whenText(reader, planned.start, planned.end), room: planned.room });
}

/** Where attendance stands, and what is needed. */
function standingLines(standing: NoticeParams['attendance-warning'], t: Translate): string[] {
  return [t('attendance-standing.now', { percentage: percentageText(standing.percentage), threshold: standing.threshold }), forecastText(t, standing)];
}

/** What leave it is, and when: whole days as days of the campus. */
function leaveLine({ leaveKind, wholeDays, start, end }: Pick<NoticeParams['leave-granted'], 'leaveKind' | 'wholeDays' | 'start' | 'end'>, t: Translate, reader: Reader): string {
  if (!wholeDays) return t('leave-at', { kind: t(`leave-kinds.${leaveKind}`), when: whenText(reader, start, end) });
  const [first, last] = [campusDay(new Date(start), reader.campusTimeZone), campusDay(new Date(Date.parse(end) - 1), reader.campusTimeZone)];
  return t('leave-at', { kind: t(`leave-kinds.${leaveKind}`), when: first === last ? dayText(reader, first) : `${dayText(reader, first)} – ${dayText(reader, last)}` });
}

function hitLines({ hit, roster, seated = 0 }: { hit?: number; roster?: number; seated?: number }, t: Translate): string[] {
  return [
    ...(hit === undefined || roster === undefined ? [] : [t('students-hit', { count: hit, roster })]),
    ...(seated === 0 ? [] : [t('students-seated', { count: seated })]),
  ];
}

const withLine = (line: string, message: RenderedNotice): RenderedNotice => ({ ...message, lines: [line, ...message.lines] });

/** A class's event as it stands now. */
function classChange(
  params: { sessionId: number; sequence: number; subject: string; section: string; start: string; end: string; room: string },
  status: CalendarChange['status'], reader: Reader,
): CalendarChange {
  return {
    uid: sessionUid(params.sessionId), sequence: params.sequence, status, start: params.start, end: params.end, zone: reader.timeZone,
    summary: `${params.subject} (${params.section})`, location: params.room, categories: ['class'],
  };
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

const termText = ({ academicYear, semester }: { academicYear: string; semester: number }, t: Translate): string => t('notices.term', { year: academicYear, semester });
