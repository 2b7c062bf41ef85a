// How many classes a student still has to attend in each subject (A19).
import { type Forecast, forecast } from '../domain/attendance/forecast.ts';
import { sumCounts } from '../domain/attendance/percentage.ts';
import { departmentRules } from '../db/repositories/campus.ts';
import type { StudentOfSection } from '../db/repositories/people.ts';
import type { Person, ServiceContext } from './context.ts';
import { countingRestOfTerm } from './rest-of-term.ts';
import { classesInReach } from './student-records.ts';

export interface SubjectForecast extends Forecast {
  subjectCode: string;
  subjectName: string;
}

export interface StudentForecast {
  student: StudentOfSection;
  thresholdPercent: number;
  /** The last day of the term; null without one. */
  termEndsOn: string | null;
  subjects: SubjectForecast[];
}

/**
 * What a student needs in each subject of this term to end at a threshold (per cent; default the department's): classes to come but for
 * holidays, known interviews and granted leave. Whose, as in student-records.ts.
 * @throws Refusal not-allowed, not-found
 */
export async function forecastFor(context: ServiceContext, actor: Person, studentKey: string, threshold?: number): Promise<StudentForecast> {
  const { student, classes } = await classesInReach(context, actor, studentKey);
  const { knex } = context.db;
  const [rest, rules] = await Promise.all([
    countingRestOfTerm(knex, context, { organisationId: student.organisationId, studentIds: [student.studentId] }), departmentRules(knex, student.departmentId),
  ]);
  const thresholdPercent = threshold ?? rules.warnThresholdPercent;
  const subjects = [...Map.groupBy(classes, ({ subjectId }) => subjectId)].map(([subjectId, ofSubject]): SubjectForecast => {
    const { subjectCode, subjectName } = ofSubject[0]!;
    const remaining = rest?.countingFor(student.studentId, subjectId) ?? 0;
    return { subjectCode, subjectName, ...forecast(sumCounts(ofSubject), remaining, thresholdPercent) };
  });
  return { student, thresholdPercent, termEndsOn: rest?.term.endsOn ?? null, subjects };
}
