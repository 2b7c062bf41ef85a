// How to search, from what an instance is like: temperatures follow from what its moves cost.
import type { Model } from './model.ts';
import { listOf, type Placement } from './problem.ts';
import type { Random } from './random.ts';
import { State } from './state.ts';

export interface Settings {
  /** Temperatures at which the annealing begins and ends. */
  hottest: number;
  coldest: number;
  /** Cost of a violation. */
  hardWeight: number;
  /** What a move is supposed to gain at the most: one that breaks more than that makes good isn't looked at any further. */
  gain: number;
}

const SAMPLES = 2000;

/**
 * Settings by the costs of random moves to another slot, of which half cost more than the median, and a quarter less than the lower quartile.
 * A competition instance has 4 and 2 (comp05, where courses have three times as many curricula, 8 and 4).
 */
export function settingsFor(model: Model, placement: Placement, random: Random): Settings {
  const state = new State(model, placement);
  const costs: number[] = [];
  for (let i = 0; i < SAMPLES && model.movable.length > 0; i++) {
    const event = model.movable[random.below(model.movable.length)]!;
    const starts = listOf(model.kindStarts, model.eventKind[event]!);
    const cost = Math.abs(state.softChange(event, starts[random.below(starts.length)]!, state.room[event]!));
    if (cost > 0) costs.push(cost);
  }
  costs.sort((a, b) => a - b);
  const median = costs[costs.length >> 1] ?? 1;
  const quartile = costs[costs.length >> 2] ?? 1;
  const great = costs[Math.floor(costs.length * 0.95)] ?? 1;
  return { hottest: median, coldest: 0.05 * quartile, hardWeight: Math.max(1, 25 * median), gain: 2 * great };
}
