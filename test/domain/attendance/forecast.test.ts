// How many classes are needed: against every way in which the rest of the term can go.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { forecast, warningOf } from '../../../domain/attendance/forecast.ts';
import { countMarks, noMarks, percentageOf } from '../../../domain/attendance/percentage.ts';

const count = fc.integer({ min: 0, max: 30 });
const counts = fc.record({ present: count, late: count, absent: count, excused: count, on_duty: count });
const threshold = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0.1, max: 100, noNaN: true }));

/** Every way in which `remaining` classes can be attended or missed: how many are attended, and where it ends. */
function outcomes(start: typeof noMarks, remaining: number): { attended: number; end: number | null }[] {
  return Array.from({ length: 2 ** remaining }, (_, outcome) => {
    const rest = countMarks(Array.from({ length: remaining }, (__, place) => ((outcome >> place) & 1 ? 'present' : 'absent')));
    const end = percentageOf({ present: start.present + rest.present, late: start.late, absent: start.absent + rest.absent });
    return { attended: rest.present, end };
  });
}

describe('A19 forecast', () => {
  test('says how many of the classes to come are needed', () => {
    // 18 of 25, and 11 to come: 27 of 36 are 75 %.
    expect(forecast({ ...noMarks, present: 18, absent: 7 }, 11, 75)).toEqual({
      percentage: 72, remaining: 11, needed: 9, best: 100 * 29 / 36, worst: 50,
    });
  });

  test('agrees with every outcome of up to twelve classes', () => {
    fc.assert(fc.property(counts, fc.integer({ min: 0, max: 12 }), threshold, (start, remaining, required) => {
      const enough = outcomes(start, remaining).filter(({ end }) => end === null || end >= required).map(({ attended }) => attended);
      const { needed, best, worst } = forecast(start, remaining, required);
      expect(needed).toBe(enough.length === 0 ? null : Math.min(...enough));
      const ends = outcomes(start, remaining).map(({ end }) => end);
      expect(best).toBe(ends.every((end) => end === null) ? null : Math.max(...ends.map(Number)));
      expect(worst).toBe(ends.every((end) => end === null) ? null : Math.min(...ends.map(Number)));
    }), { numRuns: 60 });
  });

  test('any choice of so many classes is enough, and no choice of one fewer', () => {
    fc.assert(fc.property(counts, fc.integer({ min: 1, max: 10 }), threshold, (start, remaining, required) => {
      const { needed } = forecast(start, remaining, required);
      for (const { attended, end } of outcomes(start, remaining)) {
        if (end !== null) expect(end >= required).toBe(needed !== null && attended >= needed);
      }
    }), { numRuns: 60 });
  });

  test('missing a class never makes fewer needed, attending one never more', () => {
    fc.assert(fc.property(counts, fc.integer({ min: 1, max: 40 }), threshold, (start, remaining, required) => {
      const now = forecast(start, remaining, required).needed ?? Infinity;
      const missed = forecast({ ...start, absent: start.absent + 1 }, remaining - 1, required).needed ?? Infinity;
      const attended = forecast({ ...start, present: start.present + 1 }, remaining - 1, required).needed ?? Infinity;
      expect(missed).toBeGreaterThanOrEqual(Math.min(now, remaining));
      expect(attended).toBeLessThanOrEqual(now);
    }));
  });

  test('nothing to come and nothing counted is no trouble', () => {
    const nothing = forecast(noMarks, 0, 75);
    expect(nothing).toEqual({ percentage: null, remaining: 0, needed: 0, best: null, worst: null });
    expect(warningOf(nothing, 75)).toBeNull();
  });
});

describe('A19 warnings', () => {
  const levelOf = (present: number, absent: number, remaining: number) => warningOf(forecast({ ...noMarks, present, absent }, remaining, 75), 75);

  test.each([
    ['all is well', 9, 1, 10, null],
    ['a first class missed', 0, 1, 30, 'below'],
    ['below, with enough classes to come', 7, 3, 20, 'below'],
    ['above, but only one may be missed', 30, 8, 6, null],
    ['every class but one is needed', 20, 8, 8, 'every-class-needed'],
    ['every class is needed', 6, 4, 6, 'every-class-needed'],
    ['it can’t be reached', 5, 10, 10, 'out-of-reach'],
    ['below when nothing is to come', 7, 3, 0, 'out-of-reach'],
    ['met when nothing is to come', 3, 1, 0, null],
  ] as const)('%s', (_, present, absent, remaining, level) => {
    expect(levelOf(present, absent, remaining)).toBe(level);
  });

  test('nobody who needs no class any more, and stands at or above the threshold, is warned', () => {
    fc.assert(fc.property(counts, count, threshold, (start, remaining, required) => {
      const seen = forecast(start, remaining, required);
      if (seen.needed === 0 && (seen.percentage === null || seen.percentage >= required)) expect(warningOf(seen, required)).toBeNull();
      if (seen.needed === null) expect(warningOf(seen, required)).toBe('out-of-reach');
    }));
  });
});
