// The whole search for a timetable: from a first placement to the best that annealing finds in its time.
import { Annealer } from './annealing.ts';
import type { Model } from './model.ts';
import type { Placement } from './problem.ts';
import { Random } from './random.ts';
import { settingsFor } from './settings.ts';
import { startingPlacement } from './start.ts';
import { State } from './state.ts';

/** A placement with what it breaks and costs, as `evaluate` counts. */
export interface Found extends Placement {
  hard: number;
  soft: number;
}

/** How a search hears of the time, and tells of what it has found. */
export interface Surroundings {
  /** Which share of the time or of the steps is over, from 0 on; 1 and more ends the search. */
  progress(iterations: number): number;
  /** Called now and then when something better was found; the arrays are the search's own and change later. */
  report(best: Found, iterations: number): void;
}

const STEPS = 4096;
/** Kempe chains are some five times as dear as other moves, and worth it. */
const SHARES = { kempe: 0.3, roomOnly: 0.3, slotOnly: 0.2 };
/** In the last part of the time it gets so much colder still: what moves by chance comes to rest. */
const QUENCH_FROM = 0.95;
const QUENCH = 1 / 3;
/** A temperature is kept as long as the next isn't cooler than so much of it. */
const COOLER = 0.995;
/** From this share of the time on, what is still broken gets dearer, in the end so many times. */
const INSIST_FROM = 0.3;
const INSIST_TIMES = 10;

/**
 * The best placement found, and how many steps it took. The same for the same seed when `progress` goes by the iterations.
 * A search that goes on `from` somewhere begins cooler, so that not all of it is lost.
 */
export function search(model: Model, seed: number, { progress, report }: Surroundings, from?: Placement): Found & { iterations: number } {
  const random = new Random(seed);
  const { hottest, coldest, hardWeight, gain } = settingsFor(model, startingPlacement(model, random), random);
  const annealer = new Annealer(new State(model, startingPlacement(model, random, from)), random);
  annealer.gain = gain;
  const { state } = annealer;
  const unplaceable = model.events - model.placeable.length;
  const begin = from === undefined ? hottest : Math.max(coldest, hottest / 8);
  let iterations = 0;
  let set = Infinity;
  let reported = Infinity;
  for (let done = progress(0); done < 1; done = progress(iterations)) {
    const temperature = done < QUENCH_FROM ? begin * (coldest / begin) ** (done / QUENCH_FROM) : coldest * QUENCH ** ((done - QUENCH_FROM) / (1 - QUENCH_FROM));
    if (temperature < set * COOLER) annealer.temperature = set = temperature;
    annealer.hardWeight = state.hard === unplaceable ? hardWeight : hardWeight * INSIST_TIMES ** (Math.max(0, done - INSIST_FROM) / (1 - INSIST_FROM));
    annealer.run(STEPS, SHARES);
    iterations += STEPS;
    const cost = annealer.bestHard * 1e12 + annealer.bestSoft;
    if (cost < reported) {
      reported = cost;
      report({ slot: annealer.bestSlot, room: annealer.bestRoom, hard: annealer.bestHard, soft: annealer.bestSoft }, iterations);
    }
  }
  return { slot: annealer.bestSlot, room: annealer.bestRoom, hard: annealer.bestHard, soft: annealer.bestSoft, iterations };
}
