// The shapes that finding interviews works with: the mail read, its owner, and what was found in it.

export interface MailAddress { name: string; address: string }

export interface MailAttachment { name: string; type: string; bytes: Uint8Array }

/** One mail, decoded. `date` is ISO 8601 with the offset its sender wrote; `defects` says what was broken in it. */
export interface ParsedMail {
  messageId: string;
  inReplyTo: string;
  references: string[];
  from: MailAddress;
  to: MailAddress[];
  cc: MailAddress[];
  date: string;
  subject: string;
  text: string;
  html: string;
  calendars: string[];
  attachments: MailAttachment[];
  /** The topmost Authentication-Results as written; see authenticity.ts. Empty where there is none. */
  authenticationResults: string;
  /** Sent by a machine in answer to a mail (RFC 3834), such as an out-of-office reply. */
  automatic: boolean;
  defects: string[];
}

/** The owner of the mailbox. `timeZone` (IANA) is used for times that name no zone. */
export interface Person { name: string; email: string; rollNumber?: string; timeZone: string }

/** `locale` (BCP 47) decides how numeric dates of campus and company senders are read. */
export interface CampusContext { timeZone: string; locale: string }

export type InterviewKind = 'invite' | 'reschedule' | 'cancel';
export type InterviewRound = 'assessment' | 'technical' | 'hr' | 'managerial' | 'group-discussion' | 'case';
export type InterviewMode = 'online' | 'on-campus' | 'elsewhere' | 'phone';
export type ExtractionSource = 'calendar' | 'markup' | 'rules' | 'model';

/** One row of a shortlist or slot table. `start` and `end` are ISO with offset, only where the row has its own slot. */
export interface ListedPerson { rollNumber?: string; email?: string; name?: string; start?: string; end?: string }

/** Who a mail means. A list that the mail speaks of but that is missing or unreadable has `people: null`. */
export type Audience = { kind: 'personal' } | { kind: 'listed'; people: ListedPerson[] | null } | { kind: 'open' };

export interface TokenUsage { promptTokens: number; completionTokens: number }

/** What one person is told of an interview. `start`, `end` and `previousStart` are ISO with offset, or a bare date. */
export interface Finding {
  kind: InterviewKind;
  company: string | null;
  role: string | null;
  round: InterviewRound | null;
  mode: InterviewMode | null;
  start: string;
  end: string | null;
  previousStart: string | null;
  timeZone: string;
  location: string | null;
  link: string | null;
  confidence: number;
  source: ExtractionSource;
  /** The sentence it was read in, with the recipient's name, address and roll number as marks. */
  evidence: string;
  calendarUid?: string;
  calendarSequence?: number;
}

/** An interview found in a mail: the same for all recipients of it, and JSON-serialisable. */
export interface FoundInterview extends Finding { found: true; audience: Audience; usage?: TokenUsage }

export type NotFoundReason =
  | 'rejection' | 'receipt' | 'job-alert' | 'newsletter' | 'marketing' | 'one-time-password' | 'webinar' | 'results'
  | 'availability-request' | 'deadline-only' | 'registration' | 'talk-only' | 'offer' | 'academic' | 'other-appointment'
  | 'user-research' | 'scam' | 'club' | 'automatic-reply' | 'survey' | 'details-to-follow' | 'outreach' | 'other-calendar-event'
  | 'no-interview-words' | 'no-date' | 'past' | 'low-score' | 'model-refused';

export interface NothingFound { found: null; reason: NotFoundReason; confidence: number; usage?: TokenUsage }

export type MailExtraction = FoundInterview | NothingFound;

/** Whether a person is meant: yes, perhaps (the person has to be asked), or no. */
export type Meant = { meant: 'yes' | 'ask'; finding: Finding } | { meant: 'no' };
