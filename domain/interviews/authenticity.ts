// Whether a mail comes from whom it says: the campus mail server's own word on it (Authentication-Results, RFC 8601).

export type Authenticity = 'verified' | 'failed' | 'unverified';

/** A forged sender halves what the mail's words are worth (I10). */
const WORTH_OF_FAILED = 0.5;

/** How sure a mail's reading is, when it comes from whom it comes. */
export function confidenceOf(confidence: number, authenticity: Authenticity): number {
  return authenticity === 'failed' ? Math.round(confidence * WORTH_OF_FAILED * 100) / 100 : confidence;
}

interface Result {
  method: string;
  result: string;
  /** The domain that the result speaks of, where it names one. */
  domain: string | null;
}

const FAILED = /^(?:fail|softfail|policy)$/;
const METHOD = /^\s*(spf|dkim|dmarc)\s*(?:\/\s*\d+\s*)?=\s*([a-z]+)(?=\s|$)(.*)$/is;
/** What each method has checked, as the RFC's properties name it. */
const CHECKED = /\b(?:smtp\.mailfrom|smtp\.helo|header\.(?:d|i|from))\s*=\s*(?:[^\s;]*@)?([\w.-]+)/i;

/**
 * The verdict on one mail. DMARC decides where it was checked; else SPF or DKIM has to pass for the domain that the mail names
 * as its sender's: a stranger passes for a domain of his own.
 * @param field the topmost Authentication-Results as written; those below it may be the sender's own. Empty where there is none
 * @param fromAddress the address in From
 * @param authservId who must have written it; empty: the topmost counts, whoever wrote it
 */
export function authenticityOf(field: string, fromAddress: string, authservId = ''): Authenticity {
  const [server = '', ...parts] = withoutAsides(field).split(';');
  const writtenBy = server.trim().split(/\s+/)[0]!.toLowerCase();
  if (authservId !== '' && writtenBy !== authservId.toLowerCase()) return 'unverified';
  const from = fromAddress.slice(fromAddress.lastIndexOf('@') + 1).toLowerCase();
  const results = parts.flatMap(readResult);
  const hasFailed = ({ result }: Result) => FAILED.test(result);
  const hasPassed = ({ result, domain }: Result) => result === 'pass' && (domain === null || isAligned(domain, from));

  const dmarc = results.filter(({ method }) => method === 'dmarc');
  if (dmarc.some(hasFailed)) return 'failed';
  if (dmarc.length > 0 && dmarc.every(hasPassed)) return 'verified';
  const others = results.filter(({ method }) => method !== 'dmarc');
  if (others.some(hasPassed)) return 'verified';
  return others.some(hasFailed) ? 'failed' : 'unverified';
}

function readResult(part: string): Result[] {
  const [, method, result, rest] = METHOD.exec(part) ?? [];
  if (method === undefined) return [];
  return [{ method: method.toLowerCase(), result: result!.toLowerCase(), domain: CHECKED.exec(rest!)?.[1]?.toLowerCase() ?? null }];
}

/** The same domain, or one below the other (RFC 7489's relaxed alignment, without its list of public suffixes). */
function isAligned(domain: string, from: string): boolean {
  const [short, long] = domain.length <= from.length ? [domain, from] : [from, domain];
  return short === long || (short.includes('.') && long.endsWith(`.${short}`));
}

/** Without comments and quoted strings: a sender's words stand in them. */
function withoutAsides(field: string): string {
  let kept = '';
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < field.length; index += 1) {
    const character = field[index]!;
    if (character === '\\' && (depth > 0 || quoted)) index += 1;
    else if (character === '"' && depth === 0) quoted = !quoted;
    else if (quoted) continue;
    else if (character === '(') depth += 1;
    else if (character === ')' && depth > 0) depth -= 1;
    else if (depth === 0) kept += character;
  }
  return kept;
}
