// A raw mail, or the fields of one, → ParsedMail. Broken mail is read as far as it goes; what was broken is noted.
import { DateTime } from 'luxon';
import PostalMime, { addressParser, decodeWords } from 'postal-mime';
import type { Address, Attachment, Email } from 'postal-mime';
import { decodeText } from './csv.ts';
import type { MailAddress, ParsedMail } from './types.ts';

const NO_DATE = '1970-01-01T00:00:00+00:00';
const MAX_PARSED = 40_000_000;

function emptyMail(): ParsedMail {
  return {
    messageId: '', inReplyTo: '', references: [], from: { name: '', address: '' }, to: [], cc: [], date: NO_DATE, subject: '', text: '', html: '',
    calendars: [], attachments: [], authenticationResults: '', automatic: false, defects: [],
  };
}

const addresses = (list: Address[] | undefined): MailAddress[] => (list ?? []).flatMap((one) => (one.group ? one.group : [one])).map(({ name, address }) => ({ name, address: (address ?? '').toLowerCase() }));

/** A written Date header → ISO with its own offset, or null. */
function readDateHeader(value: string): string | null {
  const plain = value.replace(/\([^)]{0,100}\)/g, '').replace(/\s+/g, ' ').trim();
  let found: DateTime | undefined;
  for (const read of [DateTime.fromRFC2822, DateTime.fromISO, DateTime.fromHTTP]) {
    found = read(plain, { setZone: true });
    if (found.isValid) break;
  }
  return found?.toISO({ suppressMilliseconds: true, includeOffset: true })?.replace(/Z$/, '+00:00') ?? null;
}

/** Bytes above 127 in headers that declare no character set: UTF-8 where they are, else windows-1252, made into encoded words' plain text. */
function undeclared(value: string | undefined, rawHeaders: string, key: string): string {
  if (!value?.includes('\ufffd')) return value ?? '';
  const line = new RegExp(`^${key}:((?:.|\\r?\\n[ \\t]){0,2000})`, 'im').exec(rawHeaders)?.[1];
  return line?.replace(/\r?\n[ \t]+/g, ' ').trim() ?? value;
}

const bytesOf = (attachment: Attachment): Uint8Array => (typeof attachment.content === 'string' ? new TextEncoder().encode(attachment.content) : new Uint8Array(attachment.content));

function fromEmail(email: Email, raw: Uint8Array, fallbackDate: string | undefined): ParsedMail {
  const mail = emptyMail();
  const headerEnd = Math.min(raw.length, 200_000);
  const rawHeaders = decodeText(raw.subarray(0, headerEnd)).split(/\r?\n\r?\n/, 1)[0] ?? '';
  const header = (key: string) => email.headers.filter((one) => one.key === key).map((one) => one.value);
  mail.messageId = email.messageId ?? '';
  mail.inReplyTo = email.inReplyTo ?? '';
  mail.references = referencesOf(email.references ?? '');
  mail.from = addresses(email.from ? [email.from] : [])[0] ?? mail.from;
  mail.to = addresses(email.to);
  mail.cc = addresses(email.cc);
  mail.subject = undeclared(email.subject, rawHeaders, 'subject');
  if (mail.from.name.includes('\ufffd')) mail.from.name = undeclared(mail.from.name, rawHeaders, 'from').replace(/\s*<[^>]*>\s*$/, '').replace(/^"|"$/g, '');
  if (email.subject?.includes('\ufffd')) mail.defects.push('undeclared-charset');
  const received = /;([^;]{10,60})$/.exec(header('received')[0] ?? '')?.[1];
  const dates = [header('date')[0], received].map((value) => (value ? readDateHeader(value) : null));
  if (!dates[0]) mail.defects.push('no-date');
  mail.date = dates[0] ?? dates[1] ?? fallbackDate ?? NO_DATE;
  mail.text = email.text ?? '';
  mail.html = email.html ?? '';
  for (const attachment of email.attachments) {
    const bytes = bytesOf(attachment);
    const name = attachment.filename ?? '';
    if (/^(?:text\/calendar|application\/ics)$/i.test(attachment.mimeType) || /\.ics$/i.test(name)) {
      const calendar = decodeText(bytes);
      // Mail programs send the same calendar twice: inline and as invite.ics.
      if (!mail.calendars.includes(calendar)) mail.calendars.push(calendar);
    } else {
      mail.attachments.push({ name, type: attachment.mimeType, bytes });
    }
  }
  // Only the topmost Authentication-Results is the receiving server's own (RFC 8601, section 5).
  mail.authenticationResults = header('authentication-results')[0] ?? '';
  const autoSubmitted = (header('auto-submitted')[0] ?? 'no').trim().toLowerCase();
  mail.automatic = autoSubmitted.startsWith('auto-replied') || header('x-autoreply').length > 0 || header('x-autorespond').length > 0;
  return mail;
}

/** Reads raw RFC 5322 bytes. Never throws for what a mail holds: `defects` says what was broken. `fallbackDate` (ISO) stands in for a missing Date, such as the server's own. */
export async function parseMail(raw: Uint8Array, fallbackDate?: string): Promise<ParsedMail> {
  const oversized = raw.length > MAX_PARSED;
  const bytes = oversized ? raw.subarray(0, MAX_PARSED) : raw;
  try {
    const mail = fromEmail(await PostalMime.parse(bytes), bytes, fallbackDate);
    if (raw.length === 0) mail.defects.push('empty');
    if (oversized) mail.defects.push('oversized');
    return mail;
  } catch {
    return { ...emptyMail(), date: fallbackDate ?? NO_DATE, text: decodeText(bytes.subarray(0, 200_000)), defects: ['broken-mime'] };
  }
}

/** What a mail's header fields alone say. */
export interface MailHeaders extends Pick<ParsedMail, 'messageId' | 'inReplyTo' | 'references' | 'from' | 'subject'> {
  /** Any field's value as written, unfolded; of several the last. */
  field(name: string): string | undefined;
}

/** Reads a block of header fields, as IMAP gives them. Never throws. */
export function readHeaders(block: Uint8Array): MailHeaders {
  const lines = decodeText(block).replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const fields = new Map(lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
  const field = (name: string) => fields.get(name);
  const text = (name: string) => decodeWords(field(name) ?? '');
  return {
    messageId: text('message-id'), inReplyTo: text('in-reply-to'), references: referencesOf(text('references')), subject: text('subject'),
    from: addresses(addressParser(field('from') ?? ''))[0] ?? { name: '', address: '' },
    field,
  };
}

const referencesOf = (written: string) => written.split(/\s+/).filter(Boolean).slice(0, 100);

/** The fields of one line of `beadle extract --jsonl`. */
export interface MailFields { from?: string | undefined; to?: string | undefined; date?: string | undefined; subject?: string | undefined; text?: string | undefined; html?: string | undefined; ics?: string | undefined }

/** "Asha Rao <asha@example.org>" → its parts. */
function parseAddress(written: string): MailAddress {
  const match = /^\s*"?([^"<]{0,200}?)"?\s*<([^<>]{1,300})>/.exec(written);
  if (match) return { name: match[1] ?? '', address: (match[2] ?? '').trim().toLowerCase() };
  return { name: '', address: written.trim().toLowerCase() };
}

/** A mail from separate fields, as `beadle extract --jsonl` takes it. */
export function mailFromFields(fields: MailFields): ParsedMail {
  const mail = emptyMail();
  mail.from = parseAddress(fields.from ?? '');
  mail.to = (fields.to ?? '').split(/,(?![^<]*>)/).filter((one) => one.trim()).map(parseAddress);
  const date = fields.date ? readDateHeader(fields.date) : null;
  if (!date) mail.defects.push('no-date');
  mail.date = date ?? NO_DATE;
  mail.subject = fields.subject ?? '';
  mail.text = fields.text ?? '';
  mail.html = fields.html ?? '';
  if (fields.ics) mail.calendars.push(fields.ics);
  return mail;
}
