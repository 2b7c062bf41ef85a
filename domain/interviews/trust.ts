// What a finding is worth: whether it is entered, the student is asked, or it is dropped (I10, I11).
import { type Authenticity, confidenceOf } from './authenticity.ts';

/** From here on a finding is entered; from LOW_CONFIDENCE on the student is asked; below, it is dropped and counted (I11). */
const HIGH_CONFIDENCE = 0.6;
const LOW_CONFIDENCE = 0.35;
/**
 * So many students with mails of one drive bear each other out: one mail that names the wrong company, forwarded once, still
 * makes two; a company invites more.
 */
export const CORROBORATING_STUDENTS = 3;
/** What that adds: enough for a mail that was read with some doubt, not for one that is mostly guessed. */
const CORROBORATED = 0.1;

/** Why a student is asked: in `asked_because`. */
export type AskedBecause = 'unsure' | 'perhaps-meant' | 'unverified' | 'failed' | 'in-doubt' | 'by-hand';

/** The mails about the drive (company and day) that other students have, as far as nobody forged them. */
export interface Company {
  /** Students who have such mails, the finding's own among them. */
  students: number;
  /** Other students whose interview is certain: read from other words, or confirmed by them. */
  certain: number;
}

export interface Weighed {
  confidence: number;
  /** Null: it is entered. */
  because: AskedBecause | null;
}

/** @returns null for what is dropped */
export function weigh(
  found: { confidence: number; meant: 'yes' | 'ask'; authenticity: Authenticity }, company: Company,
): Weighed | null {
  const { authenticity, meant } = found;
  const own = confidenceOf(found.confidence, authenticity);
  if (own < LOW_CONFIDENCE) return null;
  if (authenticity === 'failed') return { confidence: own, because: 'failed' };
  const confidence = company.certain >= CORROBORATING_STUDENTS ? Math.min(1, own + CORROBORATED) : own;
  if (meant === 'ask') return { confidence, because: 'perhaps-meant' };
  if (confidence < HIGH_CONFIDENCE) return { confidence, because: 'unsure' };
  if (authenticity === 'unverified' && company.students < CORROBORATING_STUDENTS) return { confidence, because: 'unverified' };
  return { confidence, because: null };
}
