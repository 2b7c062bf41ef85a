// What departments have decided about rescheduling: who may see it, and who changes it (I16, I17, I19).
import { insertAudit } from '../db/repositories/audit.ts';
import { type Department, departmentsOf, lockDepartment, ruleColumns, updateRules } from '../db/repositories/campus.ts';
import { sessionsWithOffer } from '../db/repositories/rescheduling.ts';
import { type DepartmentRules, wrongRule } from '../domain/rescheduling/department-rules.ts';
import { Refusal } from '../domain/refusal.ts';
import { requirePermission } from './access.ts';
import type { Person, ServiceContext } from './context.ts';
import { roundJoined } from './intents.ts';

/** What says when the steps of an offer are. */
const hourRules = ['reminderHours', 'escalationHours', 'decisionHours'] as const;

/** The departments whose rules a person may see: a head of department the own one, admins and placement staff all. */
export async function rulesOf(context: ServiceContext, actor: Person): Promise<Department[]> {
  requirePermission(actor, 'departments.see');
  return (await departmentsOf(context.db.knex, actor.organisationId)).filter((department) => maySee(actor, department.departmentId));
}

const maySee = (actor: Person, departmentId: number) => actor.role !== 'hod' || actor.departmentId === departmentId;

/**
 * Changes a department's rules; what isn't named stays. Plans made from now on go by them. An offer that stands keeps its times; the
 * steps still to come, and what is done when nobody answers, follow the new rules: its process looks again.
 * @throws Refusal not-found for a department that isn't the actor's to see; bad-request or hours-out-of-order with the field
 */
export async function setRules(context: ServiceContext, actor: Person, departmentId: number, changes: Partial<DepartmentRules>): Promise<Department> {
  requirePermission(actor, 'departments.rule');
  return context.db.transaction(async (trx) => {
    const department = maySee(actor, departmentId) ? await lockDepartment(trx, actor.organisationId, departmentId) : undefined;
    if (!department) throw new Refusal('not-found');
    const changed = rulesThatDiffer(department, changes);
    const after = { ...department, ...changed };
    const wrong = wrongRule(after);
    if (wrong) throw new Refusal(wrong.why === 'order' ? 'hours-out-of-order' : 'bad-request', { field: ruleColumns[wrong.rule] });
    const rules = Object.keys(changed) as (keyof DepartmentRules)[];
    if (rules.length === 0) return department;
    const now = context.now().toJSDate();
    await updateRules(trx, departmentId, changed);
    const before = Object.fromEntries(rules.map((rule) => [rule, department[rule]]));
    await insertAudit(trx, {
      userId: actor.userId, action: 'department.rules', subject: `department/${departmentId}`, details: { before, after: changed },
    }, now);
    if (hourRules.some((rule) => rules.includes(rule))) {
      for (const sessionId of await sessionsWithOffer(trx, departmentId)) await roundJoined(trx, sessionId, now);
    }
    return after;
  });
}

function rulesThatDiffer(department: DepartmentRules, changes: Partial<DepartmentRules>): Partial<DepartmentRules> {
  const rules = Object.keys(ruleColumns) as (keyof DepartmentRules)[];
  return Object.fromEntries(rules
    .filter((rule) => changes[rule] !== undefined && changes[rule] !== department[rule])
    .map((rule) => [rule, changes[rule]]));
}
