// What became of a decision, in words: the same at every door.
import type { RefusalCode } from '../domain/refusal.ts';
import type { Translate } from './index.ts';
import { refusalText } from './refusals.ts';

export interface DecisionOutcome {
  remedy: 'makeup' | 'move' | null;
  choice: 'accept' | 'decline';
  outcome: 'pending' | 'applied' | 'refused';
  refusalCode: string | null;
}

/** One sentence or two: noted, done, or why not and that other times are looked for. */
export function decisionLines(t: Translate, { remedy, choice, outcome, refusalCode }: DecisionOutcome): string[] {
  if (outcome === 'pending') return [t('decisions.noted')];
  if (outcome === 'applied') {
    if (choice === 'decline') return [t('decisions.declined')];
    return [t(remedy === 'makeup' ? 'decisions.makeup-set' : 'decisions.moved')];
  }
  const code = refusalCode as RefusalCode;
  return [refusalText(t, code), ...(code.endsWith('-taken') ? [t('decisions.looking-again')] : [])];
}
