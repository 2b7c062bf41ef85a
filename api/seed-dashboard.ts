// The dashboard in the shape of the first class scheduler, for clients that know that one.
import { DateTime } from 'luxon';
import type { SeedDashboard } from '../schemas/days.ts';
import type { Person, ServiceContext } from '../services/context.ts';
import type { Dashboard } from '../services/days.ts';

/** Only interviews that are certain: that shape has no word for the others. */
export function seedDashboard(dashboard: Dashboard, student: Person, context: ServiceContext): SeedDashboard {
  const studentId = student.studentId!;
  const now = context.now().toJSDate();
  return {
    student_id: studentId,
    name: dashboard.name,
    drives: dashboard.interviews.filter((interview) => interview.status === 'confirmed').map((interview) => ({
      company_name: interview.companyName,
      drive_stage: interview.round === 'assessment' ? 'OA' : 'Interview',
      drive_datetime: interview.startsAt?.toISOString() ?? interview.date,
      status: interview.endsAt !== null && interview.endsAt <= now ? 'done' : 'pending',
    })),
    rescheduled_classes: dashboard.rescheduledClasses.map(({ subjectCode, startsAt, status }) => {
      const start = DateTime.fromJSDate(startsAt, { zone: context.campus.timeZone }).setLocale('en');
      return { subject_id: subjectCode, day: start.toFormat('cccc'), time: start.toFormat('HH:mm'), status: status === 'gathering' || status === 'offered' ? 'pending' : 'done' };
    }),
    attendance: dashboard.attendance.map(({ sessionId, status }) => ({ student_id: studentId, schedule_id: sessionId, status })),
  };
}
