import { describe, expect, test } from '@jest/globals';
import { drawInstance } from '../../bench/ctt-instances.ts';
import { problemOfCtt } from '../../domain/timetabling/ctt.ts';
import { evaluate } from '../../domain/timetabling/evaluate.ts';
import type { Found } from '../../domain/timetabling/search.ts';
import { isBetter, moment, solve } from '../../services/solving.ts';

const problem = problemOfCtt(drawInstance(3));
const steps = (iterations: number) => ({ beginAt: moment(), iterations });

describe('T13 solving in threads', () => {
  test('one thread finds the same for the same seed and number of steps, and another for another seed', async () => {
    const [one, again, other] = await Promise.all([7, 7, 8].map((seed) => solve(problem, { budget: steps(300_000), threads: 1, seed })));
    expect(again).toEqual(one);
    expect(other!.slot).not.toEqual(one!.slot);
    expect(one!.iterations).toBeGreaterThanOrEqual(300_000);
  });

  test('what it says its answer costs is what a plain computation finds, and nothing is broken', async () => {
    const found = await solve(problem, { budget: steps(1_000_000), threads: 2, seed: 1 });
    expect(evaluate(problem, found)).toMatchObject({ hard: 0, soft: found.soft });
    expect(found.hard).toBe(0);
  });

  test('it tells of what is better as it goes on, each time of something better, and ends when it is told to', async () => {
    const heard: Found[] = [];
    const stop = new AbortController();
    const found = await solve(problem, {
      budget: { beginAt: moment(), until: moment() + 60_000 }, threads: 2, seed: 1, signal: stop.signal,
      onBetter(best) {
        heard.push(best);
        if (heard.length === 3) stop.abort();
      },
    });
    expect(heard.length).toBeGreaterThanOrEqual(3);
    heard.slice(1).forEach((best, i) => expect(isBetter(best, heard[i]!)).toBe(true));
    expect(heard.every((best) => !isBetter(best, found))).toBe(true);
  });

  test('told to end before it begins, it ends at once with some placement', async () => {
    const found = await solve(problem, { budget: steps(1e12), threads: 1, seed: 1, signal: AbortSignal.abort() });
    expect(found.slot).toHaveLength(problem.events);
  });

  test('it goes on from a placement, and never ends with anything worse', async () => {
    const first = await solve(problem, { budget: steps(1_000_000), threads: 1, seed: 1 });
    const second = await solve(problem, { budget: steps(4096), threads: 1, seed: 2, from: first });
    expect(isBetter(first, second)).toBe(false);
  });
});
