// What a benchmark says in the end, and the little statistics it needs.

/** `ours` and `limit` are seconds, medians of the rounds; `ratio` is limit / ours: the higher the better. */
export interface Result {
  name: string;
  ours: number;
  limit: number;
  ratio: number;
  more: Record<string, unknown>;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The smallest value that so many of all (0 to 1) don't exceed. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** Seconds that `work` takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return (performance.now() - before) / 1000;
}

/** Says what goes on to whoever watches. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
