// Whether two mails speak of the same company: a key without case, spaces, marks and legal forms.
import { createHash } from 'node:crypto';

const INITIALS = /\b([a-z])\.(?=[a-z]\b)/g;
/** Some only at the end, because they are also words. */
const LEGAL_FORM = /\b(?:private|pvt|p(?=\W*(?:limited|ltd)\b)|limited|ltd|gmbh|incorporated|inc|llc|llp|corporation|corp|co|company|ag|sa|plc|(?:se|bv|nv|kg)(?=\W*$))\b/g;
const LONGEST_KEY = 60;

/** The same for "Konkan Shipyard Ltd." and "KONKAN SHIPYARD". Names without a Latin letter get a key of their hash. */
export function companyKey(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const latin = withoutLegalForm(plain).replace(/[^a-z0-9]/g, '');
  // Outside Latin a mark is part of the letter.
  const letters = withoutLegalForm(name.normalize('NFKC').toLowerCase()).replace(/[^\p{L}\p{M}\p{N}]/gu, '');
  if (/[a-z]/.test(latin) || (latin !== '' && latin === letters)) return latin.slice(0, LONGEST_KEY);
  if (letters !== '') return hashOf(letters);
  return plain.replace(/[^a-z0-9]/g, '').slice(0, LONGEST_KEY) || hashOf(plain.trim());
}

function withoutLegalForm(name: string): string {
  return name.replace(INITIALS, '$1').replace(LEGAL_FORM, '');
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
