// From a mail to an interview: calendar part, markup, rules, and only then the language model; and from the interview to a person.
import { DateTime } from 'luxon';
import { isInterviewEvent, readCalendarPart } from './calendar-part.ts';
import type { CalendarEvent } from './calendar-part.ts';
import { canonicalSubject, canonicalText, markOwn } from './canonical.ts';
import { findCompany, findRole, isCampusSender } from './company.ts';
import { findAudience, findLink, findLocation, findMode, findRound } from './details.ts';
import { readMarkup } from './markup.ts';
import { acceptAnswer } from './model-question.ts';
import type { AskModel } from './model-question.ts';
import { findMoments, toInstant } from './moments.ts';
import type { DateContext } from './moments.ts';
import { readByRules } from './rules.ts';
import { findTextList, mayHoldList, peopleFromAttachment } from './shortlist.ts';
import type { ListRow } from './shortlist.ts';
import { splitBody } from './text.ts';
import type { BodyParts } from './text.ts';
import type { CampusContext, ExtractionSource, FoundInterview, ListedPerson, MailExtraction, Meant, NothingFound, NotFoundReason, ParsedMail, Person, TokenUsage } from './types.ts';
import { EVENT_WORDS, RESCHEDULE_SUBJECT } from './vocabulary.ts';

const CALENDAR_CONFIDENCE = 0.95;
const MARKUP_CONFIDENCE = 0.92;

/** What all steps read: the mail in the words that every recipient of it shares. */
interface Reading {
  mail: ParsedMail;
  subject: string;
  parts: BodyParts;
  /** The sender's own words without the rows of lists. */
  prose: string;
  rows: ListRow[] | null | undefined;
  context: DateContext;
}

const nothing = (reason: NotFoundReason, confidence: number, usage?: TokenUsage): NothingFound => ({ found: null, reason, confidence, ...(usage ? { usage } : {}) });

/** Numeric dates are month-first for American mail: its sender's or owner's zone, or an American zone in its words. */
function isDayFirst(mail: ParsedMail, person: Person, campus: CampusContext, text: string): boolean {
  if (/^en-US\b|^en-PH\b/i.test(campus.locale)) return false;
  const offset = DateTime.fromISO(mail.date, { setZone: true }).offset;
  const american = /^(?:America|US)\//.test(person.timeZone) || (offset <= -240 && offset >= -600);
  return !american && !/\b(?:[ECMP][SD]T|(?:Eastern|Central|Mountain|Pacific) (?:Standard |Daylight )?Time)\b/.test(text);
}

/** Words of a mail that gives one candidate the order of their own day. */
const OWN_AGENDA = /\b(?:interviewers?|panell?ists?|you(?: will|'ll|’ll) (?:meet|be meeting|speak|talk)|your (?:agenda|itinerary)|interview (?:agenda|loop))\b/i;

async function read(mail: ParsedMail, person: Person, campus: CampusContext): Promise<Reading> {
  const subject = canonicalSubject(mail, person);
  const body = canonicalText(mail, person);
  const parts = splitBody(body, subject);
  const found = findTextList(parts.own);
  // Names with times may be those whom one candidate will meet.
  const list = found && OWN_AGENDA.test(parts.own) && found.rows.every((row) => !row.rollNumber && !row.email) ? null : found;
  const prose = list ? parts.own.split('\n').filter((_, line) => !list.lines.has(line)).join('\n') : parts.own;
  const context: DateContext = { reference: mail.date, zone: person.timeZone || campus.timeZone, dayFirst: isDayFirst(mail, person, campus, parts.own) };
  const forwarded = parts.forwardedDate ? findMoments(parts.forwardedDate, context, true)[0] : undefined;
  // "Tomorrow" in a forwarded mail is the day after that mail was written.
  if (forwarded && forwarded.day <= mail.date.slice(0, 10)) context.reference = forwarded.hasTime ? forwarded.start : toInstant(forwarded.day, 720, context.zone);
  const rows = list?.rows ?? await attachedRows(mail);
  const when = rows?.find((row) => row.when)?.when;
  // The date may stand in the table alone.
  const dated = when && findMoments(`${subject}\n${prose}`, context, true).length === 0 ? `${prose}\nDate: ${when}` : prose;
  return { mail, subject, parts, prose: dated, rows, context };
}

/** Rows of attached lists; null when only unreadable ones are attached, undefined when none is. */
async function attachedRows(mail: ParsedMail): Promise<ListRow[] | null | undefined> {
  const lists = mail.attachments.filter(mayHoldList).slice(0, 5);
  const rows: ListRow[] = [];
  for (const attachment of lists) rows.push(...await peopleFromAttachment(attachment) ?? []);
  if (rows.length > 0) return rows;
  const named = lists.some(({ name }) => /list|slot|schedul|short|student|candidate|\.xlsx?$|\.csv$/i.test(name));
  return named ? null : undefined;
}

function listedPeople(rows: ListRow[] | null | undefined, start: string, zone: string, context: DateContext): ListedPerson[] | null | undefined {
  if (!rows) return rows;
  return rows.map((row) => {
    const person: ListedPerson = {};
    if (row.rollNumber) person.rollNumber = row.rollNumber;
    if (row.email) person.email = row.email;
    if (row.name) person.name = row.name;
    const own = row.when ? findMoments(row.when, context, true)[0] : undefined;
    const day = own?.day ?? start.slice(0, 10);
    if (own?.hasTime) person.start = own.start;
    else if (row.start !== undefined) person.start = toInstant(day, row.start, row.zone ?? zone);
    else if (own) person.start = own.day;
    if (row.end !== undefined && row.start !== undefined) person.end = toInstant(day, row.end, row.zone ?? zone);
    return person;
  });
}

type Core = Pick<FoundInterview, 'kind' | 'start' | 'end' | 'previousStart' | 'timeZone' | 'evidence' | 'confidence'>;

/** Fills in what every step reads the same way from the mail's words. */
function complete(reading: Reading, core: Core, source: ExtractionSource, titles: string[], said: Partial<FoundInterview> = {}): FoundInterview {
  const { mail, subject, parts, prose } = reading;
  const words = [...titles, prose].join('\n');
  const link = said.link ?? findLink(words);
  const location = said.location ?? findLocation(subject, prose);
  return {
    found: true, ...core,
    confidence: Math.round(core.confidence * 100) / 100,
    company: said.company ?? findCompany(subject, `${prose}\n${parts.quoted}`, mail.from, titles),
    role: said.role ?? findRole([...titles, subject, prose].join('\n')),
    round: said.round ?? findRound([...titles, subject].join('\n'), prose),
    mode: findMode(`${subject}\n${words}\n${location ?? ''}`, link, location, mail.from),
    location, link, source,
    audience: said.audience ?? findAudience(`${subject}\n${prose}`, mail.from, listedPeople(reading.rows, core.start, core.timeZone, reading.context)),
  };
}

function fromCalendar(reading: Reading, event: CalendarEvent, person: Person): FoundInterview {
  const { subject } = reading;
  const summary = markOwn(event.summary.replace(/^\s*(?:cancel(?:l)?ed|updated|invitation|rescheduled)\s?:\s?/i, ''), person);
  const description = markOwn(event.description, person);
  const kind = event.cancelled ? 'cancel' : event.sequence > 0 || RESCHEDULE_SUBJECT.test(subject) ? 'reschedule' : 'invite';
  const found = complete(reading, {
    kind, start: event.start, end: event.end, previousStart: null, timeZone: event.timeZone, evidence: summary.slice(0, 300), confidence: CALENDAR_CONFIDENCE,
  }, 'calendar', [summary, description, markOwn(event.organizer, person)].filter(Boolean), {
    link: findLink(`${event.location}\n${description}`) ?? findLink(reading.prose),
    location: event.location && !/https?:/.test(event.location) ? event.location.slice(0, 150) : null,
    // A calendar part is for its attendee, but placement cells send one to all who may come.
    ...(reading.rows === undefined && !isCampusSender(reading.mail.from) ? { audience: { kind: 'personal' } } : {}),
  });
  return { ...found, ...(event.uid ? { calendarUid: event.uid } : {}), calendarSequence: event.sequence };
}

function calendarStep(reading: Reading, person: Person): MailExtraction | null {
  const events = reading.mail.calendars.slice(0, 10).map((part) => readCalendarPart(part, reading.context.zone)).filter((event) => event !== null);
  if (events.length === 0) return null;
  const asked = events.filter((event) => !/^(?:REPLY|COUNTER|DECLINECOUNTER|REFRESH)$/.test(event.method));
  if (asked.length === 0) return nothing('automatic-reply', 0.9);
  const interview = asked.find((event) => isInterviewEvent(event, `${reading.subject}\n${reading.parts.own}`));
  return interview ? fromCalendar(reading, interview, person) : nothing('other-calendar-event', 0.9);
}

function markupStep(reading: Reading, person: Person): MailExtraction | null {
  const event = readMarkup(reading.mail.html, reading.context.zone);
  if (!event) return null;
  const name = markOwn(event.name, person);
  if (!EVENT_WORDS.test(`${name}\n${reading.subject}\n${reading.prose}`)) return null;
  if (/\b(?:webinar|workshop|meet-?up|concert|class|mock|bootcamp|conference|talk)\b/i.test(name)) return nothing('webinar', 0.9);
  const kind = event.cancelled ? 'cancel' : event.rescheduled ? 'reschedule' : 'invite';
  return complete(reading, {
    kind, start: event.start, end: event.end, previousStart: event.previousStart, timeZone: event.timeZone, evidence: name.slice(0, 300), confidence: MARKUP_CONFIDENCE,
  }, 'markup', [name, markOwn(event.organizer, person)].filter(Boolean), { link: event.link, location: event.location || null });
}

/**
 * What a mail says of an interview, the same for every recipient: evidence and texts carry marks instead of the recipient's own name.
 * `askModel` is asked only when calendar part, markup and rules left open a mail that looks like an interview; what it throws is thrown.
 */
export async function extract(mail: ParsedMail, person: Person, campus: CampusContext, options: { askModel?: AskModel } = {}): Promise<MailExtraction> {
  if (mail.automatic) return nothing('automatic-reply', 0.98);
  const reading = await read(mail, person, campus);
  const certain = calendarStep(reading, person) ?? markupStep(reading, person);
  if (certain) return certain;
  const { subject, parts, prose, context } = reading;
  const rules = readByRules({ subject, parts, text: prose, senderName: mail.from.name, context, hasSlots: reading.rows?.some((row) => row.start !== undefined) ?? false });
  if (rules.finding) return complete(reading, rules.finding, 'rules', []);
  if (!rules.looksLike || !options.askModel) return nothing(rules.reason, rules.looksLike ? 0.5 : 0.9);
  const reply = await options.askModel({ subject, from: `${mail.from.name} <${mail.from.address}>`, date: mail.date, text: prose });
  const accepted = acceptAnswer(reply.answer, `${subject}\n${prose}`, context);
  if (!accepted.accepted) return nothing(accepted.reason === 'no-interview' ? rules.reason : 'model-refused', 0.6, reply.usage);
  const { company, role, round, link, location, audience, ...core } = accepted;
  const said: Partial<FoundInterview> = { company, role, round, link, location };
  if (reading.rows === undefined && audience !== 'listed') said.audience = { kind: audience };
  return { ...complete(reading, core, 'model', [], said), usage: reply.usage };
}

/** True when two names are the same person's: all words of the shorter stand in the longer, initials counting. */
function sameName(listed: string, own: string): boolean {
  const words = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{M}\s]/gu, ' ').split(/\s+/).filter(Boolean);
  const [shorter, longer] = [words(listed), words(own)].sort((a, b) => a.length - b.length) as [string[], string[]];
  const fits = (word: string) => longer.some((other) => other === word || (word.length === 1 && other.startsWith(word)) || (other.length === 1 && word.startsWith(other)));
  return shorter.some((word) => word.length > 2) && shorter.every(fits) && (shorter.length > 1 || longer.length === 1 || shorter[0] === longer[0]);
}

/** The rows that are the person's: one when it is certain, several when a name alone cannot tell. */
function rowsOf(person: Person, people: ListedPerson[]): ListedPerson[] {
  const email = person.email.toLowerCase();
  const roll = person.rollNumber?.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const certain = people.filter((row) => (email && row.email === email) || (roll && row.rollNumber?.toUpperCase().replace(/[^A-Z0-9]/g, '') === roll));
  if (certain.length > 0) return certain.slice(0, 1);
  // A name decides only in rows that hold nothing surer to compare.
  return people.filter((row) => row.name && sameName(row.name, person.name) && !(roll && row.rollNumber) && !(email && row.email));
}

/** What an extraction means for one person. Who stands on a list by roll number or address is meant; where that cannot be told, they are asked. */
export function forPerson(extraction: FoundInterview, person: Person): Meant {
  const { audience, found: _found, usage: _usage, ...finding } = extraction;
  if (audience.kind === 'personal') return { meant: 'yes', finding };
  if (audience.kind === 'open' || audience.people === null) return { meant: 'ask', finding };
  const [own, namesake] = rowsOf(person, audience.people);
  if (namesake) return { meant: 'ask', finding };
  if (own) {
    const end = own.end ?? (own.start && own.start !== finding.start ? null : finding.end);
    return { meant: 'yes', finding: { ...finding, start: own.start ?? finding.start, end } };
  }
  const byRollOnly = !person.rollNumber && audience.people.every((row) => row.rollNumber && !row.email);
  return byRollOnly ? { meant: 'ask', finding } : { meant: 'no' };
}

