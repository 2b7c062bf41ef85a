import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decisionSteps } from '../../../domain/rescheduling/deadlines.ts';

const HOUR = 3_600_000;
const policy = { reminderHours: 3, escalationHours: 6, decisionHours: 12 };

describe('I19 what becomes of an offer that nobody answers', () => {
  test('days before the class the department’s hours hold', () => {
    expect(decisionSteps(1_000, 1_000 + 48 * HOUR, policy)).toEqual({ remindAt: 1_000 + 3 * HOUR, escalateAt: 1_000 + 6 * HOUR, decideAt: 1_000 + 12 * HOUR });
  });

  test('shortly before it, all steps come sooner and still before the cut-off', () => {
    expect(decisionSteps(0, 4 * HOUR, policy)).toEqual({ remindAt: 0.9 * HOUR, escalateAt: 1.8 * HOUR, decideAt: 3.6 * HOUR });
    expect(decisionSteps(5, 4, policy)).toEqual({ remindAt: 5, escalateAt: 5, decideAt: 5 });
  });

  test('property: remind, escalate, decide come in this order, after the offer, and before the cut-off where there is time', () => {
    const hours = fc.integer({ min: 0, max: 48 });
    fc.assert(fc.property(fc.integer({ min: 0, max: 10 ** 12 }), fc.integer({ min: -HOUR, max: 100 * HOUR }), hours, hours, hours, (offeredAt, left, reminderHours, escalationHours, decisionHours) => {
      const { remindAt, escalateAt, decideAt } = decisionSteps(offeredAt, offeredAt + left, { reminderHours, escalationHours, decisionHours });
      expect(offeredAt <= remindAt && remindAt <= escalateAt && escalateAt <= decideAt).toBe(true);
      expect(decideAt).toBeLessThanOrEqual(offeredAt + Math.max(0, left));
    }));
  });
});
