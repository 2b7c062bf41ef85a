// "add COMPANY, WHEN": an interview that a student tells the bot of in a line (I11).
import { readSaidTime } from '../domain/interviews/said-time.ts';
import type { KeptInterview } from '../db/repositories/interviews.ts';
import type { Person, ServiceContext } from './context.ts';
import { addInterview } from './reviewing.ts';

export { looksPasted } from '../domain/interviews/pasted.ts';

const LONGEST_COMPANY = 200;

/** How a time begins: a number, a weekday, a month, a word such as tomorrow. */
const BEGINS_LIKE_TIME = /^\s*(?:(?:on|at|from|the|this|next|coming)\s+){0,3}(?:\d|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w{0,6}\b|today|tomorrow|day after)/i;

/**
 * Adds what a line says: the company up to a comma, then when. A company's name may hold commas, and a date too: the first comma
 * counts after which a time begins, else the first after which one stands.
 */
export async function addSaid(
  context: ServiceContext, actor: Person, text: string,
): Promise<{ interview: KeptInterview } | { wrong: 'unclear' | 'past' | 'long' }> {
  let wrong: 'unclear' | 'past' | 'long' = 'unclear';
  const commas = [...text.matchAll(/,/g)].map(({ index }) => index);
  const likely = commas.filter((index) => BEGINS_LIKE_TIME.test(text.slice(index + 1)));
  for (const index of new Set([...likely, ...commas])) {
    const company = text.slice(0, index).replace(/\p{Cc}+/gu, ' ').trim();
    if (!/[\p{L}\p{N}]/u.test(company) || Array.from(company).length > LONGEST_COMPANY) continue;
    const said = readSaidTime(text.slice(index + 1), {
      now: context.now().toISO()!, zone: context.campus.timeZone, locale: actor.locale, round: null,
    });
    if (!('wrong' in said)) return { interview: await addInterview(context, actor, { company, ...said }) };
    if (said.wrong !== 'unclear') ({ wrong } = said);
  }
  return { wrong };
}
