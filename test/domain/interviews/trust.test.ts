// What a finding is worth.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Company, weigh } from '../../../domain/interviews/trust.ts';

const alone: Company = { students: 1, certain: 0 };
const sure = { confidence: 0.9, meant: 'yes', authenticity: 'verified' } as const;
const finding = fc.record({
  confidence: fc.double({ min: 0, max: 1, noNaN: true }), meant: fc.constantFrom('yes' as const, 'ask' as const),
  authenticity: fc.constantFrom('verified' as const, 'unverified' as const, 'failed' as const),
});
const company = fc.record({ students: fc.integer({ min: 1, max: 400 }), certain: fc.integer({ min: 0, max: 400 }) });
/** Dropped, asked, entered. */
const rank = (weighed: ReturnType<typeof weigh>) => (weighed === null ? 0 : weighed.because === null ? 2 : 1);

describe('I10, I11 what a finding is worth', () => {
  test('sure words of a verified sender are entered; of an unknown one asked; of a forged one asked for another reason', () => {
    expect(weigh(sure, alone)).toEqual({ confidence: 0.9, because: null });
    expect(weigh({ ...sure, authenticity: 'unverified' }, alone)).toEqual({ confidence: 0.9, because: 'unverified' });
    expect(weigh({ ...sure, authenticity: 'failed' }, alone)).toEqual({ confidence: 0.45, because: 'failed' });
  });

  test('three students bear out an unknown sender, two don’t', () => {
    expect([1, 2, 3].map((students) => weigh({ ...sure, authenticity: 'unverified' }, { students, certain: 0 })!.because)).toEqual(['unverified', 'unverified', null]);
  });

  test('who perhaps isn’t meant is asked, whatever else holds', () => {
    fc.assert(fc.property(finding, company, (found, others) => {
      expect(rank(weigh({ ...found, meant: 'ask' }, others))).toBeLessThan(2);
    }));
  });

  test('a forged mail is never entered, and more company or confidence never makes less of a finding', () => {
    fc.assert(fc.property(finding, company, company, fc.double({ min: 0, max: 1, noNaN: true }), (found, few, more, higher) => {
      expect(rank(weigh({ ...found, authenticity: 'failed' }, few))).toBeLessThan(2);
      const many = { students: few.students + more.students, certain: few.certain + more.certain };
      expect(rank(weigh(found, many))).toBeGreaterThanOrEqual(rank(weigh(found, few)));
      const surer = { ...found, confidence: Math.max(found.confidence, higher) };
      expect(rank(weigh(surer, few))).toBeGreaterThanOrEqual(rank(weigh(found, few)));
    }));
  });

  test('the confidence stays one', () => {
    fc.assert(fc.property(finding, company, (found, others) => {
      const { confidence = 0 } = weigh(found, others) ?? {};
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }));
  });
});
