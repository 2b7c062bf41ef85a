// Reads what is new in one mailbox, from its cursor: headers first, bodies of candidates only, never more than the caps; and
// records batch by batch, so that a reader that dies is taken over where it stood.
import { Context } from '@temporalio/activity';
import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { type Authenticity, authenticityOf } from '../domain/interviews/authenticity.ts';
import { looksLikeCandidate } from '../domain/interviews/candidate.ts';
import { fingerprint } from '../domain/interviews/canonical.ts';
import type { AskModel } from '../domain/interviews/model-question.ts';
import { parseMail, readHeaders } from '../domain/interviews/parse-mail.ts';
import { extract, forPerson } from '../domain/interviews/pipeline.ts';
import { type SenderList, senderVerdict } from '../domain/interviews/senders.ts';
import type { MailExtraction, ParsedMail, Person } from '../domain/interviews/types.ts';
import type { ServiceContext } from '../services/context.ts';
import type { ExtractOnce, Wanted } from '../services/extractions.ts';
import { type BatchCounts, type Cursor, type MailBatch, type MailOutcome, messageKeyOf, type ReadMail, type RecordBatch } from '../services/mail-batches.ts';
import type { Mailbox, Owner } from '../services/mailboxes.ts';
import { MailboxFailure } from './imap.ts';
import { LanguageModelError } from './language-model.ts';

const HEADERS = [
  'from', 'subject', 'message-id', 'in-reply-to', 'references', 'content-type', 'list-unsubscribe', 'auto-submitted', 'precedence',
];
const BATCH = 50;
/** Of a mail over the cap, its beginning: the text parts come first, attachments after. */
const BEGINNING_BYTES = 262_144;
/** So much of candidates' bodies is held in memory at once, for one mailbox. */
const HELD_BYTES = 4_000_000;
/** After so many failures in a row at one and the same mail, it is passed over. */
const FAILURES_UNTIL_PASSED_OVER = 3;

export interface ReadingSettings {
  lookbackDays: number;
  maxBytes: number;
  /** The campus's mail server as its Authentication-Results name it; empty: whoever wrote the topmost. */
  authservId: string;
  askModel?: AskModel | undefined;
}

interface Listed {
  uid: number;
  messageId: string;
  candidate: boolean;
  denied: boolean;
  size: number;
  receivedAt: string | undefined;
  repliedKeys: Buffer[];
}

/** A reader at work on one mailbox. `alive` is called with every mail and throws when the activity is cancelled. */
export interface Reader {
  context: ServiceContext;
  settings: ReadingSettings;
  mailbox: Mailbox;
  owner: Owner;
  /** What the owner's institution says of senders. */
  senders: SenderList;
  record: RecordBatch;
  extractOnce: ExtractOnce;
  alive: () => void;
}

/** What was read of a mailbox. */
export interface Reading {
  /** Mails recorded; those that another reader recorded meanwhile don't count. */
  counts: BatchCounts;
  /** The last batch, still to be recorded: that takes no connection. Null when another reader was faster. */
  last: MailBatch | null;
}

/**
 * Reads a mailbox to its end, and records all of it but the last batch, with which its lease ends. One whose server answered
 * nonsense the last time is read mail by mail, so that the cursor comes to stand before the mail that it can't give; in the end that
 * one is passed over.
 */
export async function readMailbox(reader: Reader, client: ImapFlow): Promise<Reading> {
  const { context, mailbox, owner, settings } = reader;
  const counts: BatchCounts = { messages: 0, candidates: 0, interviews: 0 };
  const box = await client.mailboxOpen('INBOX', { readOnly: true });
  const uidValidity = Number(box.uidValidity);
  const last = box.uidNext - 1;
  const known = mailbox.uidValidity === uidValidity;
  const uids = await newUids(client, { from: known ? mailbox.lastUid + 1 : null, last }, since(context, settings.lookbackDays));
  const careful = mailbox.failureCode === 'protocol';
  let passOver = careful && known && mailbox.failures >= FAILURES_UNTIL_PASSED_OVER;

  let cursor: Cursor = { uidValidity: mailbox.uidValidity, lastUid: mailbox.lastUid };
  const size = careful ? 1 : BATCH;
  for (let index = 0; ; index += size) {
    const uidsOfBatch = uids.slice(index, index + size);
    const isEnd = index + size >= uids.length;
    const to: Cursor = { uidValidity, lastUid: isEnd ? last : uidsOfBatch.at(-1)! };
    const mails = passOver ? uidsOfBatch.map((uid) => unreadable(uidValidity, uid)) : await readBatch(reader, client, uidValidity, uidsOfBatch);
    passOver = false;
    const batch: MailBatch = { mailbox, owner, from: cursor, to, isEnd, mails };
    if (isEnd) return { counts, last: batch };
    const recorded = await reader.record(batch);
    if (!recorded) return { counts, last: null };
    addCounts(counts, recorded);
    cursor = to;
  }
}

export function addCounts(total: BatchCounts, more: BatchCounts): void {
  for (const key of Object.keys(total) as (keyof BatchCounts)[]) total[key] += more[key];
}

/** How far back a mailbox is read that was never read, or whose UIDs mean nothing any more. */
function since(context: ServiceContext, lookbackDays: number): Date {
  return context.now().minus({ days: lookbackDays }).toJSDate();
}

/** The UIDs to read, ascending. Of a few, those that the server has are seen when they are fetched: no need to search first. */
async function newUids(client: ImapFlow, range: { from: number | null; last: number }, lookback: Date): Promise<number[]> {
  const { from, last } = range;
  if (last < (from ?? 1)) return [];
  if (from !== null && last - from < BATCH) return Array.from({ length: last - from + 1 }, (_, index) => from + index);
  const found = await search(client, from === null ? { since: lookback } : { uid: `${from}:${last}` });
  return found.filter((uid) => uid <= last).sort((a, b) => a - b);
}

/** @returns UIDs. @throws MailboxFailure where the server doesn't say */
async function search(client: ImapFlow, query: { since: Date } | { uid: string }): Promise<number[]> {
  const found = await client.search(query, { uid: true });
  if (!found) throw new MailboxFailure('protocol');
  return found;
}

/** A mail that the server has and can't give: noted under its UID, so that the mailbox isn't held up for ever. */
function unreadable(uidValidity: number, uid: number): ReadMail {
  const messageId = `unreadable:${uidValidity}:${uid}`;
  return { messageId, messageKey: messageKeyOf(messageId), repliedKeys: [], fingerprint: null, found: null, otherwise: 'unreadable' };
}

type Judgement = Pick<ReadMail, 'fingerprint' | 'found' | 'otherwise'>;

async function readBatch(reader: Reader, client: ImapFlow, uidValidity: number, uids: number[]): Promise<ReadMail[]> {
  if (uids.length === 0) return [];
  const { settings, alive } = reader;
  const listed = new Map<number, Listed>();
  const query = { uid: true, size: true, internalDate: true, headers: HEADERS } as const;
  for await (const message of client.fetch(uids.join(','), query, { uid: true })) listed.set(message.uid, listing(message, reader.senders));
  alive();
  const unlisted = uids.filter((uid) => !listed.has(uid));
  const withheld = unlisted.length > 0 ? await search(client, { uid: unlisted.join(',') }) : [];

  const judged = new Map<number, Judgement>();
  const candidates = [...listed.values()].filter((mail) => mail.candidate);
  for (const isWhole of [true, false]) {
    const group = candidates.filter((mail) => mail.size <= settings.maxBytes === isWhole);
    if (group.length === 0) continue;
    let held: { mail: Listed; source: Buffer }[] = [];
    const judgeHeld = async (): Promise<void> => {
      for (const [uid, judgement] of await judge(reader, held)) judged.set(uid, judgement);
      held = [];
    };
    const source = isWhole || { maxLength: BEGINNING_BYTES };
    for await (const message of client.fetch(group.map(({ uid }) => uid).join(','), { uid: true, source }, { uid: true })) {
      alive();
      const mail = listed.get(message.uid);
      if (mail && message.source) held.push({ mail, source: message.source });
      if (held.reduce((bytes, one) => bytes + one.source.length, 0) > HELD_BYTES) await judgeHeld();
    }
    await judgeHeld();
  }
  return uids.flatMap((uid) => {
    const mail = listed.get(uid);
    if (!mail) return withheld.includes(uid) ? [unreadable(uidValidity, uid)] : [];
    return {
      messageId: mail.messageId, messageKey: messageKeyOf(mail.messageId), repliedKeys: mail.repliedKeys,
      ...(judged.get(uid) ?? { fingerprint: null, found: null, otherwise: otherwiseOf(mail) }),
    };
  });
}

const otherwiseOf = ({ candidate, denied }: Listed): MailOutcome => (denied ? 'denied' : candidate ? 'unreadable' : 'skipped');

/**
 * What the headers say: enough to tell whether the body is worth fetching. They are all that is asked for: for ENVELOPE and
 * BODYSTRUCTURE the server would have to read and parse the whole mail.
 */
function listing(message: FetchMessageObject, senders: SenderList): Listed {
  const { from, subject, messageId, inReplyTo, references, field } = readHeaders(message.headers ?? Buffer.alloc(0));
  const contentType = field('content-type') ?? 'text/plain';
  const receivedAt = message.internalDate instanceof Date ? message.internalDate.toISOString() : undefined;
  const denied = senderVerdict(senders, from.address) === 'deny';
  const candidate = looksLikeCandidate({
    subject, from: `${from.name} <${from.address}>`, contentType,
    // What a mail of several parts holds is seen when it is read.
    hasAttachments: /^multipart\/(?!alternative|related)/i.test(contentType),
    autoSubmitted: field('auto-submitted') ?? '', listUnsubscribe: field('list-unsubscribe') ?? '', precedence: field('precedence') ?? '',
  });
  return {
    uid: message.uid,
    // Without a Message-ID, what stands for it is the same wherever and whenever the mail is read.
    messageId: messageId || `none:${receivedAt}:${message.size}:${from.address}:${subject}`,
    candidate: candidate === 'yes' && !denied,
    denied,
    size: message.size ?? 0,
    receivedAt,
    repliedKeys: [...new Set([inReplyTo, ...references].filter(Boolean))].map(messageKeyOf),
  };
}

/** Finds the interviews in mails, by the extractions that all recipients share. @returns by UID; without those that can't be read */
async function judge(reader: Reader, mails: { mail: Listed; source: Buffer }[]): Promise<Map<number, Judgement>> {
  const { owner, extractOnce, alive } = reader;
  const person: Person = { name: owner.name, email: owner.email, rollNumber: owner.rollNumber, timeZone: owner.timeZone };
  const wanted: Wanted = new Map();
  const keys = new Map<number, { key: Buffer; authenticity: Authenticity }>();
  for (const { mail, source } of mails) {
    const parsed = await parseMail(source, mail.receivedAt);
    const key = await guarded(reader, () => Buffer.from(fingerprint(parsed, person)));
    if (!key) continue;
    keys.set(mail.uid, { key, authenticity: authenticityIn(reader, parsed) });
    wanted.set(key.toString('hex'), { fingerprint: key, extract: () => extractMail(reader, parsed, person) });
  }
  const extractions = await extractOnce(wanted, alive);
  return new Map([...keys].map(([uid, { key, authenticity }]) =>
    [uid, judgementOf(key, extractions.get(key.toString('hex'))!, person, authenticity)]));
}

/** Of this very mail: the extraction is shared with others that say the same. A sender whom the institution trusts needs no proof. */
function authenticityIn({ settings, senders }: Reader, { authenticationResults, from }: ParsedMail): Authenticity {
  const authenticity = authenticityOf(authenticationResults, from.address, settings.authservId);
  return authenticity === 'unverified' && senderVerdict(senders, from.address) === 'allow' ? 'verified' : authenticity;
}

function judgementOf(key: Buffer, extraction: MailExtraction, person: Person, authenticity: Authenticity): Judgement {
  const outcome = (otherwise: MailOutcome) => ({ fingerprint: key, found: null, otherwise });
  if (!extraction.found) return outcome('nothing');
  const meant = forPerson(extraction, person);
  if (meant.meant === 'no') return outcome('not_meant');
  return { ...outcome('dropped'), found: { meant: meant.meant, finding: meant.finding, authenticity } };
}

/** A model that is down is waited for, because the mailbox resumes from its cursor; one that refuses us for good is left out. */
async function extractMail(reader: Reader, mail: ParsedMail, person: Person): Promise<MailExtraction> {
  const { context, settings } = reader;
  const byRules = async () =>
    (await guarded(reader, () => extract(mail, person, context.campus))) ?? { found: null, reason: 'no-interview-words', confidence: 0 } as const;
  const { askModel } = settings;
  if (!askModel) return byRules();
  try {
    return await extract(mail, person, context.campus, { askModel });
  } catch (error) {
    if (error instanceof LanguageModelError && !error.permanent) throw error;
    Context.current().log.error('the language model could not be used; the mail is read by rules alone', { mailboxId: reader.mailbox.id });
    return byRules();
  }
}

/** Mail is hostile input: where code of ours breaks on one, that one gives nothing and the mailbox goes on. */
async function guarded<T>(reader: Reader, work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch {
    Context.current().log.error('a mail could not be read', { mailboxId: reader.mailbox.id });
    return null;
  }
}
