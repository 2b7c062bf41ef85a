// When an offer that nobody answers is repeated, passed on and decided by policy (I19).

/** A department's rule, in hours after the offer. */
export interface DecisionPolicy {
  readonly reminderHours: number;
  readonly escalationHours: number;
  readonly decisionHours: number;
}

export interface DecisionSteps {
  readonly remindAt: number;
  readonly escalateAt: number;
  readonly decideAt: number;
}

/** So much of the time left is used where it is shorter than the policy: what is decided has still to be carried out. */
const USED_OF_SHORT_TIME = 0.9;

/**
 * The steps of one offer, in milliseconds since the Unix epoch: remindAt ≤ escalateAt ≤ decideAt. Where the cut-off comes before
 * the policy's decision, all steps move closer in proportion, so that each still has its turn before it.
 */
export function decisionSteps(offeredAt: number, cutoffAt: number, policy: DecisionPolicy): DecisionSteps {
  const hour = 3_600_000;
  const wanted = policy.decisionHours * hour;
  const left = Math.max(0, cutoffAt - offeredAt) * USED_OF_SHORT_TIME;
  const scale = wanted === 0 ? 0 : Math.min(1, left / wanted);
  const at = (hours: number) => offeredAt + Math.round(Math.min(hours, policy.decisionHours) * hour * scale);
  const escalateAt = at(policy.escalationHours);
  return { remindAt: Math.min(at(policy.reminderHours), escalateAt), escalateAt, decideAt: at(policy.decisionHours) };
}
