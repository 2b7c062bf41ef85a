// The percentage: what counts and what doesn't.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countMarks, isBelow, noMarks, percentageOf, percentageText, sumCounts } from '../../../domain/attendance/percentage.ts';
import { statuses } from '../../../domain/attendance/statuses.ts';

const mark = fc.constantFrom(...statuses);
const marks = fc.array(mark, { maxLength: 60 });
const of = (list: (typeof statuses)[number][]) => percentageOf(countMarks(list));

describe('A16 percentage of attendance', () => {
  test('is present and late of present, late and absent', () => {
    expect(of(['present', 'late', 'absent', 'present'])).toBe(75);
    expect(of(['present', 'absent', 'absent'])).toBe(100 / 3);
    expect(of(['absent'])).toBe(0);
  });

  test('is null where nothing counts', () => {
    expect(of([])).toBeNull();
    expect(of(['excused', 'on_duty'])).toBeNull();
    expect(isBelow(noMarks, 75)).toBe(false);
  });

  test('doesn’t depend on the order of marks', () => {
    fc.assert(fc.property(marks.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))), ([list, shuffled]) => {
      expect(of(shuffled)).toBe(of(list));
    }));
  });

  test('isn’t changed by being excused or on duty', () => {
    fc.assert(fc.property(marks, fc.array(fc.constantFrom('excused' as const, 'on_duty' as const)), (list, away) => {
      expect(of([...list, ...away])).toBe(of(list));
    }));
  });

  test('excused or on duty instead of absent never lowers it, instead of present never raises it', () => {
    fc.assert(fc.property(marks, fc.constantFrom('excused' as const, 'on_duty' as const), (list, away) => {
      const [missed, forgiven, there] = [of([...list, 'absent']), of([...list, away]), of([...list, 'present'])];
      expect(forgiven ?? 100).toBeGreaterThanOrEqual(missed!);
      expect(forgiven ?? 0).toBeLessThanOrEqual(there!);
    }));
  });

  test('one more class attended never lowers it, one more missed never raises it; it stays from 0 to 100', () => {
    fc.assert(fc.property(marks, (list) => {
      const now = of(list);
      for (const attended of ['present', 'late'] as const) expect(of([...list, attended])!).toBeGreaterThanOrEqual(now ?? 0);
      expect(of([...list, 'absent'])!).toBeLessThanOrEqual(now ?? 100);
      expect(now ?? 50).toBeGreaterThanOrEqual(0);
      expect(now ?? 50).toBeLessThanOrEqual(100);
    }));
  });

  test('is of all marks together, however they are counted up', () => {
    fc.assert(fc.property(marks, marks, (one, other) => {
      expect(percentageOf(sumCounts([countMarks(one), countMarks(other)]))).toBe(of([...one, ...other]));
    }));
  });

  test('meets a threshold exactly when whole numbers say so', () => {
    const count = fc.integer({ min: 0, max: 5_000 });
    fc.assert(fc.property(count, count, count, fc.integer({ min: 0, max: 100 }), (present, late, absent, threshold) => {
      expect(isBelow({ present, late, absent }, threshold)).toBe(100 * (present + late) < threshold * (present + late + absent));
    }));
  });

  test('has two decimals where people read it, and no more precision is lost', () => {
    expect(percentageText(200 / 3)).toBe('66.67');
    expect(percentageText(75)).toBe('75.00');
    expect(percentageText(null)).toBe('–');
    expect(percentageText(null, '')).toBe('');
  });
});
