// Text of a mail: HTML made into lines, white space and invisible characters normalised, sentences and quoted parts told apart.
import { HTMLElement, parse, TextNode } from 'node-html-parser';
import type { Node } from 'node-html-parser';

/** More than this of a mail's text is not read: an interview is said in its first pages, and rules stay cheap on hostile mail. */
export const MAX_TEXT = 100_000;
const MAX_HTML = 300_000;

/** Between the cells of a table row, in text made from HTML. */
export const CELL_SEPARATOR = ' | ';

const BLOCKS = new Set(['P', 'DIV', 'BR', 'TR', 'LI', 'UL', 'OL', 'DL', 'DT', 'TABLE', 'TBODY', 'THEAD', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'HR', 'SECTION', 'ARTICLE', 'HEADER', 'FOOTER', 'BLOCKQUOTE', 'PRE', 'CENTER']);
const SKIPPED = new Set(['SCRIPT', 'STYLE', 'HEAD', 'TITLE', 'TEMPLATE', 'NOSCRIPT']);

/** Unicode spaces → blanks, invisible characters out, runs of blanks to one, capped at MAX_TEXT. */
export function normaliseText(text: string): string {
  return text.slice(0, MAX_TEXT).normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]/g, '')
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000\v\f]/g, ' ')
    .replace(/\t+/g, CELL_SEPARATOR)
    .replace(/ {2,}/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** HTML → lines of text; the cells of a row stand on one line. Links keep their address where their text does not show it. */
export function htmlToText(html: string): string {
  const root = parse(html.slice(0, MAX_HTML), { comment: false });
  const parts: string[] = [];
  let length = 0;
  const push = (part: string) => { length += part.length; parts.push(part); };
  // An explicit stack: hostile HTML nests deeper than the call stack.
  const stack: (Node | string)[] = [root];
  while (stack.length > 0 && length < MAX_TEXT * 2) {
    const node = stack.pop();
    if (typeof node === 'string') { push(node); continue; }
    if (node instanceof TextNode) { push(node.text.replace(/\s+/g, ' ')); continue; }
    if (!(node instanceof HTMLElement) || SKIPPED.has(node.tagName ?? '')) continue;
    const tag = node.tagName ?? '';
    const after: string[] = [];
    if (BLOCKS.has(tag)) { push('\n'); after.push('\n'); }
    if (tag === 'TD' || tag === 'TH') after.push(CELL_SEPARATOR);
    if (tag === 'DD') { push(': '); after.push('\n'); }
    if (tag === 'A') {
      const address = node.getAttribute('href') ?? '';
      if (/^https?:/i.test(address) && !node.text.includes(address)) after.push(` ${address} `);
    }
    if (tag === 'DT') after.length = 0;
    stack.push(...after.reverse());
    for (let child = node.childNodes.length - 1; child >= 0; child -= 1) stack.push(node.childNodes[child] as Node);
  }
  return normaliseText(parts.join('')).replace(/ \|(?=\n|$)/g, '');
}

/** The body to read: the plain text, unless the HTML says much more or holds a table. */
export function bodyText(text: string, html: string): string {
  const plain = normaliseText(text);
  if (!html.trim()) return plain;
  const fromHtml = htmlToText(html);
  const hasTable = / \| /.test(fromHtml) && /<t[dh][\s>]/i.test(html.slice(0, MAX_HTML));
  return plain.length * 3 < fromHtml.length || (hasTable && !plain.includes(CELL_SEPARATOR)) ? fromHtml : plain;
}

/** A mail's body in three: what its sender says (forwarded text included), what is only quoted, and the date line of a forwarded mail. */
export interface BodyParts { own: string; quoted: string; forwardedDate: string | null }

const FORWARD_MARK = /^[ >]*-{2,}\s?(?:forwarded message|original message|begin forwarded)|^begin forwarded message:?$/i;
const ORIGINAL_MARK = /^-{2,}\s?original message\s?-{2,}/i;
const REPLY_MARK = /^(?:on .{5,120} wrote:?|am .{5,100} schrieb.{0,60}:?)$/i;
const HEADER_LINE = /^[*> ]{0,4}(?:from|sent|date|to|cc|subject|von|gesendet|an|betreff)[*]?:/i;

/** Quoted lines below a reply are not the mail's word; a forwarded mail's body is, without its header lines. */
export function splitBody(body: string, subject: string): BodyParts {
  const isForward = /^\s*(?:fwd?|wg)\s*:/i.test(subject);
  const own: string[] = [];
  const quoted: string[] = [];
  let forwardedDate: string | null = null;
  let target = own;
  let inHeader = false;
  const lines = body.split('\n');
  for (const [number, line] of lines.entries()) {
    const isOutlookHeader = !inHeader && /^[*]?from:[*]?\s/i.test(line) && own.some((earlier) => earlier.trim()) && (isForward || /^\s*re\s*:/i.test(subject));
    if (FORWARD_MARK.test(line) || isOutlookHeader) {
      const reply = (ORIGINAL_MARK.test(line) || isOutlookHeader) && !isForward && /^\s*re\s*:/i.test(subject);
      target = reply ? quoted : own;
      inHeader = true;
      if (!isOutlookHeader) continue;
    }
    if (inHeader) {
      const date = /^[*> ]{0,4}(?:sent|date|gesendet)[*]?:[*]?\s{0,3}(.{6,60})$/i.exec(line);
      if (date?.[1]) forwardedDate = date[1];
      if (HEADER_LINE.test(line)) continue;
      inHeader = false;
    }
    // Mail programs break a long "On …, … wrote:" over two lines.
    if ((REPLY_MARK.test(line) || (/^on /i.test(line) && REPLY_MARK.test(`${line} ${lines[number + 1] ?? ''}`))) && !isForward) { target = quoted; continue; }
    if (/^\s?>/.test(line) && !isForward) { quoted.push(line.replace(/^[> ]+/, '')); continue; }
    target.push(isForward ? line.replace(/^(?:> ?)+/, '') : line);
  }
  return { own: own.join('\n').trim(), quoted: quoted.join('\n').trim(), forwardedDate };
}

/** A stretch of a text that makes one statement, with where it begins. */
export interface Sentence { index: number; text: string }

/** Lines cut at full stops that end a sentence ("a.m.", "Pvt. Ltd." and "9.15" do not). */
export function sentencesOf(text: string): Sentence[] {
  const found: Sentence[] = [];
  let from = 0;
  const end = /[!?;](?=\s)|(?<!\b(?:a\.m|p\.m|m\/s|dr|mr|ms|mrs|pvt|ltd|no|inc|st|approx|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun))\.(?=\s+[\p{Lu}«])|\n/giu;
  for (const match of text.matchAll(end)) {
    const stop = match.index + 1;
    if (text.slice(from, stop).trim()) found.push({ index: from, text: text.slice(from, stop) });
    from = stop;
  }
  if (text.slice(from).trim()) found.push({ index: from, text: text.slice(from) });
  return found;
}
