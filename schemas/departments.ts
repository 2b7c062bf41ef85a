// What a department has decided about rescheduling and warnings (I16, I17, I19, A19).
import { z } from 'zod';
import { decisionPolicies, ruleLimits } from '../domain/rescheduling/department-rules.ts';
import { component } from './components.ts';
import { id, idInPath } from './values.ts';

export const departmentParams = z.object({ id: idInPath });

const number = (rule: keyof typeof ruleLimits, description: string) => {
  const { least, most } = ruleLimits[rule];
  const right = `must be a whole number from ${least} to ${most}`;
  return z.int(right).min(least, right).max(most, right).describe(description);
};

const rules = {
  move_threshold_percent: number('moveThresholdPercent', 'A class is moved when at least so many per cent of its students have interviews then.'),
  makeup_min_students: number('makeupMinStudents', 'So many students who miss the same class get a makeup class.'),
  horizon_days: number('horizonDays', 'New times are searched so many days ahead.'),
  reminder_hours: number('reminderHours', 'Hours after an offer until the faculty member is reminded.'),
  escalation_hours: number('escalationHours', 'Hours after an offer until the head of department may decide too; not before the reminder.'),
  decision_hours: number('decisionHours', 'Hours after an offer until decision_policy decides; not before escalation_hours.'),
  decision_policy: z.enum(decisionPolicies, "must be 'automatic' or 'expire'")
    .describe('When nobody has answered: automatic takes the best time that was offered, expire leaves the class as it is.'),
  warn_threshold_percent: number('warnThresholdPercent', 'A student below so many per cent in a subject is warned.'),
  warn_cr: z.boolean('must be true or false').describe('Class representatives are told of those who are warned.'),
  warn_faculty: z.boolean('must be true or false').describe('Who teaches the class is told of those who are warned.'),
  warn_guardians: z.boolean('must be true or false').describe("A student's guardian is told by mail, where an address is known."),
};

/** What isn't named stays. */
export const rulesBody = z.strictObject(rules).partial().refine((body) => Object.keys(body).length > 0, 'must name a rule');

export const rulesAnswer = component('DepartmentRules', "A department's rules for classes that interviews hit, and for warnings of low attendance.", z.object({
  department_id: id, code: z.string(), name: z.string(), ...rules,
}));

export const departmentsAnswer = component('DepartmentsRules', 'The rules of the departments that the asking person may see, by code.', z.object({
  departments: z.array(rulesAnswer),
}));
