// Warnings in time (A19): after a session was completed, whoever is below the threshold in its subject, needs every class to come, or can't
// reach it any more is told once of each; and the class representative, the faculty member and the guardian where the department wants that.
import { representativesOf, warnableSession, type WarnableSession, type WarnableStudent, warnableStudents } from '../db/repositories/warnings.ts';
import { forecast, type Forecast, type WarningLevel, warningOf } from '../domain/attendance/forecast.ts';
import { sumCounts } from '../domain/attendance/percentage.ts';
import type { NoticeParams } from '../domain/notices.ts';
import type { ServiceContext } from './context.ts';
import { countingRestOfTerm } from './rest-of-term.ts';
import { tellEach, type Telling, tellElsewhere } from './telling.ts';

interface Warning {
  student: WarnableStudent;
  level: WarningLevel;
  expected: Forecast;
}

/**
 * Warns those who have a mark in a completed session. Done again, nobody is told twice; for a session that isn't completed, nothing is done.
 * @returns how many students stand to be warned
 */
export async function warnAfter(context: ServiceContext, sessionId: number): Promise<number> {
  return context.db.transaction(async (trx) => {
    const session = await warnableSession(trx, sessionId);
    if (!session) return 0;
    const students = await warnableStudents(trx, sessionId, session);
    const rest = await countingRestOfTerm(trx, context, {
      organisationId: session.organisationId, subjectId: session.subjectId, studentIds: students.map(({ studentId }) => studentId),
    });
    // What is found out of a past term is no warning any more.
    if (rest?.term.id !== session.termId) return 0;
    const warnings = students.flatMap((student): Warning[] => {
      const expected = forecast(sumCounts([student]), rest.countingFor(student.studentId, session.subjectId), student.thresholdPercent);
      const level = warningOf(expected, student.thresholdPercent);
      return level === null ? [] : [{ student, level, expected }];
    });
    const now = context.now().toJSDate();
    await tellEach(trx, warnings.map((warning): Telling<'attendance-warning'> => ({
      userIds: [warning.student.userId], kind: 'attendance-warning', params: standing(session, warning), eventKey: keyOf(session, warning),
    })), now);
    const section = await representativesOf(trx, [...new Set(warnings.filter(({ student }) => student.warnCr).map(({ student }) => student.sectionId))]);
    await tellEach(trx, warnings.map((warning): Telling<'attendance-warning-of'> => ({
      userIds: othersToTell(session, warning.student, section), kind: 'attendance-warning-of', params: ofStudent(session, warning),
      eventKey: `${keyOf(session, warning)}/${warning.student.studentId}`,
    })), now);
    await tellElsewhere(trx, warnings.flatMap((warning) => {
      const { warnGuardians, guardianEmail, userId } = warning.student;
      if (!warnGuardians || guardianEmail === null) return [];
      return [{ userId, address: guardianEmail, kind: 'attendance-warning-guardian' as const, params: ofStudent(session, warning), eventKey: `${keyOf(session, warning)}/guardian` }];
    }), now);
    return warnings.length;
  });
}

const keyOf = ({ termId, subjectId }: WarnableSession, { level }: Warning): string => `attendance/${termId}/${subjectId}/${level}`;

function othersToTell({ facultyUserId }: WarnableSession, { userId, sectionId, warnCr, warnFaculty }: WarnableStudent, section: Map<number, number[]>): number[] {
  const representatives = warnCr ? (section.get(sectionId) ?? []).filter((representative) => representative !== userId) : [];
  return [...representatives, ...(warnFaculty ? [facultyUserId] : [])];
}

function standing(session: WarnableSession, { level, expected, student }: Warning): NoticeParams['attendance-warning'] {
  return {
    subject: `${session.subjectCode} ${session.subjectName}`, level, threshold: student.thresholdPercent, percentage: expected.percentage,
    needed: expected.needed, remaining: expected.remaining, best: expected.best,
  };
}

const ofStudent = (session: WarnableSession, warning: Warning): NoticeParams['attendance-warning-of'] =>
  ({ ...standing(session, warning), student: `${warning.student.name} (${warning.student.studentKey})` });
