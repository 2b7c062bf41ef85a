// The codes of a session's attendance (A10, A11): six digits, one for the whole time or a new one every few seconds (TOTP,
// RFC 6238, with the code's first moment as T0).
import { generateSync } from 'otplib';

/** Where a session's codes come from. */
export interface CodeSource {
  mode: 'rotating' | 'single';
  /** 20 bytes; of rotating codes. */
  secret: Uint8Array;
  /** How long a rotating code is shown, in seconds. */
  stepSeconds: number;
  /** When the first code was shown, in milliseconds since the epoch. */
  since: number;
  /** The one code of single mode. */
  code: string | null;
}

/** How many codes before the one that is shown are known to be old rather than wrong. */
const REMEMBERED = 30;

/** The code that is shown at a moment (milliseconds since the epoch, not before `since`); null in single mode without a code. */
export function codeAt(source: CodeSource, at: number): string | null {
  return source.mode === 'single' ? source.code : codeOfStep(source, stepAt(source, at));
}

/** When the code that is shown at `at` is replaced by the next, in milliseconds since the epoch; null in single mode. */
export function replacedAt(source: CodeSource, at: number): number | null {
  return source.mode === 'single' ? null : source.since + (stepAt(source, at) + 1) * source.stepSeconds * 1000;
}

/**
 * How many seconds before `at` a code was first shown, where it counts: the one that is shown and the one before it. Null where
 * it doesn't.
 */
export function ageOfCode(source: CodeSource, code: string, at: number): number | null {
  if (at < source.since) return null;
  if (source.mode === 'single') return code === source.code ? Math.floor((at - source.since) / 1000) : null;
  const step = stepAt(source, at);
  const found = [step, step - 1].find((each) => each >= 0 && codeOfStep(source, each) === code);
  return found === undefined ? null : Math.floor((at - source.since) / 1000) - found * source.stepSeconds;
}

/** Whether a code was one of the last that no longer count. */
export function wasShown(source: CodeSource, code: string, at: number): boolean {
  if (source.mode === 'single' || at < source.since) return false;
  const step = stepAt(source, at);
  return Array.from({ length: REMEMBERED }, (_, back) => step - 2 - back).some((each) => each >= 0 && codeOfStep(source, each) === code);
}

const stepAt = ({ since, stepSeconds }: CodeSource, at: number): number => Math.floor((at - since) / (stepSeconds * 1000));

const codeOfStep = ({ secret }: CodeSource, step: number): string => generateSync({ secret, strategy: 'hotp', counter: step });
