// A message in Telegram's form: HTML with everything of ours escaped, no part longer than Telegram takes, buttons below the
// last part. Shared by the bot's answers and the notices.
import type { InlineKeyboardMarkup } from 'grammy/types';
import type { Button, Message } from './messages.ts';

/** Telegram counts after parsing; UTF-16 units are never fewer than what it counts. */
const MOST_UNITS = 4096;
const ELLIPSIS = '…';

export interface TelegramParts {
  /** HTML, each to be sent as a message of its own. */
  parts: string[];
  keyboard: InlineKeyboardMarkup | undefined;
}

/** Splits a long message at its lines; a line too long for a message of its own is cut. */
export function telegramParts({ title, lines, buttons }: Message): TelegramParts {
  const all = [...(title === undefined ? [] : [{ text: title, bold: true }]), ...lines.map((text) => ({ text, bold: false }))];
  const parts: string[][] = [];
  let room = 0;
  for (const { text, bold } of all) {
    const shown = cut(text, MOST_UNITS);
    if (parts.length === 0 || shown.length + 1 > room) {
      parts.push([]);
      room = MOST_UNITS + 1;
    }
    room -= shown.length + 1;
    const html = escapeTelegram(shown);
    parts.at(-1)!.push(bold ? `<b>${html}</b>` : html);
  }
  return { parts: parts.map((part) => part.join('\n')), keyboard: keyboardOf(buttons) };
}

/** The message as one part, cut at a line where it is too long. */
export function telegramPart(message: Message): { html: string; keyboard: InlineKeyboardMarkup | undefined } {
  const { lines } = message;
  const whole = telegramParts(message);
  if (whole.parts.length === 1) return { html: whole.parts[0]!, keyboard: whole.keyboard };
  for (let kept = lines.length - 1; ; kept -= 1) {
    const { parts, keyboard } = telegramParts({ ...message, lines: [...lines.slice(0, kept), ELLIPSIS] });
    if (parts.length === 1) return { html: parts[0]!, keyboard };
  }
}

/** Text for parse_mode HTML; half surrogates, which Telegram refuses, become U+FFFD. */
export function escapeTelegram(text: string): string {
  return text.toWellFormed().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function keyboardOf(buttons: Button[] | undefined): InlineKeyboardMarkup | undefined {
  return buttons && { inline_keyboard: buttons.map(({ label, action }) => [{ text: label.toWellFormed(), callback_data: action }]) };
}

/** Never between the halves of a character. */
function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  const end = units - ELLIPSIS.length;
  return text.slice(0, /[\uD800-\uDBFF]/.test(text[end - 1]!) ? end - 1 : end) + ELLIPSIS;
}
