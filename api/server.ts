// The REST door: puts its parts together. Whoever starts it brings the services' context, the log and Temporal.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import cors from '@fastify/cors';
import { fastify, type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { translator } from '../locales/index.ts';
import { Refusal } from '../schemas/errors.ts';
import type { ServiceContext } from '../services/context.ts';
import { identifyPeople, requirePerson } from './authentication.ts';
import { errorAnswer, sendError } from './errors.ts';
import { describeApi } from './open-api.ts';
import { createPages, pagePolicy } from './pages.ts';
import { defaultRateLimits, limitRates, type RateLimits } from './rate-limits.ts';
import { dayRoutes } from './routes/days.ts';
import { broadcastRoutes } from './routes/broadcasts.ts';
import { deviceRoutes } from './routes/devices.ts';
import { departmentRoutes } from './routes/departments.ts';
import { interviewRoutes } from './routes/interviews.ts';
import { mailboxRoutes } from './routes/mailboxes.ts';
import { noticeRoutes } from './routes/notices.ts';
import { ownWayRoutes } from './routes/own-ways.ts';
import { pageRoutes } from './routes/pages.ts';
import { publicRoutes } from './routes/public.ts';
import { classScheduleRoutes } from './routes/class-schedule.ts';
import { attendanceRoutes } from './routes/attendance.ts';
import { classRoutes } from './routes/classes.ts';
import { rescheduleRoutes } from './routes/reschedules.ts';
import { timetableRoutes } from './routes/timetables.ts';
import { takingRoutes } from './routes/taking.ts';
import { whatIfRoutes } from './routes/what-if.ts';
import { recordRoutes } from './routes/records.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { senderRoutes } from './routes/senders.ts';
import { replayRoutes } from './routes/replay.ts';
import { reportRoutes } from './routes/reports.ts';
import { classOverviewRoutes } from './routes/class-overviews.ts';
import { studentLeaveRoutes } from './routes/student-leave.ts';
import { studentRecordRoutes } from './routes/student-records.ts';
import { signInRoutes } from './routes/sign-in.ts';
import type { IdentitySettings } from './sign-in/identity.ts';
import type { TokenService } from './tokens.ts';

const MOST_BODY_BYTES = 1_048_576;
const REQUEST_TIMEOUT_MS = 30_000;

export interface ApiDependencies {
  context: ServiceContext;
  log: Logger;
  tokens: TokenService;
  /** Starts a sweep of the mailboxes, or joins the one that runs. */
  sweep: () => Promise<void>;
  /** The Temporal UI, for those who start a sweep. */
  uiUrl?: string;
  /** The OpenID provider of the institution; without it nobody signs in here. */
  identity?: IdentitySettings;
  /** Origins whose pages may call the API; none by default. */
  corsOrigins?: string[];
  rateLimits?: RateLimits;
}

/** The server, ready to listen. Closing it lets running requests end. */
export async function createApi(dependencies: ApiDependencies): Promise<FastifyInstance> {
  const { context, tokens, corsOrigins = [], rateLimits = defaultRateLimits } = dependencies;
  const { locale } = context.campus;
  const loggerInstance: FastifyBaseLogger = dependencies.log.child({}, { serializers: { req: withoutUrl } });
  const app = fastify({
    loggerInstance,
    genReqId: requestId,
    logController: new LogController({ requestIdLogLabel: 'requestId', disableRequestLogging: true }),
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => sendError(error, request, reply, locale),
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket, locale),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  takeJsonOnly(app);
  app.decorateRequest('idempotencyKey', null);
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, locale));
  // Fastify's own plugin for these headers puts them together anew for every request.
  const secure = helmet({ contentSecurityPolicy: { useDefaults: false, directives: pagePolicy } });
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    secure(request.raw, reply.raw, done as (error?: unknown) => void);
  });
  logRequests(app);

  if (corsOrigins.length > 0) {
    await app.register(cors, { origin: corsOrigins, exposedHeaders: ['x-request-id', 'etag', 'retry-after', 'idempotency-replayed'] });
  }
  identifyPeople(app, context, tokens);
  await limitRates(app, rateLimits);
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, () => {
    throw new Refusal('not-found');
  });
  await describeApi(app, context.publicUrl);

  await app.register(publicRoutes(context, rateLimits));
  const pages = createPages(locale);
  await app.register(pageRoutes(pages));
  await app.register(signInRoutes(context, tokens, rateLimits, dependencies.identity, pages));
  await app.register(async (forPeople) => {
    forPeople.addHook('preParsing', requirePerson);
    await forPeople.register(dayRoutes(context));
    await forPeople.register(interviewRoutes(context));
    await forPeople.register(senderRoutes(context));
    await forPeople.register(departmentRoutes(context));
    await forPeople.register(noticeRoutes(context));
    await forPeople.register(uploadRoutes(context));
    await forPeople.register(recordRoutes(context));
    await forPeople.register(classScheduleRoutes(context));
    await forPeople.register(deviceRoutes(context));
    await forPeople.register(broadcastRoutes(context));
    await forPeople.register(classRoutes(context));
    await forPeople.register(takingRoutes(context));
    await forPeople.register(attendanceRoutes(context));
    await forPeople.register(timetableRoutes(context));
    await forPeople.register(rescheduleRoutes(context, rateLimits));
    await forPeople.register(whatIfRoutes(context, rateLimits));
    await forPeople.register(studentRecordRoutes(context));
    await forPeople.register(classOverviewRoutes(context));
    await forPeople.register(studentLeaveRoutes(context));
    await forPeople.register(reportRoutes(context));
    await forPeople.register(replayRoutes(context));
    await forPeople.register(ownWayRoutes(context, rateLimits));
    await forPeople.register(mailboxRoutes(context, rateLimits, dependencies));
  });
  await app.ready();
  return app;
}

/** An empty body is none, whatever its type says: many clients name one with every POST. */
function takeJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    (body === '' ? done(null, undefined) : parse(request, body, done)));
}

/** The caller's X-Request-Id where it is a plain word, so that a request can be followed through several systems. */
function requestId(request: { headers: IncomingMessage['headers'] }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}

/** A feed's URL is a secret, so no line of the log has any. */
const withoutUrl = (request: { method?: string }) => ({ method: request.method });

/** One line a request: its route, never its URL or headers. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({
      method: request.method, route: request.routeOptions.url ?? null, status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime), userId: request.person?.userId ?? null,
    }, 'request');
  });
}

/** What can't be read as HTTP is refused in the same shape. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket, locale: string): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const status = { HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large', ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout' }[error.code ?? '']
    ?? '400 Bad Request';
  const body = JSON.stringify(errorAnswer({ code: 'bad-request', message: translator(locale)('refusals.bad-request') }, randomUUID()));
  socket.end([
    `HTTP/1.1 ${status}`, 'Content-Type: application/json; charset=utf-8', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close',
    '', body,
  ].join('\r\n'));
}
