// The rules: a mail's own words, scored, → the interview it fixes, moves or calls off.
import { DateTime } from 'luxon';
import { coreSubject } from './company.ts';
import { findMoments } from './moments.ts';
import type { DateContext, Moment } from './moments.ts';
import { negativeOf } from './negatives.ts';
import { sentencesOf } from './text.ts';
import type { BodyParts, Sentence } from './text.ts';
import type { InterviewKind, NotFoundReason } from './types.ts';
import {
  CANCEL_WORDS, COMMIT_WORDS, CONDITIONAL, DATE_LABEL, DEADLINE_BEFORE, DEADLINE_SENTENCE, EVENT_WORDS, HIRING_WORDS, MEETING_LINK, PLACE_WORDS,
  REPORT_BY, RESCHEDULE_SUBJECT, RESCHEDULE_WORDS, WEAK_EVENT_WORDS,
} from './vocabulary.ts';
import { findDuration } from './written-times.ts';
import { zoneOfMail } from './zones.ts';

/** A mail as the rules read it: canonical subject and body parts (list rows taken out), and the sender's name. */
interface RuleInput { subject: string; parts: BodyParts; text: string; senderName: string; context: DateContext; hasSlots: boolean }

interface RuleFinding { kind: InterviewKind; start: string; end: string | null; previousStart: string | null; timeZone: string; evidence: string; confidence: number }

/** `looksLike` says whether the mail has the words of an interview though no date was found: then the model may be asked. */
type RuleReading = { finding: RuleFinding } | { finding: null; reason: NotFoundReason; looksLike: boolean };

const THRESHOLD = 4.5;
const SURE = 8;

/** The sentences that say what is, without those that say what would be. */
function statementsOf(sentences: Sentence[]): string {
  return sentences.filter((sentence) => !CONDITIONAL.test(sentence.text)).map((sentence) => sentence.text.trim()).join('\n');
}

const PROMISE = /\b(?:will|shall|would|to be) (?:be )?(?:get back|share|shared|announce|announced|inform|informed|let you know|communicate|communicated|notif\w{1,4}|follow|revert|send|sent|propose|reach out|update)\b|\b(?:soon|shortly)\b/i;

/** What a mail does: asks to come, moves, or calls off. A sentence that only says what would be does not count. */
function kindOf(subject: string, allStatements: string): InterviewKind {
  // "We will get back with a new time" promises one; it does not move anything.
  const statements = allStatements.split('\n').filter((line) => !PROMISE.test(line) || CANCEL_WORDS.test(line)).join('\n');
  const calledOff = CANCEL_WORDS.test(subject) || CANCEL_WORDS.test(statements);
  const moved = RESCHEDULE_SUBJECT.test(subject) || RESCHEDULE_WORDS.test(subject) || RESCHEDULE_WORDS.test(statements);
  if (calledOff && moved) return /\b(?:re-?scheduled|moved|shifted|new (?:date|time|slot)|now (?:on|at|be)|instead)\b/i.test(statements) && !/indefinitely|until further|till further|sine die/i.test(statements) ? 'reschedule' : 'cancel';
  return calledOff ? 'cancel' : moved ? 'reschedule' : 'invite';
}

const OLD_BEFORE = /\b(?:from|instead of|in place of|rather than|originally(?: scheduled| planned)?(?: for| on| at)?|earlier(?: scheduled| planned)?(?: for| on| at)?|previous(?:ly)?(?: scheduled| planned)?(?: for| on| at| (?:date|time|slot|schedule))?|old(?: (?:date|time|slot|schedule))?|was(?: (?:scheduled|planned|set|due))?(?: for| on| at| to (?:be (?:held|conducted|done) on|take place on))?|initially(?: scheduled)?(?: for| on)?|not(?: on)?|replaces)[\s:,–-]{0,3}(?:the |on )?$/i;
const NEW_BEFORE = /\b(?:to|now|new(?: (?:date|time|slot|schedule|timing))?(?: is)?|revised (?:date|time|slot|schedule)(?: is)?|meet on|instead on|until|till|for)[\s:,–-]{0,3}(?:be )?(?:held |scheduled |happening )?(?:the |on |at |for )?$/i;

interface Scored { moment: Moment; score: number; sentence: Sentence; fixed: boolean; deadline: boolean; old: boolean }

/** What the whole mail's words are worth, whichever of its dates is looked at. */
interface MailWorth { subjectNames: boolean; namesElsewhere: number; context: number; commitsElsewhere: boolean }

function worthOf({ subject, parts, senderName, hasSlots }: RuleInput, kind: InterviewKind): MailWorth {
  const own = `${subject}\n${parts.own}`;
  const hiring = HIRING_WORDS.test(`${senderName}\n${own}\n${parts.quoted}`) ? 1 : 0;
  const place = MEETING_LINK.test(parts.own) || PLACE_WORDS.test(parts.own) ? 0.5 : 0;
  return {
    subjectNames: EVENT_WORDS.test(subject),
    namesElsewhere: EVENT_WORDS.test(parts.own) || EVENT_WORDS.test(parts.quoted) ? 2 : WEAK_EVENT_WORDS.test(own) ? 1 : 0,
    context: hiring + place + (hasSlots ? 1 : 0) + (kind === 'invite' ? 0 : 0.5),
    commitsElsewhere: COMMIT_WORDS.test(own),
  };
}

function scoreMoment(moment: Moment, input: RuleInput, worth: MailWorth, sentences: Sentence[], document: string, kind: InterviewKind): Scored {
  const { subject, context } = input;
  const sentence = sentences.findLast((one) => one.index <= moment.index) ?? { index: 0, text: document };
  const line = document.slice(document.lastIndexOf('\n', moment.index - 1) + 1, document.indexOf('\n', moment.index) < 0 ? undefined : document.indexOf('\n', moment.index));
  const before = document.slice(Math.max(0, moment.index - 110), moment.index);
  const inSentence = EVENT_WORDS.test(sentence.text);
  const strongNear = inSentence || worth.subjectNames;
  let score = worth.context + (strongNear ? 3 : worth.namesElsewhere) + (inSentence ? 0.5 : 0);
  const labelled = DATE_LABEL.test(line) || (inSentence && /:\s{0,2}$/.test(document.slice(Math.max(0, moment.index - 3), moment.index)));
  const said = document.slice(Math.max(0, moment.index - 40), moment.index);
  const committed = labelled || COMMIT_WORDS.test(sentence.text) || (kind === 'reschedule' && NEW_BEFORE.test(said));
  if (committed) score += 1.5;
  else if (worth.commitsElsewhere) score += 0.75;
  if (moment.hasTime && !input.hasSlots) score += 1;
  const lastLine = before.slice(before.lastIndexOf('\n') + 1);
  const deadline = (DEADLINE_BEFORE.test(lastLine) && !REPORT_BY.test(lastLine)) || (DEADLINE_SENTENCE.test(sentence.text) && !(inSentence && COMMIT_WORDS.test(lastLine) && !DEADLINE_SENTENCE.test(lastLine)));
  const reference = DateTime.fromISO(context.reference, { setZone: true });
  const past = moment.hasTime ? DateTime.fromISO(moment.start) < reference.minus({ hours: kind === 'cancel' ? 24 : 1 }) : moment.start < (reference.setZone(context.zone).toISODate() ?? '');
  if (deadline) score -= 10;
  const old = kind === 'reschedule' && OLD_BEFORE.test(lastLine);
  if (past) score -= 10;
  return { moment, score, sentence, old, deadline, fixed: strongNear && (kind !== 'invite' || (committed && (moment.hasTime || input.hasSlots || COMMIT_WORDS.test(subject)))) };
}

/** Of the moments of a rescheduling: the new one, and the old one if said. */
function newAndOld(scored: Scored[], document: string): { chosen: Scored | null; previous: Scored | null } {
  const usable = scored.filter((one) => !one.deadline && one.score > -5);
  const said = (one: Scored) => document.slice(Math.max(0, one.moment.index - 40), one.moment.index);
  const marked = usable.find((one) => !one.old && NEW_BEFORE.test(said(one)) && usable.some((other) => other !== one && (other.old || other.moment.index < one.moment.index)));
  const rest = usable.filter((one) => !one.old);
  const best = [...rest].sort((a, b) => b.score - a.score || a.moment.index - b.moment.index)[0] ?? null;
  const chosen = marked ?? best;
  const previous = scored.find((one) => one.old && one !== chosen)
    ?? (marked ? usable.find((one) => one.moment.index < marked.moment.index && one.moment.start !== marked.moment.start) : undefined) ?? null;
  return { chosen, previous };
}

/** The same day may be named twice, once without its time: the one with the time tells more. */
function withTime(chosen: Scored, scored: Scored[]): Scored {
  if (chosen.moment.hasTime) return chosen;
  return scored.find((one) => one.moment.hasTime && one.moment.day === chosen.moment.day && !one.old && !one.deadline) ?? chosen;
}

function confidenceOf(score: number): number {
  return Math.round(Math.min(0.9, 0.5 + (0.4 * (score - THRESHOLD)) / (SURE - THRESHOLD)) * 100) / 100;
}

/** Reads a mail by rules alone. Linear in its text. */
export function readByRules(input: RuleInput): RuleReading {
  const { subject, parts, text } = input;
  const core = coreSubject(subject);
  const document = `${core}\n\n${text}`;
  const sentences = sentencesOf(document);
  const statements = statementsOf(sentences);
  const hasWords = EVENT_WORDS.test(statements) || EVENT_WORDS.test(parts.quoted) || (WEAK_EVENT_WORDS.test(statements) && HIRING_WORDS.test(`${statements}\n${parts.quoted}\n${input.senderName}`));
  const negative = negativeOf(subject, statements);
  const kind = kindOf(subject, statements);
  // A cancellation says "unfortunately" and "withdrawn" too; it is one only where the words of an interview stand beside.
  if (negative?.always && !(kind !== 'invite' && negative.reason === 'rejection' && EVENT_WORDS.test(statements) && /\b(?:cancel|postpone|reschedul|call(?:ed)? off|withdrawn)/i.test(statements))) {
    return { finding: null, reason: negative.reason, looksLike: false };
  }
  if (!hasWords) return { finding: null, reason: negative?.reason ?? 'no-interview-words', looksLike: false };
  const context = { ...input.context, zone: zoneOfMail(text) ?? input.context.zone };
  const moments = findMoments(document, context, kind !== 'reschedule');
  const worth = worthOf(input, kind);
  const scored = moments.map((moment) => scoreMoment(moment, { ...input, context }, worth, sentences, document, kind));
  const { chosen: best, previous } = kind === 'reschedule' ? newAndOld(scored, document)
    : { chosen: [...scored].sort((a, b) => b.score - a.score || a.moment.index - b.moment.index)[0] ?? null, previous: null };
  let chosen = best && kind === 'reschedule' && best.score <= -5 ? null : best;
  if (!chosen) return { finding: null, reason: negative?.reason ?? 'no-date', looksLike: negative === null };
  chosen = withTime(chosen, scored);
  if (chosen.deadline) return { finding: null, reason: negative?.reason ?? 'deadline-only', looksLike: false };
  const ofAnotherLife = negative && /^(?:academic|other-appointment)$/.test(negative.reason) && !HIRING_WORDS.test(`${input.senderName}\n${document}`);
  if (negative && !(chosen.fixed && !ofAnotherLife && (negative.reason !== 'registration' || !/\bregist/i.test(core) || (EVENT_WORDS.test(core) && COMMIT_WORDS.test(core))))) return { finding: null, reason: negative.reason, looksLike: false };
  if (chosen.score < THRESHOLD) return { finding: null, reason: chosen.score < -3 ? 'past' : 'low-score', looksLike: chosen.score > 2.5 };
  const { start, end, previousStart } = timesOf(chosen.moment, previous?.moment ?? null, document, kind);
  return {
    finding: {
      kind, start, end, previousStart, timeZone: chosen.moment.zone,
      evidence: chosen.sentence.text.trim().replace(/\s+/g, ' ').slice(0, 300), confidence: confidenceOf(chosen.score),
    },
  };
}

/** Start, end and old start. An old hour is not carried over to a new day: only a person can confirm that it stays. */
function timesOf(moment: Moment, previous: Moment | null, document: string, kind: InterviewKind) {
  let end = moment.end;
  if (!end && moment.hasTime) {
    const minutes = findDuration(document);
    if (minutes) end = DateTime.fromISO(moment.start, { setZone: true }).plus({ minutes }).toISO({ suppressMilliseconds: true });
  }
  const previousStart = kind === 'reschedule' && previous && previous.start !== moment.start ? previous.start : null;
  return { start: moment.start, end, previousStart };
}
