// Which rules a department can have.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decisionSteps } from '../../../domain/rescheduling/deadlines.ts';
import { type DepartmentRules, ruleLimits, wrongRule } from '../../../domain/rescheduling/department-rules.ts';

const rules: DepartmentRules = {
  moveThresholdPercent: 30, makeupMinStudents: 3, horizonDays: 14, reminderHours: 3, escalationHours: 6, decisionHours: 12, decisionPolicy: 'expire',
  warnThresholdPercent: 75, warnCr: false, warnFaculty: false, warnGuardians: false,
};
const within = (rule: keyof typeof ruleLimits) => fc.integer({ min: ruleLimits[rule].least, max: ruleLimits[rule].most });
const hours = fc.tuple(within('reminderHours'), within('escalationHours'), within('decisionHours'))
  .map((unsorted) => unsorted.sort((a, b) => a - b)).map(([reminderHours, escalationHours, decisionHours]) => ({ reminderHours, escalationHours, decisionHours }));

describe("I19 a department's rules", () => {
  test('anything within the bounds, with the steps in their order, can be', () => {
    fc.assert(fc.property(
      fc.record({ moveThresholdPercent: within('moveThresholdPercent'), makeupMinStudents: within('makeupMinStudents'), horizonDays: within('horizonDays') }),
      hours, fc.constantFrom('automatic' as const, 'expire' as const),
      (numbers, steps, decisionPolicy) => {
        expect(wrongRule({ ...rules, ...numbers, ...steps, decisionPolicy })).toBeNull();
      },
    ));
  });

  test.each(Object.entries(ruleLimits) as [keyof typeof ruleLimits, { least: number; most: number }][])('%s has its bounds', (rule, { least, most }) => {
    fc.assert(fc.property(fc.oneof(fc.integer({ max: least - 1 }), fc.integer({ min: most + 1 }), fc.constantFrom(Number.NaN, Infinity, least + 0.5)), (value) => {
      expect(wrongRule({ ...rules, [rule]: value })).toEqual({ rule, why: 'bounds' });
    }));
  });

  test('what is so or not is nothing else', () => {
    expect(wrongRule({ ...rules, warnCr: 1 as unknown as boolean })).toEqual({ rule: 'warnCr', why: 'bounds' });
  });

  test('a policy that there is not is named', () => {
    expect(wrongRule({ ...rules, decisionPolicy: 'maybe' as 'expire' })).toEqual({ rule: 'decisionPolicy', why: 'bounds' });
  });

  test('steps in the wrong order are named; those in the right one come in it', () => {
    const time = within('decisionHours');
    fc.assert(fc.property(time, time, time, (reminderHours, escalationHours, decisionHours) => {
      const policy = { reminderHours, escalationHours, decisionHours };
      const wrong = wrongRule({ ...rules, ...policy });
      if (reminderHours > escalationHours) return expect(wrong).toEqual({ rule: 'reminderHours', why: 'order' });
      if (escalationHours > decisionHours) return expect(wrong).toEqual({ rule: 'escalationHours', why: 'order' });
      const { remindAt, escalateAt, decideAt } = decisionSteps(0, 1e12, policy);
      return expect([wrong, remindAt, escalateAt, decideAt]).toEqual([null, reminderHours * 3.6e6, escalationHours * 3.6e6, decisionHours * 3.6e6]);
    }));
  });
});
