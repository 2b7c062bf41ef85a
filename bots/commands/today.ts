// today: the asking person's classes and interviews of the campus's day, in the order of the day.
import { dayText, timeText } from '../../locales/dates.ts';
import { type DayPlan, dayOf } from '../../services/days.ts';
import { noWords } from './arguments.ts';
import { type Call, defineCommand } from './command.ts';

export const today = defineCommand({
  name: 'today',
  access: ['student', 'cr', 'faculty', 'hod'],
  arguments: noWords,
  async run(call) {
    const { date, sessions, interviews } = await dayOf(call.context, call.person);
    const entries = [
      ...sessions.map((session) => ({ at: session.startsAt.getTime(), line: sessionLine(call, session) })),
      ...interviews.map((interview) => ({ at: interview.startsAt?.getTime() ?? 0, line: interviewLine(call, interview) })),
    ];
    const lines = entries.sort((a, b) => a.at - b.at).map(({ line }) => line);
    return {
      title: call.t('commands.today.title', { date: dayText(call.reader, date) }),
      lines: lines.length > 0 ? lines : [call.t('commands.today.none')],
    };
  },
});

function sessionLine({ t, reader }: Call, session: DayPlan['sessions'][number]): string {
  const kind = session.status === 'cancelled' ? 'class-cancelled' : session.excused ? 'class-excused' : 'class';
  return t(`commands.today.${kind}`, {
    when: timeText(reader, session.startsAt.toISOString(), session.endsAt.toISOString()),
    subject: `${session.subjectCode} ${session.subjectName}`, section: session.sectionName, room: session.roomName,
  });
}

function interviewLine({ t, reader }: Call, { startsAt, endsAt, companyName, status }: DayPlan['interviews'][number]): string {
  const when = startsAt && endsAt ? timeText(reader, startsAt.toISOString(), endsAt.toISOString()) : t('commands.today.all-day');
  if (status !== 'asked' && status !== 'cancelled') return t('commands.today.interview', { when, company: companyName });
  return t('commands.today.interview-with-status', { when, company: companyName, status: t(`interview-status.${status}`) });
}
