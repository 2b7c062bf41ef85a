import { describe, expect, test } from '@jest/globals';
import { drawInstance } from '../../../bench/ctt-instances.ts';
import { problemOfCtt } from '../../../domain/timetabling/ctt.ts';
import { evaluate } from '../../../domain/timetabling/evaluate.ts';
import { modelOf } from '../../../domain/timetabling/model.ts';
import type { Placement, Problem } from '../../../domain/timetabling/problem.ts';
import { Random } from '../../../domain/timetabling/random.ts';
import { search } from '../../../domain/timetabling/search.ts';
import { settingsFor } from '../../../domain/timetabling/settings.ts';
import { startingPlacement } from '../../../domain/timetabling/start.ts';
import { placed, problemTold } from './problems.ts';

const find = (problem: Problem, steps: number, { seed = 1, from }: { seed?: number; from?: Placement } = {}) =>
  search(modelOf(problem), seed, { progress: (iterations) => iterations / steps, report() {} }, from);

describe('T14 the search', () => {
  test('finds the only timetable that breaks nothing', () => {
    // Three events of a group in three slots; each but the last is closed to some.
    const problem = problemTold({ days: 1, periodsPerDay: 3, rooms: [{}], events: [{ groups: [0], closed: [1, 2] }, { groups: [0], closed: [2] }, { groups: [0] }] });
    expect(find(problem, 20_000)).toMatchObject({ hard: 0, soft: 0, slot: Int32Array.of(0, 1, 2) });
  });

  test('finds the cheapest of a few', () => {
    const problem = problemTold({
      days: 1, periodsPerDay: 4, rooms: [{ capacity: 30 }, { capacity: 60 }], events: [{ size: 60, groups: [0] }, { size: 60, groups: [0] }, { size: 30, groups: [0] }],
      periodCost: [9, 0, 0, 5], weights: { capacity: 1, periods: 1 },
    });
    expect(find(problem, 50_000)).toMatchObject({ hard: 0, soft: 5 });
  });

  test('blocks, odd and even weeks, a break and a taken room fit where they only can', () => {
    const problem = problemTold({
      days: 1, periodsPerDay: 5, weeks: 2, breaksAfter: [1], rooms: [{ taken: [3] }, {}],
      events: [{ length: 3, groups: [0], rooms: [1] }, { length: 2, groups: [0] }, { length: 2, groups: [1], weeks: 1, rooms: [0] }, { length: 2, groups: [1], weeks: 2, rooms: [0] }],
    });
    const { hard, slot, room } = find(problem, 50_000);
    expect(hard).toBe(0);
    expect([slot[0], slot[1], slot[2], slot[3]]).toEqual([2, 0, 0, 0]);
    expect([room[0], room[1]]).toEqual([1, 1]);
  });

  test('tells of what it finds, each time better, and of nothing that isn\'t so', () => {
    const problem = problemOfCtt(drawInstance(10));
    const told: number[] = [];
    const found = search(modelOf(problem), 3, {
      progress: (iterations) => iterations / 100_000,
      report({ slot, room, hard, soft }) {
        expect(evaluate(problem, { slot, room })).toMatchObject({ hard, soft });
        told.push(hard * 1e6 + soft);
      },
    });
    expect(told.length).toBeGreaterThan(3);
    expect(told.every((cost, i) => i === 0 || cost < told[i - 1]!)).toBe(true);
    expect(told.at(-1)).toBe(found.hard * 1e6 + found.soft);
  });

  test('events without a place stay without, the rest is placed', () => {
    const problem = problemTold({ events: [{ rooms: [] }, { closed: [0, 1, 2, 3, 4, 6, 7] }] });
    expect(find(problem, 5_000)).toMatchObject({ hard: 1, slot: Int32Array.of(-1, 5), room: Int32Array.of(-1, 0) });
  });

  test('a problem with nothing to move ends at once', () => {
    expect(find(problemTold({ events: [] }), 5_000)).toMatchObject({ hard: 0, soft: 0 });
    expect(find(problemTold({ events: [{ lockedSlot: 1, lockedRoom: 0 }] }), 5_000)).toMatchObject({ hard: 0, slot: Int32Array.of(1) });
  });
});

describe('T8 solving again after a change', () => {
  test('keeps what it can when a room closes', () => {
    const before = problemOfCtt(drawInstance(10));
    const old = find(before, 1_000_000);
    expect(old.hard).toBe(0);
    const closed = before.rooms - 1;
    const affected = [...old.room].filter((room) => room === closed).length;
    const after: Problem = {
      ...before, roomTaken: before.roomTaken.map((taken, cell) => (cell >= closed * before.days * before.periodsPerDay ? 1 : taken)),
      eventPreviousSlot: old.slot, eventPreviousRoom: old.room, weights: { ...before.weights, perturbation: 100 },
    };
    const found = find(after, 1_000_000, { from: old });
    const { hard, parts } = evaluate(after, found);
    expect(hard).toBe(0);
    expect(parts.perturbation / 100).toBeGreaterThanOrEqual(affected);
    expect(parts.perturbation / 100).toBeLessThanOrEqual(affected + 2);
  });
});

describe('T14 settings', () => {
  test('follow the prices: ten times as dear is ten times as hot', () => {
    const problem = problemOfCtt(drawInstance(2));
    const dear: Problem = { ...problem, weights: { ...problem.weights, capacity: 10, minimumWorkingDays: 50, compactness: 20, roomStability: 10 } };
    const of = (each: Problem) => {
      const model = modelOf(each);
      return settingsFor(model, startingPlacement(model, new Random(1)), new Random(2));
    };
    const { hottest, coldest, hardWeight, gain } = of(problem);
    const scaled = of(dear);
    expect([scaled.hottest, scaled.coldest, scaled.hardWeight, scaled.gain].map((value) => Math.round(value * 1000)))
      .toEqual([hottest, coldest, hardWeight, gain].map((value) => Math.round(value * 10_000)));
  });

  test('are there when nothing costs anything', () => {
    const model = modelOf(problemTold({ events: [{}, {}] }));
    expect(settingsFor(model, placed([0, 0], [1, 0]), new Random(1))).toEqual({ hottest: 1, coldest: 0.05, hardWeight: 25, gain: 2 });
  });
});
