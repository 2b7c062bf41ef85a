import { describe, expect, test } from '@jest/globals';
import { chooseRemedy } from '../../../domain/rescheduling/remedy.ts';

describe('I16 which remedy', () => {
  test('a class is moved from 30 % of its roster on, exactly', () => {
    expect(chooseRemedy({ hit: 18, roster: 60, hoursLeft: 48 })).toEqual({ kind: 'move', share: 0.3 });
    expect(chooseRemedy({ hit: 17, roster: 60, hoursLeft: 48 })).toMatchObject({ kind: 'on-duty', because: 'below-threshold' });
    for (let roster = 10; roster <= 300; roster += 10) {
      expect(chooseRemedy({ hit: (roster / 10) * 3, roster, hoursLeft: 48 }).kind).toBe('move');
    }
  });

  test('a department may set its own threshold', () => {
    expect(chooseRemedy({ hit: 6, roster: 60, hoursLeft: 48, threshold: 0.1 }).kind).toBe('move');
    expect(chooseRemedy({ hit: 30, roster: 60, hoursLeft: 48, threshold: 0.6 }).kind).toBe('on-duty');
  });

  test('after the cut-off nothing is moved', () => {
    expect(chooseRemedy({ hit: 60, roster: 60, hoursLeft: 2 }).kind).toBe('move');
    expect(chooseRemedy({ hit: 60, roster: 60, hoursLeft: 1.9 })).toEqual({ kind: 'on-duty', share: 1, because: 'too-late' });
    expect(chooseRemedy({ hit: 60, roster: 60, hoursLeft: 5, cutOffHours: 6 })).toMatchObject({ because: 'too-late' });
  });

  test('numbers that cannot be are refused', () => {
    expect(() => chooseRemedy({ hit: 3, roster: 2, hoursLeft: 9 })).toThrow(RangeError);
    expect(() => chooseRemedy({ hit: 0, roster: 0, hoursLeft: 9 })).toThrow(RangeError);
  });
});
