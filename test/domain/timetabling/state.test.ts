import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Annealer } from '../../../domain/timetabling/annealing.ts';
import { evaluate } from '../../../domain/timetabling/evaluate.ts';
import { modelOf } from '../../../domain/timetabling/model.ts';
import { listOf, type Problem } from '../../../domain/timetabling/problem.ts';
import { Random } from '../../../domain/timetabling/random.ts';
import { startingPlacement } from '../../../domain/timetabling/start.ts';
import { State } from '../../../domain/timetabling/state.ts';
import { randomCampus, randomCompetition } from './problems.ts';

const kinds: [string, (random: Random) => Problem][] = [['a campus', randomCampus], ['a competition instance', randomCompetition]];

describe.each(kinds)('T14 the cost of a move in %s', (_, draw) => {
  const begin = (seed: number) => {
    const random = new Random(seed);
    const problem = draw(random);
    const model = modelOf(problem);
    return { random, problem, model, state: new State(model, startingPlacement(model, random)) };
  };
  const costOf = (problem: Problem, state: State) => {
    const { hard, soft } = evaluate(problem, state);
    return { hard, soft };
  };

  test('is the difference of two full computations, after any sequence of moves', () => {
    fc.assert(fc.property(fc.integer(), (seed) => {
      const { random, problem, model, state } = begin(seed);
      expect({ hard: state.hard, soft: state.soft }).toEqual(costOf(problem, state));
      for (let i = 0; i < 15 && model.movable.length > 0; i++) {
        const event = model.movable[random.below(model.movable.length)]!;
        const starts = listOf(model.kindStarts, model.eventKind[event]!);
        const rooms = listOf(model.kindRooms, model.eventKind[event]!);
        const slot = starts[random.below(starts.length)]!;
        const room = rooms[random.below(rooms.length)]!;
        state.move(event, slot, room, state.conflictChange(event, slot) + state.roomChange(event, slot, room), state.softChange(event, slot, room));
        expect({ hard: state.hard, soft: state.soft }).toEqual(costOf(problem, state));
      }
    }), { numRuns: 150 });
  });

  test('stays so through moves, swaps and Kempe chains of the search, at every temperature', () => {
    fc.assert(fc.property(fc.integer(), fc.constantFrom(0.05, 1, 20), (seed, temperature) => {
      const { random, problem, state } = begin(seed);
      const annealer = new Annealer(state, random);
      annealer.hardWeight = 10;
      annealer.temperature = temperature;
      for (let i = 0; i < 20; i++) {
        annealer.run(10, { kempe: 0.4, roomOnly: 0.2, slotOnly: 0.2 });
        expect({ hard: state.hard, soft: state.soft }).toEqual(costOf(problem, state));
      }
      expect({ hard: annealer.bestHard, soft: annealer.bestSoft }).toEqual(costOf(problem, { slot: annealer.bestSlot, room: annealer.bestRoom } as State));
    }), { numRuns: 100 });
  });

  test('a search never leaves the allowed slots and rooms', () => {
    fc.assert(fc.property(fc.integer(), (seed) => {
      const { random, model, state } = begin(seed);
      const annealer = new Annealer(state, random);
      annealer.temperature = 5;
      annealer.run(300, { kempe: 0.3, roomOnly: 0.2, slotOnly: 0.2 });
      for (const event of model.placeable) {
        const kind = model.eventKind[event]!;
        expect(listOf(model.kindStarts, kind)).toContain(state.slot[event]);
        expect(listOf(model.kindRooms, kind)).toContain(state.room[event]);
      }
    }), { numRuns: 40 });
  });
});
