// The sessions in which attendance is being taken, kept in memory: with their codes' secrets and their rosters, so that a code is
// judged without a query. Whether a session is still open is decided by its row, in the transaction of the mark.
import { openTakings, type Taking } from '../db/repositories/attendance-sessions.ts';
import { rostersOf } from '../db/repositories/sessions.ts';
import type { CodeSource } from '../domain/attendance/codes.ts';
import type { ServiceContext } from './context.ts';

const SECRET_BYTES = 20;
/** What is known may be so old, in milliseconds; a code that fits nothing is looked for again in what is new. */
const FRESH_MS = 1_000;
/** Who comes to a roster after the session was opened is found when the student asks; who left it, after so long. */
const ROSTER_MS = 60_000;

export interface OpenSession {
  sessionId: number;
  /** Code and name. */
  subject: string;
  /** Null where no code was shown: marks are made by hand. */
  source: CodeSource | null;
  closesAt: Date;
  /** The students who are expected. */
  roster: ReadonlySet<number>;
}

export interface OpenSessions {
  /** All of them, as of a second ago at the most. */
  recent(): Promise<readonly OpenSession[]>;
  /** All of them, as they are at this moment or later. */
  current(): Promise<readonly OpenSession[]>;
}

/** Where a session's codes come from; null where none was shown. */
export function sourceOf(context: ServiceContext, taking: Taking): CodeSource | null {
  if (taking.codeSince === null) return null;
  const secret = context.secrets.derive('attendance', taking.nonce).subarray(0, SECRET_BYTES);
  return { mode: taking.mode, secret, stepSeconds: taking.stepSeconds, since: taking.codeSince.getTime(), code: taking.code };
}

export function createOpenSessions(context: ServiceContext): OpenSessions {
  interface Kept extends OpenSession { changedAt: number; rosterReadAt: number }
  let kept = new Map<number, Kept>();
  let all: readonly OpenSession[] = [];
  let readAt = -Infinity;
  let reading: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function read(): Promise<void> {
    const startedAt = performance.now();
    const takings = await openTakings(context.db.knex);
    const isKept = ({ sessionId }: Taking) => startedAt - (kept.get(sessionId)?.rosterReadAt ?? -Infinity) < ROSTER_MS;
    const rosters = await rostersOf(context.db.knex, takings.filter((taking) => !isKept(taking)).map(({ sessionId }) => sessionId));
    kept = new Map(takings.map((taking) => {
      const before = kept.get(taking.sessionId);
      const changedAt = taking.updatedAt.getTime();
      const read = rosters.get(taking.sessionId);
      const roster = read ? new Set(read.filter(({ away }) => !away).map(({ studentId }) => studentId)) : before!.roster;
      const source = before?.changedAt === changedAt ? before.source : sourceOf(context, taking);
      return [taking.sessionId, {
        sessionId: taking.sessionId, subject: taking.subject, source, closesAt: taking.closesAt, roster, changedAt, rosterReadAt: read ? startedAt : before!.rosterReadAt,
      }];
    }));
    all = [...kept.values()];
    readAt = startedAt;
  }

  function start(): Promise<void> {
    reading = read().finally(() => { reading = undefined; });
    return reading;
  }

  return {
    async recent() {
      if (performance.now() - readAt > FRESH_MS) await (reading ?? start());
      return all;
    },
    async current() {
      // What is being read may have begun before the caller came: the reading after it will do, for all who wait.
      next ??= (async () => {
        await reading?.catch(() => {});
        next = undefined;
        await start();
      })();
      await next;
      return all;
    },
  };
}
