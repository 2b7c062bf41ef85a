// An API over a small demo campus, with a token for anybody and a round that waits for a decision.
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { createApi, type ApiDependencies } from '../../api/server.ts';
import { createTokens, type TokenService } from '../../api/tokens.ts';
import { defaultRateLimits, type RateLimits } from '../../api/rate-limits.ts';
import { insertOptions, optionsOf } from '../../db/repositories/offers.ts';
import { openRound, setRoundStatus } from '../../db/repositories/rescheduling.ts';
import { findSession, type Session } from '../../db/repositories/sessions.ts';
import type { Role, ServiceContext } from '../../services/context.ts';
import { applyDecision } from '../../services/applying.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';

export const TOKEN_SECRET = 'nobody outside of the tests signs with this';
export const NOW = DateTime.fromISO('2026-11-22T10:00:00Z', { zone: 'utc' });

/** What is for browsers alone, and needs no token. */
export const PAGES = ['/check-in', '/projector', '/sign-in', '/web/:part'];

/** No test but those of the limits meets one. */
const boundless: RateLimits = {
  roles: Object.fromEntries(Object.keys(defaultRateLimits.roles).map((role) => [role, 1e6])) as Record<Role, number>,
  anonymous: 1e6, feed: 1e6, decision: 1e6, linkCode: 1e6, feedAddress: 1e6, sweep: 1e6, whatIf: 1e6, signIn: 1e6,
};

export interface TestApi {
  api: FastifyInstance;
  campus: TestCampus;
  context: ServiceContext;
  tokens: TokenService;
  /** What was logged, a line each. */
  logged: string[];
  sweeps: () => number;
  /** The ids of a role's users, ascending. */
  usersOf(role: Role): Promise<number[]>;
  /** Sends a request as a user. */
  as(userId: number, request: InjectOptions | string): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export async function startTestApi(
  { now = () => NOW, publicUrl, ...more }: Partial<Pick<ApiDependencies, 'sweep' | 'uiUrl' | 'corsOrigins' | 'rateLimits' | 'identity'>> & { now?: () => DateTime; publicUrl?: string } = {},
): Promise<TestApi> {
  const campus = await testCampus();
  const context = { ...testContext(campus.db, { now }), ...(publicUrl !== undefined && { publicUrl }) };
  const tokens = createTokens(TOKEN_SECRET, context.now);
  const logged: string[] = [];
  let sweeps = 0;
  const api = await createApi({
    context, tokens, rateLimits: boundless, log: pino({ level: 'debug' }, { write: (line: string) => logged.push(line) }),
    sweep: async () => { sweeps += 1; },
    ...more,
  });
  return {
    api, campus, context, tokens, logged, sweeps: () => sweeps,
    usersOf: (role) => campus.db.knex('users').where({ role }).orderBy('id').pluck('id'),
    async as(userId, request) {
      const options = typeof request === 'string' ? { url: request } : request;
      return api.inject({ ...options, headers: { authorization: `Bearer ${await tokens.mint(userId)}`, ...options.headers } });
    },
    async close() {
      await api.close();
      await campus.close();
    },
  };
}

/** A session that comes, whose faculty member is offered one other time for it: two weeks later, same room. */
export async function offeredRound(
  { campus }: TestApi, { skip = 0, laterDays = 14 } = {},
): Promise<{ roundId: number; optionId: number; session: Session }> {
  const { db } = campus;
  const tomorrow = NOW.plus({ days: 1 }).toJSDate();
  const [sessionId] = await db.knex('schedule').where('starts_at', '>', tomorrow).orderBy('id').offset(skip).limit(1).pluck('id');
  const session = (await findSession(db.knex, sessionId))!;
  return db.transaction(async (trx) => {
    const roundId = await openRound(trx, session, 1, NOW.toJSDate());
    const later = (date: Date) => DateTime.fromJSDate(date).plus({ days: laterDays }).toJSDate();
    await insertOptions(trx, roundId, 1, [
      { startsAt: later(session.startsAt), endsAt: later(session.endsAt), roomId: session.roomId, reasons: [{ code: 'same-room' }] },
    ]);
    await setRoundStatus(trx, roundId, 'offered', NOW.toJSDate(), { offer: 1, remedy: 'move', offeredAt: NOW.toJSDate() });
    const [option] = await optionsOf(trx, roundId, 1);
    return { roundId, optionId: option!.id, session };
  });
}

/** Classes of a student that began five minutes ago. */
export async function runningClasses({ campus }: TestApi, userId: number, count: number): Promise<Session[]> {
  const { knex } = campus.db;
  const ids: number[] = await knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id').join('students as st', 'st.section_id', 'a.section_id')
    .where({ 'st.user_id': userId, 's.status': 'scheduled' }).orderBy('s.id', 'desc').limit(count).pluck('s.id');
  const startsAt = NOW.minus({ minutes: 5 });
  await knex('schedule').whereIn('id', ids).update({ starts_at: startsAt.toJSDate(), ends_at: startsAt.plus({ minutes: 55 }).toJSDate() });
  return Promise.all(ids.map(async (id) => (await findSession(knex, id))!));
}

/** Carries out decisions as their processes do, until it is called. */
export function carryOutDecisions({ campus, context }: TestApi): () => Promise<void> {
  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      const pending: number[] = await campus.db.knex('rescheduled_class_decision').where({ outcome: 'pending' }).pluck('id');
      for (const decisionId of pending) await applyDecision(context, decisionId);
      await sleep(20);
    }
  })();
  return async () => {
    stopped = true;
    await running;
  };
}
