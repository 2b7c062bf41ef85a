// What the workflows do, on a clock that stands until somebody moves it: a month can't be waited for, so the simulation has no
// Temporal. This file alone mirrors workflows/follow-interview.ts and workflows/reschedule-session.ts, and calls what they call.
import type { Intent } from '../../db/repositories/intents.ts';
import { subjectOf } from '../../domain/processes/index.ts';
import { applyDecision, undoRound } from '../../services/applying.ts';
import type { ServiceContext } from '../../services/context.ts';
import { takeStep } from '../../services/escalating.ts';
import { followInterview } from '../../services/excuses.ts';
import type { NextStep } from '../../services/offering.ts';
import { closeRound, openRoundOf, planRound } from '../../services/rescheduling.ts';

/** What a session's process waits for. Milliseconds since the Unix epoch. */
export type Timer = { sessionId: number; roundId: number; at: number } & (
  /** Quiet: nobody joined for `quietMs`, at the latest at `latest`. */
  | { waitsFor: 'quiet'; quietMs: number; latest: number }
  | { waitsFor: 'answer'; step: NextStep['step'] }
);

export interface Processes {
  /** Takes a message, as the workflow of that id does. A repetition changes nothing. */
  take(intent: Pick<Intent, 'process' | 'workflowId' | 'message' | 'payload'>): Promise<void>;
  /** The timer that ends first, if any process waits. */
  nextTimer(): Timer | undefined;
  /** Does what comes after a timer that has ended. */
  timeOut(timer: Timer): Promise<void>;
  timers(): Timer[];
}

/** @param timers what was being waited for when the simulation was interrupted */
export function playProcesses(context: ServiceContext, timers: Timer[] = []): Processes {
  const waiting = new Map(timers.map((timer) => [timer.sessionId, timer]));
  const now = () => context.now().toMillis();

  /** Goes on with a session's rounds until something has to be waited for. */
  async function goOn(sessionId: number): Promise<void> {
    for (;;) {
      waiting.delete(sessionId);
      const open = await openRoundOf(context, sessionId);
      if (!open) return;
      const { roundId } = open;
      if (open.status === 'undoing') await undoRound(context, roundId);
      else if (open.status === 'gathering') {
        const { quietMs, quietMaxMs } = open;
        const latest = now() + quietMaxMs;
        const at = Math.min(now() + quietMs, latest);
        if (at > now()) return void waiting.set(sessionId, { sessionId, roundId, waitsFor: 'quiet', at, quietMs, latest });
        await planRound(context, roundId);
      } else {
        const { step, at } = open.next!;
        if (Date.parse(at) > now()) return void waiting.set(sessionId, { sessionId, roundId, waitsFor: 'answer', at: Date.parse(at), step });
        await takeStep(context, roundId, step);
      }
    }
  }

  /** Somebody joined or left, or decided. */
  async function hear(sessionId: number): Promise<void> {
    const timer = waiting.get(sessionId);
    if (timer?.waitsFor === 'quiet') {
      const at = Math.min(now() + timer.quietMs, timer.latest);
      if (at > now()) return void waiting.set(sessionId, { ...timer, at });
      await planRound(context, timer.roundId);
    } else if (timer) await closeRound(context, timer.roundId, 'withdrawn');
    await goOn(sessionId);
  }

  return {
    async take({ process, workflowId, message, payload }) {
      const id = Number(subjectOf(workflowId));
      if (process === 'interview') await followInterview(context, id);
      if (process !== 'reschedule') return;
      if (message === 'decided') await applyDecision(context, Number(payload.decisionId));
      await hear(id);
    },
    nextTimer: () => [...waiting.values()].sort((a, b) => a.at - b.at || a.sessionId - b.sessionId)[0],
    async timeOut({ sessionId, roundId, ...timer }) {
      if (timer.waitsFor === 'quiet') await planRound(context, roundId);
      else await takeStep(context, roundId, timer.step);
      await goOn(sessionId);
    },
    timers: () => [...waiting.values()],
  };
}
