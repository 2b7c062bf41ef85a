// reschedule/<session>: one class session that interviews hit. It runs in rounds: gathers everybody who is hit, waits for
// quiet, plans once, asks the faculty member, reminds, passes the question on, carries the decision out or lets the policy
// decide; and undoes a move that nobody needs any more.
import {
  allHandlersFinished, ApplicationFailure, CancellationScope, condition, continueAsNew, isCancellation, setHandler, workflowInfo,
} from '@temporalio/workflow';
import type { RecordActivities } from '../activities/records.ts';
import { records } from './activities.ts';
import { decided, Inbox, joined } from './messages.ts';
import { show } from './visibility.ts';

const KIND = 'reschedule';

type OpenRound = NonNullable<Awaited<ReturnType<RecordActivities['openRoundOf']>>>;

/** @param seen intents that it took before it continued as new */
export async function rescheduleSession(sessionId: number, seen: number[] = []): Promise<void> {
  const inbox = new Inbox(seen);
  let open: OpenRound | null = null;
  let over = false;
  let decisions = 0;

  setHandler(joined, (message) => void inbox.take(message));
  setHandler(decided, async (message) => {
    inbox.take(message);
    const outcome = await records.applyDecision(message.decisionId);
    // A decision must stand as a row that a service made.
    if (outcome === 'unknown') throw ApplicationFailure.nonRetryable('there is no such decision', 'DecisionUnknown');
    decisions += 1;
    return outcome;
  }, {
    validator: ({ decisionId }) => {
      if (over) throw ApplicationFailure.nonRetryable('this round is over', 'RoundOver');
      if (!Number.isSafeInteger(decisionId)) throw ApplicationFailure.nonRetryable('a decision is named by its id', 'DecisionUnknown');
    },
  });

  try {
    for (;;) {
      const known = inbox.count + decisions;
      const newer = () => inbox.count + decisions > known;
      open = await records.openRoundOf(sessionId);
      if (open === null) {
        await condition(allHandlersFinished);
        if (newer()) continue;
        break;
      }
      if (open.status === 'gathering') {
        await gather(open, inbox);
        const outcome = await records.planRound(open.roundId);
        show(KIND, outcome, `Round ${open.roundId} is planned: **${outcome}**.`, open.departmentId);
      } else if (open.status === 'undoing') {
        const outcome = await records.undoRound(open.roundId);
        show(KIND, outcome, `The interviews of round ${open.roundId} are off: **${outcome}**.`, open.departmentId);
      } else {
        await untilAnswered(open, newer);
      }
      if (workflowInfo().continueAsNewSuggested) {
        await condition(allHandlersFinished);
        await continueAsNew<typeof rescheduleSession>(sessionId, inbox.seen);
      }
    }
  } catch (error) {
    const { roundId } = open ?? {};
    if (!isCancellation(error) || roundId === undefined) throw error;
    // An admin ended it: the round ends too, and those who wait are told.
    await CancellationScope.nonCancellable(() => records.closeRound(roundId, 'expired'));
    throw error;
  }
  over = true;
  show(KIND, 'over', 'No round is open.');
  await condition(allHandlersFinished);
}

/** Waits until nobody has joined for a while: a company invites 300 students within minutes, and they are planned for once. */
async function gather(round: OpenRound, inbox: Inbox): Promise<void> {
  show(KIND, 'gathering', `Round ${round.roundId} waits for more interviews that hit this class.`, round.departmentId);
  const latest = Date.now() + round.quietMaxMs;
  for (;;) {
    const known = inbox.count;
    const wait = Math.min(round.quietMs, latest - Date.now());
    if (wait <= 0) return;
    if (!(await condition(() => inbox.count > known, wait))) return;
  }
}

/** Waits for an answer; ends the round when nobody is hit any more; takes the next step when its time has come. */
async function untilAnswered({ roundId, departmentId, next }: OpenRound, newer: () => boolean): Promise<void> {
  const { step, at } = next!;
  show(KIND, 'offered', `Round ${roundId} waits for a decision. Next, at ${at}: **${step}**.`, departmentId);
  const left = Date.parse(at) - Date.now();
  const answered = left > 0 && (await condition(newer, left));
  if (answered) await records.closeRound(roundId, 'withdrawn');
  else await records.takeStep(roundId, step);
}
