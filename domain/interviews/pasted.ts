// Text that a student pastes or forwards to the bot → a mail, as far as it shows one: From, Date and Subject where they were copied along.
import { mailFromFields } from './parse-mail.ts';
import type { ParsedMail } from './types.ts';

/** Shorter is a question to the bot, not a mail. */
const FEWEST_WORDS = 3;
const FEWEST_CHARACTERS = 40;
/** A mail's head stands in its first lines. */
const HEAD_LINES = 15;
const HEAD_LINE = /^[*> \t]{0,4}(from|date|sent|subject)\*?\s*:\s*\*?\s*(.+)$/i;

/** Whether a message is long enough to be a mail. */
export function looksPasted(text: string): boolean {
  const plain = text.trim();
  return plain.length >= FEWEST_CHARACTERS && plain.split(/\s+/u).length >= FEWEST_WORDS;
}

/**
 * The mail that a text shows. Where its head was copied along it is read as a forwarded one, so that "tomorrow" is the day after
 * that mail; else as one written now.
 * @param now ISO 8601
 */
export function mailFromPaste(text: string, now: string): ParsedMail {
  const head = new Map<string, string>();
  for (const line of text.trim().split(/\r?\n/).slice(0, HEAD_LINES)) {
    const [, name, value] = HEAD_LINE.exec(line) ?? [];
    if (name !== undefined && !head.has(name.toLowerCase())) head.set(name.toLowerCase(), value!.trim());
  }
  const subject = head.get('subject');
  const isForward = subject !== undefined || head.has('from');
  return mailFromFields({
    date: now, from: head.get('from'), subject: isForward ? `Fwd: ${subject ?? ''}` : '',
    text: isForward ? `---------- Forwarded message ---------\n${text.trim()}` : text.trim(),
  });
}
