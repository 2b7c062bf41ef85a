import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { evaluate } from '../../../domain/timetabling/evaluate.ts';
import { modelOf } from '../../../domain/timetabling/model.ts';
import { Random } from '../../../domain/timetabling/random.ts';
import { startingPlacement } from '../../../domain/timetabling/start.ts';
import { unplacedEvents } from '../../../domain/timetabling/unplaced.ts';
import { placed, problemTold, randomCampus } from './problems.ts';

describe('T9 events that are left unplaced', () => {
  test('without them nothing is broken; there are none when nothing is', () => {
    fc.assert(fc.property(fc.integer(), (seed) => {
      const random = new Random(seed);
      const problem = randomCampus(random);
      const model = modelOf(problem);
      const placement = startingPlacement(model, random);
      const unplaced = unplacedEvents(model, placement);
      const without = (events: number[]) => evaluate(problem, {
        slot: placement.slot.map((slot, event) => (events.includes(event) ? -1 : slot)), room: placement.room.map((room, event) => (events.includes(event) ? -1 : room)),
      });
      expect(without(unplaced)).toMatchObject({ conflicts: 0, doubleBookings: 0, unplaced: unplaced.length });
      expect(unplaced.length === 0).toBe(evaluate(problem, placement).hard === 0);
    }), { numRuns: 100 });
  });

  test('one that is in the way of several goes rather than they', () => {
    const problem = problemTold({ rooms: [{}, {}, {}], events: [{ groups: [0] }, { groups: [0, 1] }, { groups: [1] }] });
    expect(unplacedEvents(modelOf(problem), placed([0, 0], [0, 1], [0, 2]))).toEqual([1]);
  });

  test('a locked one stays, as far as it is not in a room that is taken', () => {
    const locked = problemTold({ events: [{ lockedSlot: 0 }, {}, { closed: [0, 1, 2, 3, 4, 5, 6, 7] }] });
    expect(unplacedEvents(modelOf(locked), placed([0, 0], [0, 0], [-1, -1]))).toEqual([1, 2]);
    const taken = problemTold({ rooms: [{ taken: [1] }], events: [{ lockedSlot: 0, length: 2 }] });
    expect(unplacedEvents(modelOf(taken), placed([0, 0]))).toEqual([0]);
  });
});
