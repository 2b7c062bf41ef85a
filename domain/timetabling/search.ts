// The whole search for a timetable: from a first placement to the best that annealing finds in its time.
import { Annealer } from './annealing.ts';
import type { Model } from './model.ts';
import type { Placement } from './problem.ts';
import { Random } from './random.ts';
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

/** The best placement found, and how many steps it took. The same for the same seed when `progress` goes by the iterations. */
export function search(model: Model, seed: number, { progress, report }: Surroundings, from?: Placement): Found & { iterations: number } {
  const random = new Random(seed);
  const annealer = new Annealer(new State(model, startingPlacement(model, random, from)), random);
  annealer.hardWeight = 100;
  let iterations = 0;
  let reported = Infinity;
  for (let done = progress(0); done < 1; done = progress(iterations)) {
    annealer.temperature = 20 * (0.1 / 20) ** done;
    annealer.run(STEPS, { kempe: 0.3, roomOnly: 0.2, slotOnly: 0.2 });
    iterations += STEPS;
    const cost = annealer.bestHard * 1e9 + annealer.bestSoft;
    if (cost < reported) {
      reported = cost;
      report({ slot: annealer.bestSlot, room: annealer.bestRoom, hard: annealer.bestHard, soft: annealer.bestSoft }, iterations);
    }
  }
  return { slot: annealer.bestSlot, room: annealer.bestRoom, hard: annealer.bestHard, soft: annealer.bestSoft, iterations };
}
