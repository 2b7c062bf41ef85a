// mark, open, close: students mark themselves in a class, and who teaches it opens and closes its attendance.
import { z } from 'zod';
import { countsText, receiptText } from '../../locales/attendance.ts';
import { whenText } from '../../locales/dates.ts';
import { classAt } from '../../services/class-at.ts';
import { completeAttendance } from '../../services/completing.ts';
import { chatDevice } from '../../services/device-claims.ts';
import { markWithCode } from '../../services/marking.ts';
import { classNow, openAttendance } from '../../services/taking.ts';
import { defineCommand } from './command.ts';

const sessionNumber = z.string().regex(/^[1-9]\d{0,14}$/).transform(Number);
/** Some put a space in the middle. */
const code = z.array(z.string()).transform((words) => words.join('')).pipe(z.string().regex(/^\d{6}$/));

export const mark = defineCommand({
  name: 'mark',
  access: ['student', 'cr'],
  arguments: code,
  async run({ context, person, chat, t }, entered) {
    const receipt = await markWithCode(context, person, { code: entered, device: chatDevice(chat), door: chat.platform });
    return { lines: [receiptText(t, receipt)] };
  },
});

export const open = defineCommand({
  name: 'open',
  access: ['faculty', 'hod', 'admin'],
  arguments: z.union([z.tuple([]).transform(() => null), z.tuple([sessionNumber]).transform(([id]) => id)]),
  async run({ context, person, t, reader }, named) {
    const sessionId = named ?? (await classNow(context, person)).id;
    // A code that is read out or written on a board can't change every few seconds.
    const { code: shown, session, closesAt, expected, there } = await openAttendance(context, person, sessionId, { mode: 'single' });
    const { subject, section } = classAt(session);
    const until = whenText(reader, closesAt.toISOString());
    return {
      title: t('commands.open.title', { subject, section }),
      lines: [
        shown === null ? t('commands.open.no-code') : t('commands.open.code', { code: shown, until }), t('commands.open.there', { there, expected }),
        t('commands.open.close', { number: session.id }),
      ],
    };
  },
});

export const close = defineCommand({
  name: 'close',
  access: ['faculty', 'hod', 'admin'],
  arguments: z.array(z.string()).transform(([first, ...rest]) => {
    const named = sessionNumber.safeParse(first);
    const topic = (named.success ? rest : [first, ...rest]).join(' ').trim();
    return { sessionId: named.success ? named.data : null, topic: topic === '' ? null : topic };
  }).refine(({ topic }) => topic === null || topic.length <= 200),
  async run({ context, person, t }, { sessionId, topic }) {
    const id = sessionId ?? (await classNow(context, person)).id;
    const counts = await completeAttendance(context, person, id, topic);
    return { lines: [t('commands.close.done'), countsText(t, counts)] };
  },
});
