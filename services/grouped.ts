// Work that many ask for at once, done together: what comes while a group is at work goes into the next (group commit).
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Refusal } from '../domain/refusal.ts';

/**
 * Makes a function of one item from one of many. At most one group is at work; a group that fails is done again item by
 * item, so that each asker hears of its own trouble alone.
 * @param work gives a result for each item, in their order; does all or nothing
 * @param most items a group has at the most
 * @param mostWaiting with so many waiting, whoever comes is sent away at once (Refusal 'busy'): better than an answer that comes too late
 * @param keyOf two items with one key never go together; the first to come goes first. Left out: any may go together
 */
export function grouped<Item, Result>(
  work: (items: Item[]) => Promise<Result[]>,
  { most, mostWaiting = Infinity, keyOf = () => Symbol("any") }: { most: number; mostWaiting?: number; keyOf?: (item: Item) => unknown },
): (item: Item) => Promise<Result> {
  interface Waiting {
    item: Item;
    resolve: (result: Result) => void;
    reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let isAtWork = false;

  function nextGroup(): Waiting[] {
    const group = new Map<unknown, Waiting>();
    const left: Waiting[] = [];
    for (const one of waiting) {
      const key = keyOf(one.item);
      if (group.size < most && !group.has(key)) group.set(key, one);
      else left.push(one);
    }
    waiting = left;
    return [...group.values()];
  }

  async function doTogether(group: Waiting[]): Promise<void> {
    try {
      const results = await work(group.map(({ item }) => item));
      group.forEach(({ resolve }, index) => resolve(results[index]!));
    } catch (error) {
      if (group.length === 1) return group[0]!.reject(error);
      for (const one of group) await doTogether([one]);
    }
  }

  async function goOn(): Promise<void> {
    if (isAtWork) return;
    isAtWork = true;
    while (waiting.length > 0) {
      // Who comes in the same turn of the event loop goes along.
      await nextTurn();
      await doTogether(nextGroup());
    }
    isAtWork = false;
  }

  return (item) => new Promise((resolve, reject) => {
    if (waiting.length >= mostWaiting) return reject(new Refusal('busy'));
    waiting.push({ item, resolve, reject });
    void goOn();
  });
}
