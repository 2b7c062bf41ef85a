// The OpenAPI document, made of the same schemas that check requests and answers (D8).
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorAnswer } from '../schemas/errors.ts';
import type { Permission } from '../services/permissions.ts';

const DESCRIPTION = `Sees that everyone on campus is where they have to be.

What has no id in its path is that of the person whom the token names. Instants are ISO 8601 in UTC. Every answer carries X-Request-Id. Every error has one shape, with a code that stays the same.
A POST with the header Idempotency-Key is done once, however often it is sent; the first answer, given again, carries
Idempotency-Replayed. Calendar feeds and notices carry an ETag.`;

const SECURITY_SCHEME = 'bearer';
/** What a route says whose caller must be signed in. */
export const signedIn = { security: [{ [SECURITY_SCHEME]: [] }] };

const reasons = {
  400: 'The request is malformed, or a field is wrong.',
  401: 'Nobody is signed in, or the token is no longer in force.',
  403: "The person's role doesn't allow it.",
  404: "There is no such thing, or it isn't the asking person's to see.",
  409: 'Something else was decided or is under way.',
  413: 'The body is larger than 1 MB, an uploaded file larger than 10 MB.',
  415: 'The body is not JSON; of an upload, not multipart/form-data.',
  422: 'The file, or a row of it, is not as it has to be.',
  429: 'Too many requests; Retry-After says when to go on.',
  500: 'A fault of ours, logged under the request id.',
  503: 'Not possible at the moment; Retry-After says when to try again.',
} as const;

/** A JSON answer, described as its shape is. */
export function json<Shape extends z.ZodType>(shape: Shape): { description: string; content: { 'application/json': { schema: Shape } } } {
  return { description: shape.description ?? '', content: { 'application/json': { schema: shape } } };
}

/** An answer that also comes as server-sent events, each with the same as its data. */
export function eventStream<Answer extends { content: object }>(answer: Answer): Answer {
  return { ...answer, content: { ...answer.content, 'text/event-stream': { schema: z.string() } } };
}

type ErrorStatus = keyof typeof reasons;
type ErrorResponses = Record<ErrorStatus, ReturnType<typeof json<typeof errorAnswer>>>;

/** The error answers of a route: those it names, and those that any route may give. */
export function errors<Status extends ErrorStatus>(...statuses: Status[]): Pick<ErrorResponses, Status | 429 | 500> {
  const entries = [...new Set<ErrorStatus>([...statuses, 429, 500])].sort((a, b) => a - b)
    .map((status) => [status, { ...json(errorAnswer), description: reasons[status] }]);
  return Object.fromEntries(entries) as Pick<ErrorResponses, Status | 429 | 500>;
}

/** What any route for people may answer besides. */
export const readErrors = [401, 503] as const;
/** What any POST may answer besides: its body and its Idempotency-Key can be wrong. */
export const writeErrors = [400, 401, 409, 413, 415, 503] as const;

/** An answer without a body. */
export const unchanged = z.undefined().describe('The client has it already (If-None-Match).');

/** The deed is done, and there is nothing to say of it. */
export const done = z.undefined().describe('Done.');

/** Collects the routes that are registered from here on. */
export async function describeApi(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Beadle', version: '1', description: DESCRIPTION },
      servers: [{ url: publicUrl }],
      components: { securitySchemes: { [SECURITY_SCHEME]: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: (route) => withPermission(jsonSchemaTransform(route), route.route.config?.permission),
    transformObject: (document) => onlyAnswers(jsonSchemaTransformObject(document)),
  });
}

/** Says what the asking person's role has to be allowed. */
function withPermission<Described extends ReturnType<typeof jsonSchemaTransform>>(described: Described, permission: Permission | undefined): Described {
  return permission === undefined ? described : { ...described, schema: { ...described.schema, 'x-permission': permission } };
}

/** The type provider also makes each named shape as one for requests; only answers have names here. */
function onlyAnswers(document: ReturnType<typeof jsonSchemaTransformObject>): ReturnType<typeof jsonSchemaTransformObject> {
  if (!('components' in document) || !document.components?.schemas) return document;
  const schemas = Object.fromEntries(Object.entries(document.components.schemas).filter(([name]) => !name.endsWith('Input')));
  return { ...document, components: { ...document.components, schemas } } as typeof document;
}
