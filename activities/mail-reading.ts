// Reads what is new in one mailbox, from its cursor: headers first, bodies of candidates only, never more than the caps; and
// records batch by batch, so that a reader that dies is taken over where it stood.
import { Context } from '@temporalio/activity';
import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow';
import { looksLikeCandidate } from '../domain/interviews/candidate.ts';
import { fingerprint } from '../domain/interviews/canonical.ts';
import type { AskModel } from '../domain/interviews/model-question.ts';
import { parseMail } from '../domain/interviews/parse-mail.ts';
import { extract, forPerson } from '../domain/interviews/pipeline.ts';
import type { MailExtraction, ParsedMail, Person } from '../domain/interviews/types.ts';
import type { ServiceContext } from '../services/context.ts';
import { extractOnce } from '../services/extractions.ts';
import { type BatchCounts, type Cursor, type Mailbox, type MailOutcome, messageKeyOf, ownerOf, type ReadMail, recordBatch } from '../services/mailboxes.ts';
import { LanguageModelError } from './language-model.ts';

const HEADERS = ['in-reply-to', 'references', 'list-unsubscribe', 'auto-submitted', 'precedence'];
const BATCH = 50;
/** Of a mail over the cap, its beginning: the text parts come first, attachments after. */
const BEGINNING_BYTES = 262_144;

export interface ReadingSettings {
  lookbackDays: number;
  maxBytes: number;
  askModel?: AskModel | undefined;
}

interface Listed {
  uid: number;
  messageId: string;
  candidate: boolean;
  size: number;
  receivedAt: string | undefined;
  repliedKeys: Buffer[];
}

/**
 * Reads a mailbox to its end. `alive` is called with every mail and throws when the activity is cancelled.
 * @returns what was read; mails that another reader recorded meanwhile don't count
 */
export async function readMailbox(
  context: ServiceContext, client: ImapFlow, mailbox: Mailbox, settings: ReadingSettings, alive: () => void,
): Promise<BatchCounts> {
  const total: BatchCounts = { messages: 0, candidates: 0, interviews: 0 };
  const box = await client.mailboxOpen('INBOX', { readOnly: true });
  const uidValidity = Number(box.uidValidity);
  const last = box.uidNext - 1;
  const known = mailbox.uidValidity === uidValidity;
  const uids = await newUids(client, { from: known ? mailbox.lastUid + 1 : null, last }, since(context, settings.lookbackDays));
  const owner = await ownerOf(context, mailbox);
  const person: Person = { name: owner.name, email: owner.email, rollNumber: owner.rollNumber, timeZone: owner.timeZone };

  let cursor: Cursor = { uidValidity: mailbox.uidValidity, lastUid: mailbox.lastUid };
  for (let index = 0; index === 0 || index < uids.length; index += BATCH) {
    const batch = uids.slice(index, index + BATCH);
    const isLast = index + BATCH >= uids.length;
    const to: Cursor = { uidValidity, lastUid: isLast ? last : batch.at(-1)! };
    const mails = await readBatch(context, client, batch, person, settings, alive);
    const counts = await recordBatch(context, mailbox, cursor, to, mails);
    if (!counts) return total;
    for (const key of Object.keys(total) as (keyof BatchCounts)[]) total[key] += counts[key];
    cursor = to;
  }
  return total;
}

/** How far back a mailbox is read that was never read, or whose UIDs mean nothing any more. */
function since(context: ServiceContext, lookbackDays: number): Date {
  return context.now().minus({ days: lookbackDays }).toJSDate();
}

async function newUids(client: ImapFlow, range: { from: number | null; last: number }, lookback: Date): Promise<number[]> {
  const { from, last } = range;
  if (last < (from ?? 1)) return [];
  const found = await client.search(from === null ? { since: lookback } : { uid: `${from}:${last}` }, { uid: true });
  return (found || []).filter((uid) => uid <= last).sort((a, b) => a - b);
}

async function readBatch(
  context: ServiceContext, client: ImapFlow, uids: number[], person: Person, settings: ReadingSettings, alive: () => void,
): Promise<ReadMail[]> {
  if (uids.length === 0) return [];
  const listed: Listed[] = [];
  const query = { uid: true, size: true, internalDate: true, envelope: true, bodyStructure: true, headers: HEADERS } as const;
  for await (const message of client.fetch(uids.join(','), query, { uid: true })) listed.push(listing(message));
  alive();

  const read = new Map<number, Pick<ReadMail, 'fingerprint' | 'found' | 'otherwise'>>();
  const candidates = listed.filter((mail) => mail.candidate);
  for (const whole of [true, false]) {
    const group = candidates.filter((mail) => mail.size <= settings.maxBytes === whole);
    if (group.length === 0) continue;
    const byUid = new Map(group.map((mail) => [mail.uid, mail]));
    const source = whole || { maxLength: BEGINNING_BYTES };
    for await (const message of client.fetch([...byUid.keys()].join(','), { uid: true, source }, { uid: true })) {
      alive();
      const mail = byUid.get(message.uid);
      if (mail && message.source) read.set(mail.uid, await judge(context, message.source, mail.receivedAt, person, settings));
    }
  }
  return listed.map((mail) => ({
    messageId: mail.messageId, messageKey: messageKeyOf(mail.messageId), repliedKeys: mail.repliedKeys,
    ...(read.get(mail.uid) ?? { fingerprint: null, found: null, otherwise: mail.candidate ? 'unreadable' : 'skipped' }),
  }));
}

/** What the headers say: enough to tell whether the body is worth fetching. */
function listing(message: FetchMessageObject): Listed {
  const headers = parseHeaders(message.headers?.toString('latin1') ?? '');
  const types = typesOf(message.bodyStructure);
  const sender = message.envelope?.from?.[0];
  const subject = message.envelope?.subject ?? '';
  const receivedAt = message.internalDate instanceof Date ? message.internalDate.toISOString() : undefined;
  const candidate = looksLikeCandidate({
    subject, from: `${sender?.name ?? ''} <${sender?.address ?? ''}>`, contentType: types.join(' '),
    hasCalendar: types.includes('text/calendar'), hasAttachments: hasAttachment(message.bodyStructure),
    autoSubmitted: headers.get('auto-submitted') ?? '', listUnsubscribe: headers.get('list-unsubscribe') ?? '',
    precedence: headers.get('precedence') ?? '',
  });
  const replied = `${headers.get('in-reply-to') ?? ''} ${headers.get('references') ?? ''}`.match(/<[^<>\s]{1,500}>/g) ?? [];
  return {
    uid: message.uid,
    // Without a Message-ID, what stands for it is the same wherever and whenever the mail is read.
    messageId: message.envelope?.messageId || `none:${receivedAt}:${message.size}:${sender?.address}:${subject}`,
    candidate: candidate === 'yes',
    size: message.size ?? 0,
    receivedAt,
    repliedKeys: [...new Set(replied)].map(messageKeyOf),
  };
}

function parseHeaders(block: string): Map<string, string> {
  const lines = block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  return new Map(lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
}

function typesOf(part: MessageStructureObject | undefined): string[] {
  return part ? [part.type, ...(part.childNodes ?? []).flatMap(typesOf)] : [];
}

function hasAttachment(part: MessageStructureObject | undefined): boolean {
  return part !== undefined && (part.disposition === 'attachment' || (part.childNodes ?? []).some(hasAttachment));
}

/** Finds the interview in a mail, by the extraction that all recipients share. */
async function judge(
  context: ServiceContext, source: Buffer, receivedAt: string | undefined, person: Person, settings: ReadingSettings,
): Promise<Pick<ReadMail, 'fingerprint' | 'found' | 'otherwise'>> {
  const mail = await parseMail(source, receivedAt);
  const key = Buffer.from(fingerprint(mail, person));
  const extraction = await extractOnce(context, key, () => extractMail(context, mail, person, settings.askModel));
  const outcome = (otherwise: MailOutcome) => ({ fingerprint: key, found: null, otherwise });
  if (!extraction.found) return outcome('nothing');
  const meant = forPerson(extraction, person);
  if (meant.meant === 'no') return outcome('not_meant');
  return { ...outcome('dropped'), found: { meant: meant.meant, finding: meant.finding } };
}

/** A model that is down is waited for, because the mailbox resumes from its cursor; one that refuses us for good is left out. */
async function extractMail(
  context: ServiceContext, mail: ParsedMail, person: Person, askModel: AskModel | undefined,
): Promise<MailExtraction> {
  try {
    return await extract(mail, person, context.campus, askModel ? { askModel } : {});
  } catch (error) {
    if (!(error instanceof LanguageModelError && error.permanent)) throw error;
    Context.current().log.error('the language model refuses to work; the mail is read by rules alone', { code: error.name });
    return extract(mail, person, context.campus);
  }
}
