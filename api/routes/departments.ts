// A department's rules for classes that interviews hit, for heads of department and admins (I16, I17, I19).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { departmentParams, departmentsAnswer, rulesAnswer, rulesBody } from '../../schemas/departments.ts';
import type { ServiceContext } from '../../services/context.ts';
import { rulesOf, setRules } from '../../services/departments.ts';
import { personOf } from '../authentication.ts';
import { errors, json, readErrors, signedIn, writeErrors } from '../open-api.ts';
import { snakeCased } from '../snake-case.ts';

export function departmentRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/api/departments/rules', {
      config: { permission: 'departments.see' },
      schema: {
        operationId: 'departmentRules', summary: 'When classes are moved or made up, and who decides by when', tags: ['rescheduling'], ...signedIn,
        description: 'A head of department sees the own department, admins and placement staff see all.',
        response: { 200: json(departmentsAnswer), ...errors(403, ...readErrors) },
      },
    }, async (request) => ({ departments: snakeCased(await rulesOf(context, personOf(request))) }));

    app.patch('/api/departments/:id/rules', {
      config: { permission: 'departments.rule' },
      schema: {
        operationId: 'setDepartmentRules', summary: "Change a department's rules", tags: ['rescheduling'], ...signedIn,
        description: 'For the head of the department and admins; what is not named stays. Times that are offered already stay as they are; '
          + 'reminders, escalations and decisions still to come follow the new hours.',
        params: departmentParams, body: rulesBody,
        response: { 200: json(rulesAnswer), ...errors(403, 404, ...writeErrors) },
      },
    }, async (request) => {
      const { body } = request;
      return snakeCased(await setRules(context, personOf(request), request.params.id, {
        moveThresholdPercent: body.move_threshold_percent, makeupMinStudents: body.makeup_min_students, horizonDays: body.horizon_days,
        reminderHours: body.reminder_hours, escalationHours: body.escalation_hours, decisionHours: body.decision_hours,
        decisionPolicy: body.decision_policy, warnThresholdPercent: body.warn_threshold_percent, warnCr: body.warn_cr, warnFaculty: body.warn_faculty,
        warnGuardians: body.warn_guardians,
      }));
    });
  };
}
