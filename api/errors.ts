// Every no of the API in one shape (rule 12): what a person did wrong in words, what we did wrong only with a request id.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { translator, type Translate } from '../locales/index.ts';
import { asRefusal, refusalText } from '../locales/refusals.ts';
import type { DoorErrorCode, ErrorAnswer, RefusalCode } from '../schemas/errors.ts';
import { challengeFor } from './authentication.ts';
import { loggedCause } from '../schemas/errors.ts';

/** The status of each code; a refusal that comes late (of a decision, say) is a 409. */
export const statusOf = {
  'bad-request': 400,
  'slot-not-aligned': 400,
  'time-past': 400,
  'link-code-wrong': 400,
  'sender-pattern': 400,
  'hours-out-of-order': 400,
  'time-not-ahead': 400,
  'report-too-large': 400,
  'leave-settled': 409,
  'file-missing': 400,
  'assignment-unclear': 400,
  'code-of-another-class': 400,
  'code-old': 400,
  'code-wrong': 400,
  'device-needed': 400,
  'reason-needed': 400,
  'student-named-twice': 400,
  'student-not-on-roster': 400,
  'sign-in-begun-elsewhere': 400,
  'sign-in-declined': 400,
  'device-proof-wrong': 400,
  'not-signed-in': 401,
  'identity-wrong': 401,
  'refresh-token-wrong': 401,
  'refresh-token-reused': 401,
  'not-allowed': 403,
  'chat-not-linked': 403,
  'mail-not-verified': 403,
  'page-foreign': 403,
  'mail-domain-not-ours': 403,
  'account-unknown': 403,
  'account-inactive': 403,
  'not-found': 404,
  'room-unknown': 404,
  'organisation-unknown': 404,
  'term-unknown': 404,
  'substitute-unknown': 404,
  'round-over': 409,
  'interview-gone': 409,
  'option-taken': 409,
  'room-taken': 409,
  'room-too-small': 409,
  'faculty-taken': 409,
  'student-taken': 409,
  'time-taken': 409,
  'session-not-scheduled': 409,
  'already-marked': 409,
  'appeal-decided': 409,
  'appeal-needless': 409,
  'appeal-too-early': 409,
  'attendance-closed': 409,
  'attendance-completed': 409,
  'attendance-not-open': 409,
  'device-bound': 409,
  'device-taken': 409,
  'marks-cut-off': 409,
  'no-class-now': 409,
  'session-over': 409,
  'session-too-early': 409,
  'idempotency-key-reused': 409,
  'request-running': 409,
  'term-missing': 409,
  'timetable-incomplete': 409,
  'timetable-not-in-force': 409,
  'timetable-not-draft': 409,
  'entry-locked': 409,
  'move-breaks': 409,
  'periods-missing': 409,
  'periods-overlap': 409,
  'periods-many': 409,
  'subject-parts-wrong': 409,
  'nothing-taught': 409,
  'section-taken': 409,
  'outside-term': 409,
  'session-has-marks': 409,
  'substitution-over': 409,
  'nobody-to-tell': 409,
  'still-taught': 409,
  'already-cr': 409,
  'body-too-large': 413,
  'file-too-large': 413,
  'unsupported-media-type': 415,
  'file-not-xlsx': 422,
  'file-is-csv': 422,
  'file-is-xls': 422,
  'file-unpacks-too-large': 422,
  'sheet-too-long': 422,
  'sheet-too-wide': 422,
  'sheet-empty': 422,
  'columns-missing': 422,
  'columns-twice': 422,
  'rows-wrong': 422,
  'link-code-tries': 429,
  'code-tries': 429,
  'broadcast-limit': 429,
  'too-many-requests': 429,
  internal: 500,
  busy: 503,
  'process-unreachable': 503,
  'sign-in-not-set-up': 503,
  'identity-provider-unreachable': 503,
  'database-unreachable': 503,
} as const satisfies Record<RefusalCode | DoorErrorCode, number>;

const RETRY_AFTER_SECONDS: Partial<Record<RefusalCode | DoorErrorCode, number>> = {
  busy: 1, 'request-running': 1, 'process-unreachable': 30, 'database-unreachable': 10, 'link-code-tries': 900, 'code-tries': 60,
  'identity-provider-unreachable': 10,
  'broadcast-limit': 600,
};

/** What this door itself has to say no to: too many requests, a health check without a database. */
export class DoorError extends Error {
  override readonly name = 'DoorError';
  readonly code: Exclude<DoorErrorCode, 'internal'>;

  constructor(code: DoorError['code']) {
    super(code);
    this.code = code;
  }
}

interface Problem {
  code: RefusalCode | DoorErrorCode;
  message: string;
  field?: string;
}

/** Answers an error. Faults of ours are logged with their cause under the request's id. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, campusLocale: string): void {
  const problem = problemOf(error, request, translator(request.person?.locale ?? campusLocale));
  const status = statusOf[problem.code];
  if (status === 500) request.log.error({ route: request.routeOptions.url, cause: loggedCause(error) }, 'request failed');
  const retryAfter = RETRY_AFTER_SECONDS[problem.code];
  if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
  if (status === 401) void reply.header('www-authenticate', challengeFor(request));
  // As text, so that no route's schema has a say in it.
  void reply
    .code(status)
    .header('x-request-id', request.id)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorAnswer(problem, request.id)));
}

/** The shape of an error. */
export function errorAnswer({ code, message, field }: Problem, requestId: string): ErrorAnswer {
  return { error: { code, message, ...(field !== undefined && { field }), requestId } };
}

function problemOf(error: unknown, request: FastifyRequest, t: Translate): Problem {
  const refusal = asRefusal(error);
  if (refusal) {
    const field = refusal.details['field'];
    return {
      code: refusal.code, message: refusalText(t, refusal.code, refusal.details), ...(typeof field === 'string' && { field }),
    };
  }
  if (hasZodFastifySchemaValidationErrors(error)) return validationProblem(error, t);
  if (error instanceof DoorError) return { code: error.code, message: t(`api.${error.code}`) };
  return frameworkProblem(error, t) ?? { code: 'internal', message: t('doors.failed', { reference: request.id }) };
}

/** What Fastify itself finds wrong with a request. */
function frameworkProblem(error: unknown, t: Translate): Problem | null {
  const { statusCode = 500, code } = (error ?? {}) as Partial<FastifyError>;
  if (statusCode === 413) return { code: 'body-too-large', message: t('api.body-too-large') };
  if (statusCode === 415) return { code: 'unsupported-media-type', message: t('api.unsupported-media-type') };
  if (code === 'FST_ERR_BAD_URL') return { code: 'bad-request', message: t('api.malformed-url') };
  // A parameter longer than any that there is.
  if (statusCode === 404 || statusCode === 414) return { code: 'not-found', message: t('refusals.not-found') };
  if (statusCode >= 400 && statusCode < 500) return { code: 'bad-request', message: t('api.malformed-body'), field: 'body' };
  return null;
}

interface ValidationIssue {
  keyword: string;
  instancePath: string;
  message?: string;
  params: Record<string, unknown>;
}

/** Names the field, why it is wrong and what would be right. */
function validationProblem(error: { validation: ValidationIssue[]; validationContext?: string }, t: Translate): Problem {
  const [issue] = error.validation as [ValidationIssue];
  const path = issue.instancePath.split('/').filter((step) => step !== '').join('.');
  const field = path === '' ? error.validationContext ?? 'body' : path;
  const unknown = issue.params['keys'];
  if (Array.isArray(unknown)) {
    const name = [path, String(unknown[0])].filter((step) => step !== '').join('.');
    return { code: 'bad-request', field: name, message: t('api.unknown-field', { field: name }) };
  }
  return { code: 'bad-request', field, message: t('api.wrong-field', { field, why: issue.message ?? issue.keyword }) };
}
