// A message in the form of a push message: a title and a body that fit, together, into the 4096 bytes that FCM takes.
import { cut } from './cut.ts';
import type { Reader } from './dates.ts';
import { renderNotice } from './messages.ts';

/** A UTF-16 unit has three bytes at the most in UTF-8. */
const MOST_TITLE_UNITS = 150;
const MOST_BODY_UNITS = 1_000;

export function pushPart(kind: string, params: Readonly<Record<string, unknown>>, reader: Reader): { title: string; body: string } {
  const { title, lines } = renderNotice(kind, params, reader);
  return { title: cut(title.toWellFormed(), MOST_TITLE_UNITS), body: cut(lines.join('\n').toWellFormed(), MOST_BODY_UNITS) };
}
