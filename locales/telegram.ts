// A message in Telegram's form: HTML with everything of ours escaped, no part longer than Telegram takes, buttons below the
// last part. Shared by the bot's answers and the notices.
import type { InlineKeyboardMarkup } from 'grammy/types';
import { cut, ELLIPSIS } from './cut.ts';
import { escapeHtml } from './escape.ts';
import type { Button, Message } from './messages.ts';

/** Telegram counts after parsing; UTF-16 units are never fewer than what it counts. */
const MOST_UNITS = 4096;
const MORE = `\n${ELLIPSIS}`;

export interface TelegramParts {
  /** HTML, each to be sent as a message of its own. */
  parts: string[];
  keyboard: InlineKeyboardMarkup | undefined;
}

/** Splits a long message at its lines; a line too long for a message of its own is cut. */
export function telegramParts(message: Message): TelegramParts {
  return { parts: split(message, MOST_UNITS), keyboard: keyboardOf(message.buttons) };
}

/** The message as one part, cut at a line where it is too long. */
export function telegramPart(message: Message): { html: string; keyboard: InlineKeyboardMarkup | undefined } {
  const [first, ...others] = split(message, MOST_UNITS - MORE.length);
  return { html: others.length === 0 ? first! : first! + MORE, keyboard: keyboardOf(message.buttons) };
}

function split({ title, lines }: Message, most: number): string[] {
  const all = [...(title === undefined ? [] : [{ text: title, bold: true }]), ...lines.map((text) => ({ text, bold: false }))];
  const parts: string[][] = [];
  let room = 0;
  for (const { text, bold } of all) {
    const shown = cut(text, most);
    if (parts.length === 0 || shown.length + 1 > room) {
      parts.push([]);
      room = most + 1;
    }
    room -= shown.length + 1;
    const html = escapeHtml(shown);
    parts.at(-1)!.push(bold ? `<b>${html}</b>` : html);
  }
  return parts.map((part) => part.join('\n'));
}

function keyboardOf(buttons: Button[] | undefined): InlineKeyboardMarkup | undefined {
  return buttons && { inline_keyboard: buttons.map(({ label, action }) => [{ text: label.toWellFormed(), callback_data: action }]) };
}
