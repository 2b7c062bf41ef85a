// Text cut to what a platform takes.

export const ELLIPSIS = '…';

/** The text in at most so many UTF-16 units. Never between the halves of a character. */
export function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  const end = units - ELLIPSIS.length;
  return text.slice(0, /[\uD800-\uDBFF]/.test(text[end - 1]!) ? end - 1 : end) + ELLIPSIS;
}
