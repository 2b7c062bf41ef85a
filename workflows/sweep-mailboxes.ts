// One sweep of all mailboxes: counts new mail cheaply, then reads those with the most first. A sweep carries ids and counts;
// which mailbox is whose turn stands in MySQL, so that a campus of any size fits into a history.
import { mailboxes } from './activities.ts';
import { show } from './visibility.ts';

/** How many activities count or read at once; each worker caps its connections besides. */
const AT_ONCE = 4;

export interface SweepCounts {
  mailboxes: number;
  failing: number;
  messages: number;
  candidates: number;
  interviews: number;
}

export async function sweepMailboxes(): Promise<SweepCounts> {
  const total: SweepCounts = { mailboxes: 0, failing: 0, messages: 0, candidates: 0, interviews: 0 };
  const add = (counts: Partial<SweepCounts>): void => {
    for (const key of Object.keys(total) as (keyof SweepCounts)[]) total[key] += counts[key] ?? 0;
  };
  show('sweep', 'counting', 'Counts new mail.');
  const ends = await mailboxes.planSweep();
  const ranges = ends.map((upTo, index) => ({ after: ends[index - 1] ?? 0, upTo }));
  await inParallel(async () => {
    for (let range = ranges.shift(); range; range = ranges.shift()) add(await mailboxes.countNewMail(range.after, range.upTo));
  });
  show('sweep', 'reading', `Counted **${total.mailboxes}** mailboxes; reads those with new mail.`);
  await inParallel(async () => {
    for (let more = true; more; ) {
      const { more: next, ...counts } = await mailboxes.readMailboxes();
      add(counts);
      more = next;
    }
  });
  show('sweep', 'done',
    `**${total.mailboxes}** mailboxes, ${total.failing} failing; **${total.messages}** messages, ${total.candidates} candidates, `
    + `**${total.interviews}** interviews.`);
  return total;
}

async function inParallel(work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
