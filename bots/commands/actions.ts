// Buttons: a faculty member's word on a round. The decision is a row first; then its process has two seconds to carry it
// out before the answer is that it is under way (rule 9 of docs/architecture.md).
import { setTimeout as wait } from 'node:timers/promises';
import { asRefusal, refusalText } from '../../locales/refusals.ts';
import { type Choice, decide, type DecisionState, decisionState } from '../../services/deciding.ts';
import type { Answer, PersonalCall } from './command.ts';

const WAIT_MS = 2_000;
const LOOK_EVERY_MS = 100;
/** Ids of up to 15 digits are exact as numbers. */
const DECIDE = /^decide:(\d{1,15}):(decline|\d{1,15})$/;

/** Does what a button says; null for a button that this version doesn't know. */
export async function press(call: PersonalCall, action: string): Promise<Answer | null> {
  const [, roundId, word] = DECIDE.exec(action) ?? [];
  if (roundId === undefined) return null;
  const choice: Choice = word === 'decline' ? { choice: 'decline' } : { choice: 'accept', optionId: Number(word) };
  try {
    const made = await decide(call.context, call.person, Number(roundId), choice);
    return { lines: linesFor(call, choice, await outcomeOf(call, made)), settles: true };
  } catch (error) {
    const refusal = asRefusal(error);
    // Only who may decide is told that a question is closed: the message with its buttons is theirs.
    if (refusal?.code !== 'round-over') throw error;
    return { lines: [refusalText(call.t, refusal.code, refusal.details)], settles: true };
  }
}

async function outcomeOf({ context, person }: PersonalCall, made: DecisionState): Promise<DecisionState> {
  let state = made;
  for (let waited = 0; state.outcome === 'pending' && waited < WAIT_MS; waited += LOOK_EVERY_MS) {
    await wait(LOOK_EVERY_MS);
    state = await decisionState(context, person, made.decisionId);
  }
  return state;
}

function linesFor({ t }: PersonalCall, { choice }: Choice, state: DecisionState): string[] {
  if (state.outcome === 'pending') return [t('decisions.noted')];
  if (state.outcome === 'applied') return [t(choice === 'accept' ? 'decisions.accepted' : 'decisions.declined')];
  const code = state.refusalCode as Parameters<typeof refusalText>[1];
  return [refusalText(t, code), ...(code.endsWith('-taken') ? [t('decisions.looking-again')] : [])];
}
