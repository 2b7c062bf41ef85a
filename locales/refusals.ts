// What Beadle refuses, in words: the same at every door.
import { Refusal, type RefusalCode } from '../domain/refusal.ts';
import type { SentenceKey, Translate } from './index.ts';

type StatusKey = Extract<SentenceKey, `statuses.${string}`>;
type RoundKey = Extract<SentenceKey, `rounds.${string}`>;

/** The sentence of a refusal's code. A question that is closed says what was decided, where `details.status` tells. */
export function refusalText(t: Translate, code: RefusalCode, details: Refusal['details'] = {}): string {
  const outcome = code === 'round-over' && details['status'] !== undefined ? t(`rounds.${details['status']}` as RoundKey) : '';
  const values: Record<string, string | number> = { ...details, outcome };
  if (code === 'already-marked') values['status'] = t(`statuses.${details['status']}` as StatusKey);
  return t(`refusals.${code}`, values).trim();
}

/** The refusal that was thrown, or null when the error is a fault of ours. */
export function asRefusal(error: unknown): Pick<Refusal, 'code' | 'details'> | null {
  return error instanceof Refusal ? error : null;
}
