// Whether two mails speak of the same company: a key without case, spaces, marks and legal forms.
import { createHash } from 'node:crypto';

const LEGAL_FORM = /\b(private|pvt|limited|ltd|gmbh|inc|llc|llp|corporation|corp|co|company|ag|sa|plc)\b\.?/g;
const LONGEST_KEY = 60;

/** The same for "Konkan Shipyard Ltd." and "KONKAN SHIPYARD". Names without a Latin letter get a key of their hash. */
export function companyKey(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const key = plain.replace(LEGAL_FORM, '').replace(/[^a-z0-9]/g, '') || plain.replace(/[^a-z0-9]/g, '');
  return key.slice(0, LONGEST_KEY) || createHash('sha256').update(plain).digest('hex').slice(0, 32);
}
