// beadle departments: what departments have decided about rescheduling, and how they change it.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Config } from '../../config.ts';
import { decisionPolicies, type DepartmentRules, ruleLimits } from '../../domain/rescheduling/department-rules.ts';
import { rulesOf, setRules } from '../../services/departments.ts';
import { actAs } from './acting.ts';
import { inColumns } from './columns.ts';

const AS = ['--as <user>', 'the e-mail address of the head of department, or of an admin'] as const;

export function addDepartments(program: Command, config: Config): void {
  const departments = program.command('departments').description('when classes are moved or made up, and who decides by when');

  departments.command('list', { isDefault: true }).description('print the departments with their rules')
    .requiredOption(...AS)
    .action(({ as }: { as: string }) => actAs(config, as, async (context, person) => table(await rulesOf(context, person))));

  departments.command('set <code>').description("change a department's rules; what is not named stays")
    .requiredOption(...AS)
    .addOption(number('--move-percent', 'moveThresholdPercent', 'a class moves when so many per cent of its students are hit'))
    .addOption(number('--makeup-min', 'makeupMinStudents', 'so many students get a makeup class'))
    .addOption(number('--horizon-days', 'horizonDays', 'new times are searched so many days ahead'))
    .addOption(number('--reminder-hours', 'reminderHours', 'hours after an offer until a reminder'))
    .addOption(number('--escalation-hours', 'escalationHours', 'hours after an offer until the head of department may decide too'))
    .addOption(number('--decision-hours', 'decisionHours', 'hours after an offer until the policy decides'))
    .addOption(number('--warn-percent', 'warnThresholdPercent', 'a student below so many per cent in a subject is warned'))
    .addOption(yesOrNo('--warn-cr', 'class representatives are told of those who are warned'))
    .addOption(yesOrNo('--warn-faculty', 'who teaches the class is told of those who are warned'))
    .addOption(yesOrNo('--warn-guardians', 'guardians are told by mail, where an address is known'))
    .addOption(new Option('--policy <policy>', 'when nobody has answered by then: take the best time, or let the question expire').choices(decisionPolicies))
    .action((code: string, options: SetOptions) => actAs(config, options.as, async (context, person) => {
      const changes = changesOf(options);
      if (Object.keys(changes).length === 0) throw new Error('name what is to be changed, such as --makeup-min 4');
      const department = (await rulesOf(context, person)).find((one) => one.code.toLowerCase() === code.toLowerCase());
      if (!department) throw new Error(`${options.as} sees no department ${code}`);
      return table([await setRules(context, person, department.departmentId, changes)]);
    }));
}

interface SetOptions {
  as: string;
  movePercent?: number;
  makeupMin?: number;
  horizonDays?: number;
  reminderHours?: number;
  escalationHours?: number;
  decisionHours?: number;
  policy?: DepartmentRules['decisionPolicy'];
  warnPercent?: number;
  warnCr?: boolean;
  warnFaculty?: boolean;
  warnGuardians?: boolean;
}

function changesOf({ movePercent, makeupMin, policy, warnPercent, ...others }: SetOptions): Partial<DepartmentRules> {
  const named = {
    moveThresholdPercent: movePercent, makeupMinStudents: makeupMin, decisionPolicy: policy, warnThresholdPercent: warnPercent,
    horizonDays: others.horizonDays, reminderHours: others.reminderHours, escalationHours: others.escalationHours, decisionHours: others.decisionHours,
    warnCr: others.warnCr, warnFaculty: others.warnFaculty, warnGuardians: others.warnGuardians,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

/** An option for a rule that is a number, within the rule's bounds. */
function number(flag: string, rule: keyof typeof ruleLimits, description: string): Option {
  const { least, most } = ruleLimits[rule];
  return new Option(`${flag} <n>`, description).argParser((text) => {
    const value = Number(text);
    if (!/^\d{1,9}$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`it must be a whole number from ${least} to ${most}.`);
    return value;
  });
}

/** An option for a rule that is so or not. */
const yesOrNo = (flag: string, description: string): Option => new Option(`${flag} <yes|no>`, description).argParser((text) => {
  if (text !== 'yes' && text !== 'no') throw new InvalidArgumentError('it must be yes or no.');
  return text === 'yes';
});

function table(departments: Awaited<ReturnType<typeof rulesOf>>): string {
  const rows = [
    ['id', 'code', 'move-percent', 'makeup-min', 'horizon-days', 'reminder-hours', 'escalation-hours', 'decision-hours', 'policy', 'warn-percent', 'warns', 'name'],
    ...departments.map((department) => [
      department.departmentId, department.code, department.moveThresholdPercent, department.makeupMinStudents, department.horizonDays, department.reminderHours,
      department.escalationHours, department.decisionHours, department.decisionPolicy, department.warnThresholdPercent, warned(department), department.name,
    ]),
  ];
  return inColumns(rows);
}

/** Who is told of those who are warned. */
function warned({ warnCr, warnFaculty, warnGuardians }: DepartmentRules): string {
  return ['student', ...(warnCr ? ['cr'] : []), ...(warnFaculty ? ['faculty'] : []), ...(warnGuardians ? ['guardian'] : [])].join('+');
}
