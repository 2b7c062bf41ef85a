// An institution's word on who writes to its students: addresses and domains whose mails are trusted, or not read at all (I10).
import { domainToASCII } from 'node:url';

export type SenderVerdict = 'allow' | 'deny';

/** What is said of senders, by pattern as `senderPattern` gives it. */
export type SenderList = ReadonlyMap<string, SenderVerdict>;

const LONGEST = 191;
const LOCAL_PART = /^[\x21-\x7e]{1,64}$/;
const NOT_LOCAL = /[\s@"<>,;:\\()[\]*]/;
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * A written address or domain as lists hold it: lower case, the domain as DNS has it. "@pelican.example" is the domain.
 * @returns null for what is neither
 */
export function senderPattern(written: string): string | null {
  const plain = written.trim().toLowerCase();
  const at = plain.lastIndexOf('@');
  const local = plain.slice(0, Math.max(0, at));
  const domain = domainToASCII(plain.slice(at + 1));
  if (!DOMAIN.test(domain) || /[*%/:]/.test(plain)) return null;
  if (local === '') return domain;
  const pattern = `${local}@${domain}`;
  return LOCAL_PART.test(local) && !NOT_LOCAL.test(local) && pattern.length <= LONGEST ? pattern : null;
}

/** What is said of an address: of itself, else of its domain, else of the nearest domain above that. */
export function senderVerdict(list: SenderList, address: string): SenderVerdict | null {
  if (list.size === 0) return null;
  const pattern = senderPattern(address);
  if (pattern === null) return null;
  const own = list.get(pattern);
  if (own) return own;
  const labels = pattern.slice(pattern.indexOf('@') + 1).split('.');
  for (let first = 0; first < labels.length - 1; first += 1) {
    const verdict = list.get(labels.slice(first).join('.'));
    if (verdict) return verdict;
  }
  return null;
}
