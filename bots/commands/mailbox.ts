// mailbox: how the reading of the asking student's mail fares, and the way to end it (I1a, I5).
import { whenText } from '../../locales/dates.ts';
import type { SentenceKey } from '../../locales/index.ts';
import { withdrawConsent } from '../../services/consent.ts';
import { myMailbox } from '../../services/mailboxes.ts';
import { noWords } from './arguments.ts';
import { type Answer, defineCommand, type PersonalCall } from './command.ts';

const MAILBOX = /^mailbox:(stop|erase|keep)$/;

export const mailbox = defineCommand({
  name: 'mailbox',
  access: ['student', 'cr'],
  arguments: noWords,
  async run({ context, person, t, reader }) {
    const title = t('commands.mailbox.title');
    const held = await myMailbox(context, person);
    if (!held || held.status === 'withdrawn') return { title, lines: [t(held ? 'commands.mailbox.withdrawn' : 'commands.mailbox.none')] };
    const lines = held.status === 'backing_off' && held.failureCode !== null
      ? [
          t(`mailbox-failures.${held.failureCode}` as Extract<SentenceKey, `mailbox-failures.${string}`>),
          ...(held.retryAt === null ? [] : [t('notices.mailbox-failing.line', { when: whenText(reader, held.retryAt.toISOString()) })]),
        ]
      : [held.lastReadAt === null ? t('commands.mailbox.not-yet') : t('commands.mailbox.read', { when: whenText(reader, held.lastReadAt.toISOString()) })];
    return { title, lines, buttons: [{ label: t('commands.mailbox.stop'), action: 'mailbox:stop' }] };
  },
});

/** Ends the reading, after asking once more; null for other buttons. */
export async function pressMailbox({ context, person, t }: PersonalCall, action: string): Promise<Answer | null> {
  switch (MAILBOX.exec(action)?.[1]) {
    case 'stop':
      return {
        title: t('commands.mailbox.sure'), lines: [t('commands.mailbox.what-goes')],
        buttons: [{ label: t('commands.mailbox.erase'), action: 'mailbox:erase' }, { label: t('commands.mailbox.keep'), action: 'mailbox:keep' }],
      };
    case 'erase':
      return { lines: [t((await withdrawConsent(context, person)) ? 'commands.mailbox.erased' : 'commands.mailbox.withdrawn')], settles: true };
    case 'keep':
      return { lines: [t('commands.mailbox.kept')], settles: true };
    default:
      return null;
  }
}
