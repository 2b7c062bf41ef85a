// Sends notices by mail: text, simple HTML, and a calendar part where the notice changes a calendar.
import nodemailer from 'nodemailer';
import type { DateTime } from 'luxon';
import { buildInvitation, type Party } from '../domain/calendar/invitation.ts';
import { escapeHtml } from '../locales/escape.ts';
import { type Translate, translator } from '../locales/index.ts';
import { type Button, renderNotice } from '../locales/messages.ts';
import type { SendResult } from '../services/deliveries.ts';
import type { Sender } from './delivering.ts';

const CONNECTIONS = 5;
const TIMEOUT_MS = 15_000;

export interface EmailSenderOptions {
  /** smtp://user:password@host:port, or smtps:// */
  smtpUrl: string;
  /** NAME <ADDRESS>: sender of the mails and organizer of the events. */
  from: string;
  /** IANA; readers elsewhere are told the zone of each time. */
  campusTimeZone: string;
  /** The clock, for the events' time stamps. */
  now: () => DateTime;
}

/** A sender for the channel `email`. Its pool of connections is closed by `close`. */
export function createEmailSender({ smtpUrl, from, campusTimeZone, now }: EmailSenderOptions): Sender & { close(): void } {
  const transport = nodemailer.createTransport({
    url: smtpUrl, pool: true, maxConnections: CONNECTIONS, disableFileAccess: true, disableUrlAccess: true,
    connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS,
  });
  const organizer = partyOf(from);

  const send: Sender = async ({ kind, params, address, name, messageId, locale, timeZone }) => {
    // Stricter than RFC 5322 on purpose: nothing that could end a header or name a second recipient.
    if (!PLAIN_ADDRESS.test(address)) return { kind: 'never', errorCode: 'address-unusable' };
    const notice = renderNotice(kind, params, { locale, timeZone, campusTimeZone });
    const lines = [...notice.lines, ...answerLines(notice.buttons, translator(locale))];
    const calendar = notice.calendar
      && buildInvitation({ ...notice.calendar, lastModified: now() }, organizer, { name, email: address });
    try {
      await transport.sendMail({
        from: { name: organizer.name, address: organizer.email },
        to: { name, address },
        subject: notice.title,
        text: `${lines.join('\n')}\n`,
        html: htmlOf(notice.title, lines, locale),
        ...(calendar && { icalEvent: { method: calendar.method, content: calendar.content } }),
        messageId,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return { kind: 'sent' };
    } catch (error) {
      return resultOf(error);
    }
  };
  return Object.assign(send, { close: () => transport.close() });
}

/** A mail has no buttons: in the chat they are. */
function answerLines(buttons: Button[] | undefined, t: Translate): string[] {
  if (!buttons) return [];
  return [t(buttons.every(({ action }) => action.startsWith('decide:')) ? 'mail.answer-in-chat' : 'mail.answer-interview-in-chat')];
}

const PLAIN_ADDRESS = /^[^\s\p{Cc}"<>,;:\\@]+@[^\s\p{Cc}"<>,;:\\@]+$/u;

function partyOf(from: string): Party {
  const [, name, address] = /^(.*?)\s*<([^<>]+)>$/.exec(from.trim()) ?? [];
  return address === undefined ? { name: '', email: from.trim() } : { name: name!.replace(/^"(.*)"$/, '$1'), email: address };
}

function htmlOf(title: string, lines: string[], locale: string): string {
  const paragraphs = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('');
  return `<!doctype html><html lang="${escapeHtml(locale)}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`
    + `<body dir="auto"><h1>${escapeHtml(title)}</h1>${paragraphs}</body></html>`;
}

/** What nodemailer adds to an error. */
interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  command?: string;
}

/** Only a no to the recipient or to the mail itself is for ever; one to the login or the sender is for the admin to mend. */
function resultOf(error: unknown): SendResult {
  const { code, responseCode = 0, command = '' } = error as SmtpError;
  if (code === undefined) throw error;
  if (responseCode >= 500 && /^(?:RCPT TO|DATA)$/.test(command)) return { kind: 'never', errorCode: `smtp-${responseCode}` };
  return { kind: 'later', errorCode: responseCode > 0 ? `smtp-${responseCode}` : 'smtp-unreachable' };
}
