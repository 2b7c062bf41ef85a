// Buttons: what each does. A faculty member's word on a round: the decision is a row first; then its process has two seconds to carry it
// out before the answer is that it is under way (rule 9 of docs/architecture.md).
import { decisionLines } from '../../locales/decisions.ts';
import { asRefusal, refusalText } from '../../locales/refusals.ts';
import { type Choice, decideAndWait } from '../../services/deciding.ts';
import type { Answer, PersonalCall } from './command.ts';
import { pressMailbox } from './mailbox.ts';
import { pressReview } from './reviewing.ts';

/** Ids of up to 15 digits are exact as numbers. */
const DECIDE = /^decide:(\d{1,15}):(decline|\d{1,15})$/;

/** Does what a button says; null for a button that this version doesn't know. */
export async function press(call: PersonalCall, action: string): Promise<Answer | null> {
  return (await pressDecision(call, action)) ?? (await pressReview(call, action)) ?? pressMailbox(call, action);
}

async function pressDecision(call: PersonalCall, action: string): Promise<Answer | null> {
  const [, roundId, word] = DECIDE.exec(action) ?? [];
  if (roundId === undefined) return null;
  const choice: Choice = word === 'decline' ? { choice: 'decline' } : { choice: 'accept', optionId: Number(word) };
  try {
    const state = await decideAndWait(call.context, call.person, Number(roundId), choice);
    return { lines: decisionLines(call.t, state), settles: true };
  } catch (error) {
    const refusal = asRefusal(error);
    // Only who may decide is told that a question is closed: the message with its buttons is theirs.
    if (refusal?.code !== 'round-over') throw error;
    return { lines: [refusalText(call.t, refusal.code, refusal.details)], settles: true };
  }
}
