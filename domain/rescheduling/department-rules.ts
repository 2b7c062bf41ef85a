// What a department decides about rescheduling and about warnings of low attendance, and within what bounds (I16, I17, I19, A19).

/** Hours are those after an offer. */
export interface DepartmentRules {
  /** A class moves when at least so many per cent of those who attend it are hit. */
  moveThresholdPercent: number;
  /** So many students make a makeup class worthwhile. */
  makeupMinStudents: number;
  /** New times are searched so many days ahead. */
  horizonDays: number;
  reminderHours: number;
  escalationHours: number;
  decisionHours: number;
  /** What happens when nobody has decided by then: the best time is taken, or the question expires. */
  decisionPolicy: 'automatic' | 'expire';
  /** A student below so many per cent in a subject is warned; who else is told. */
  warnThresholdPercent: number;
  warnCr: boolean;
  warnFaculty: boolean;
  warnGuardians: boolean;
}

/** Those that are either so or not. */
export const switches = ['warnCr', 'warnFaculty', 'warnGuardians'] as const satisfies (keyof DepartmentRules)[];
export type Switch = (typeof switches)[number];

/** Whole numbers, both ends included. */
export const ruleLimits = {
  moveThresholdPercent: { least: 1, most: 100 },
  makeupMinStudents: { least: 1, most: 200 },
  horizonDays: { least: 1, most: 60 },
  reminderHours: { least: 0, most: 168 },
  escalationHours: { least: 0, most: 168 },
  decisionHours: { least: 1, most: 168 },
  warnThresholdPercent: { least: 1, most: 100 },
} as const satisfies Record<Exclude<keyof DepartmentRules, 'decisionPolicy' | Switch>, { least: number; most: number }>;

export const decisionPolicies = ['automatic', 'expire'] as const satisfies DepartmentRules['decisionPolicy'][];

export interface WrongRule {
  rule: keyof DepartmentRules;
  /** `order`: the reminder comes no later than the escalation, and that no later than the decision. */
  why: 'bounds' | 'order';
}

/** The first rule that can't be so, or null. */
export function wrongRule(rules: DepartmentRules): WrongRule | null {
  for (const rule of Object.keys(ruleLimits) as (keyof typeof ruleLimits)[]) {
    const { least, most } = ruleLimits[rule];
    if (!Number.isInteger(rules[rule]) || rules[rule] < least || rules[rule] > most) return { rule, why: 'bounds' };
  }
  if (!decisionPolicies.includes(rules.decisionPolicy)) return { rule: 'decisionPolicy', why: 'bounds' };
  for (const rule of switches) if (typeof rules[rule] !== 'boolean') return { rule, why: 'bounds' };
  if (rules.reminderHours > rules.escalationHours) return { rule: 'reminderHours', why: 'order' };
  if (rules.escalationHours > rules.decisionHours) return { rule: 'escalationHours', why: 'order' };
  return null;
}
