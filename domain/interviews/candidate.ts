// From a mail's headers alone: may it hold an interview? Bodies are fetched only of mails that may.
import { RESCHEDULE_SUBJECT } from './vocabulary.ts';

/** What the headers of a mail tell before its body is fetched. Values as decoded; absent ones empty or false. */
export interface MailHeaders {
  subject: string;
  from: string;
  /** The top Content-Type, or the types of all parts (BODYSTRUCTURE) in one string. */
  contentType: string;
  hasCalendar?: boolean;
  hasAttachments?: boolean;
  autoSubmitted?: string;
  listUnsubscribe?: string;
  precedence?: string;
}

const ANY_WORD = /interview|test|assess|round|drive|discussion|\bgd\b|\bhr\b|panel|select|short-?list|hiring|hire|recruit|placement|campus|walk-?in|career|\bjob|role|position|intern|candida|applica|schedul|re-?schedul|invit|meet|call\b|chat|slot|screen|onsite|visit|hackathon|confirm|book|remind|cancel|postpone|update|calendar|exam(?!ple)|talent|opening|proctor|aptitude|coding|gespräch|entretien|entrevista|साक्षात्कार|इंटरव्यू|termin/i;
const CODE_SUBJECT = /\b(?:otp|one[- ]time (?:password|passcode|code|pin)|(?:verification|sign-?in|security|login) code|password reset|reset your password)\b|^\d{4,8} is your/i;

/** `no` only for what is certainly none: automatic replies, codes, and bulk mail without any word of an interview. Everything else is `yes`. */
export function looksLikeCandidate(headers: MailHeaders): 'yes' | 'no' {
  const { subject, from, contentType } = headers;
  if (/^auto-replied/i.test((headers.autoSubmitted ?? '').trim())) return 'no';
  if (/multipart\/report/i.test(contentType)) return 'no';
  if (headers.hasCalendar || /text\/calendar|application\/ics/i.test(contentType)) return 'yes';
  const words = `${subject}\n${from}`;
  if (CODE_SUBJECT.test(subject) && !/interview|assessment/i.test(subject)) return 'no';
  const bulk = Boolean(headers.listUnsubscribe?.trim()) || /^(?:bulk|list|junk)/i.test(headers.precedence ?? '');
  // Placement cells write through mailing lists too; their attachments are the shortlists.
  if (bulk && !headers.hasAttachments && !ANY_WORD.test(words) && !RESCHEDULE_SUBJECT.test(subject)) return 'no';
  return 'yes';
}
