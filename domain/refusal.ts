// The errors that Beadle gives on purpose. Each has a code that stays the same; its sentence is in locales/ under `refusals`.

export type RefusalCode =
  | 'busy'
  | 'not-signed-in'
  | 'not-allowed'
  | 'not-found'
  | 'bad-request'
  | 'round-over'
  | 'option-taken'
  | 'room-taken'
  | 'faculty-taken'
  | 'student-taken'
  | 'time-taken'
  | 'room-unknown'
  | 'room-too-small'
  | 'slot-not-aligned'
  | 'time-past'
  | 'session-not-scheduled'
  | 'link-code-wrong'
  | 'link-code-tries'
  | 'chat-not-linked'
  | 'idempotency-key-reused'
  | 'request-running'
  | 'process-unreachable'
  | 'sender-pattern'
  | 'hours-out-of-order'
  | 'interview-gone'
  | 'time-not-ahead'
  | 'report-too-large'
  | 'leave-settled'
  | 'file-missing'
  | 'file-too-large'
  | 'file-not-xlsx'
  | 'file-is-csv'
  | 'file-is-xls'
  | 'file-unpacks-too-large'
  | 'sheet-too-long'
  | 'sheet-too-wide'
  | 'sheet-empty'
  | 'columns-missing'
  | 'columns-twice'
  | 'rows-wrong'
  | 'term-missing'
  | 'section-taken'
  | 'outside-term'
  | 'assignment-unclear'
  | 'session-has-marks'
  | 'substitute-unknown'
  | 'substitution-over'
  | 'still-taught'
  | 'already-cr'
  | 'attendance-not-open'
  | 'attendance-completed'
  | 'session-too-early'
  | 'session-over'
  | 'attendance-closed'
  | 'no-class-now'
  | 'code-wrong'
  | 'code-old'
  | 'code-of-another-class'
  | 'code-tries'
  | 'already-marked'
  | 'device-needed'
  | 'device-bound'
  | 'device-taken'
  | 'marks-cut-off'
  | 'student-not-on-roster'
  | 'student-named-twice'
  | 'reason-needed'
  | 'appeal-needless'
  | 'appeal-decided'
  | 'appeal-too-early'
  | 'sign-in-not-set-up'
  | 'sign-in-begun-elsewhere'
  | 'sign-in-declined'
  | 'page-foreign'
  | 'identity-wrong'
  | 'identity-provider-unreachable'
  | 'mail-not-verified'
  | 'mail-domain-not-ours'
  | 'account-unknown'
  | 'account-inactive'
  | 'refresh-token-wrong'
  | 'refresh-token-reused'
  | 'device-proof-wrong'
  | 'broadcast-limit'
  | 'nobody-to-tell';

/**
 * What a person asked for can't be done, and why. Doors turn it into their own form (HTTP status, chat sentence).
 * `details` are values for the sentence: ids, counts, times; never another person's data.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(code: RefusalCode, details: Readonly<Record<string, string | number>> = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}
