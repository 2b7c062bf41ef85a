// One text for all recipients of a mail: the recipient's own marks taken out, so that 300 copies are read once.
import { createHash } from 'node:crypto';
import { localReference } from './moments.ts';
import { findTextList } from './shortlist.ts';
import { bodyText, htmlToText, normaliseText } from './text.ts';
import type { ParsedMail, Person } from './types.ts';

const CLICK_TRACKERS = /^(?:click|links?|track(?:ing)?|url\d*|email|go|trk|t|e|r|mandrillapp|ct|lnks|clicks?)\.|sendgrid\.net$|list-manage\.com$|safelinks\.protection\.outlook\.com$|mandrillapp\.com$|mailtrack|awstrack\.me$|sendibm\d*\.com$|hubspotlinks\.com$/i;
const MEETING_PARAMETERS = new Set(['pwd', 'mtid', 'meetingid', 'id', 'passcode', 'key', 'room']);
const COMMON_WORDS = /^(?:may|june|april|august|mon|tue|wed|thu|fri|sat|sun|will|mark|grace|hope|joy|dr|mr|ms|mrs|van|der|test|interview|student|candidate|hr|company|art|ray|bill|rich|drew|call|date|time)$/i;

/** Links lose what differs from copy to copy: tracking hosts keep only their host, others lose parameters that do not name the meeting. */
function reduceLinks(text: string): string {
  return text.replace(/https?:\/\/[^\s<>"')\]|]{1,2000}/gi, (link) => {
    try {
      const url = new URL(link);
      if (CLICK_TRACKERS.test(url.hostname)) return `${url.protocol}//${url.hostname}/«link»`;
      if (/unsubscribe|opt-?out|preferences|email-settings/i.test(url.pathname + url.search)) return `${url.protocol}//${url.hostname}/«unsubscribe»`;
      url.search = new URLSearchParams(Array.from(url.searchParams).filter(([key]) => MEETING_PARAMETERS.has(key.toLowerCase()))).toString();
      url.hash = '';
      return url.href;
    } catch {
      return link;
    }
  });
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

interface Mark {
  pattern: RegExp;
  mark: string;
  /** What may not stand before and after it: then it is part of something else. */
  edges: { before: RegExp; after: RegExp };
}

/** Apart from the patterns: a class of all letters takes long to compile, and there is a pattern or five for every person. */
const WORD = { before: /[\p{L}\p{N}]$/u, after: /^[\p{L}\p{N}]/u };
const ADDRESS = { before: /[a-z0-9._%+-]$/i, after: /^(?:[a-z0-9_%+-]|\.[a-z0-9])/i };

/** A person's own marks, longest first. */
function marksOf(person: Person): Mark[] {
  const marks: Mark[] = [];
  const add = (pattern: string, mark: string, edges = WORD) => marks.push({ pattern: new RegExp(pattern, 'giu'), mark, edges });
  if (person.email) add(escape(person.email), '«email»', ADDRESS);
  if (person.rollNumber && person.rollNumber.length >= 4) add(escape(person.rollNumber), '«roll»');
  const words = person.name.trim().split(/\s+/).filter(Boolean);
  const [first, last] = [words[0] ?? '', words.at(-1) ?? ''];
  if (words.length > 1) {
    add(words.map(escape).join('[\\s.]{1,3}'), '«name»');
    add(`${escape(last)},? ${escape(first)}|${escape(first)} ${escape(Array.from(last)[0] ?? '')}\\.?`, '«name»');
  }
  // Two Latin letters may be any word; two Han or Devanagari letters are a name.
  const shortest = /^\p{Script=Latin}+$/u.test(first) ? 3 : 2;
  if (first.length >= shortest && !COMMON_WORDS.test(first)) add(escape(first), '«name»');
  return marks;
}

function replaceOwn(line: string, { pattern, mark, edges }: Mark): string {
  return line.replace(pattern, (found: string, offset: number) => {
    if (edges.before.test(line.slice(Math.max(0, offset - 2), offset))) return found;
    // The dot of an initial ends it, whatever follows.
    const after = offset + found.length;
    return !found.endsWith('.') && edges.after.test(line.slice(after, after + 2)) ? found : mark;
  });
}

interface Marks {
  marks: Mark[];
  /** In lower case; a text that holds none of them holds no mark. */
  parts: string[];
}

/** A mailbox is read with one person: their patterns are made once. */
const known = new WeakMap<Person, Marks>();

function marksFor(person: Person): Marks {
  const held = known.get(person);
  if (held) return held;
  const words = person.name.trim().split(/\s+/);
  const parts = [person.email, person.rollNumber ?? '', words[0] ?? '', words.at(-1) ?? ''].filter(Boolean).map((part) => part.toLowerCase());
  const made = { marks: marksOf(person), parts };
  known.set(person, made);
  return made;
}

/** Marks instead of the person's own name, address and roll number; rows of a list of people stay as they are. */
export function markOwn(text: string, person: Person): string {
  const { marks, parts } = marksFor(person);
  const mayHoldMark = (some: string) => {
    const lowerCase = some.toLowerCase();
    return parts.some((part) => lowerCase.includes(part));
  };
  if (!mayHoldMark(text)) return text;
  const list = findTextList(text);
  return text.split('\n').map((line, number) => (
    list?.lines.has(number) || !mayHoldMark(line) ? line : marks.reduce(replaceOwn, line)
  )).join('\n');
}

/** The body of a mail as every recipient of it would have it. */
export function canonicalText(mail: ParsedMail, person: Person): string {
  return markOwn(reduceLinks(bodyText(mail.text, mail.html)), person);
}

export function canonicalSubject(mail: ParsedMail, person: Person): string {
  return markOwn(normaliseText(mail.subject).slice(0, 1000), person);
}

/** Calendar parts without what differs from copy to copy: stamps, the person's ATTENDEE line, their name. */
function canonicalCalendar(calendar: string, person: Person): string {
  const unfolded = calendar.slice(0, 300_000).replace(/\r\n?/g, '\n').replace(/\n[ \t]/g, '');
  const email = person.email.toLowerCase();
  return unfolded.split('\n')
    .filter((line) => !/^(?:DTSTAMP|CREATED|LAST-MODIFIED|X-)/i.test(line))
    .map((line) => (/^ATTENDEE/i.test(line) && email && line.toLowerCase().includes(email) ? 'ATTENDEE:«email»' : reduceLinks(markOwn(line, person))))
    .join('\n');
}

/** SHA-256 (32 bytes) of all that is the same for every recipient; two mails with two personal slots differ, and so do two days. */
export function fingerprint(mail: ParsedMail, person: Person): Uint8Array {
  const hash = createHash('sha256');
  const add = (part: string | Uint8Array) => { hash.update(String(part.length)).update('\0').update(part); };
  add(canonicalSubject(mail, person));
  add(mail.from.address.toLowerCase());
  add(markOwn(reduceLinks(normaliseText(mail.text)), person));
  add(mail.html ? markOwn(reduceLinks(htmlToText(mail.html)), person) : '');
  for (const calendar of mail.calendars) add(canonicalCalendar(calendar, person));
  for (const attachment of mail.attachments) {
    add(attachment.name);
    add(createHash('sha256').update(attachment.bytes).digest());
  }
  // "tomorrow" means another day in a mail of another day, and a time without a zone another instant in another zone.
  add(localReference(mail.date, person.timeZone).toISODate() ?? '');
  add(person.timeZone);
  return new Uint8Array(hash.digest());
}
