// What is still needed of a subject, in a sentence (A19).
import { percentageText } from '../domain/attendance/percentage.ts';
import type { Translate } from './index.ts';

interface Outlook {
  /** Of so many classes to come, how many have to be attended; null: it isn't enough, and where it ends at best. */
  remaining: number;
  needed: number | null;
  best: number | null;
  /** Per cent. */
  threshold: number;
}

export function forecastText(t: Translate, { needed, remaining, best, threshold }: Outlook): string {
  if (needed !== null) return t(needed === 0 ? 'attendance-standing.safe' : 'attendance-standing.needed', { needed, count: remaining, threshold });
  return best === null || remaining === 0 ? t('attendance-standing.over') : t('attendance-standing.best', { count: remaining, best: percentageText(best) });
}
