// interviews: the asking student's interviews from today on.
import { whenText } from '../../locales/dates.ts';
import { myInterviews } from '../../services/interviews.ts';
import { noWords } from './arguments.ts';
import { defineCommand } from './command.ts';

export const interviews = defineCommand({
  name: 'interviews',
  access: ['student', 'cr'],
  arguments: noWords,
  async run({ context, person, t, reader }) {
    const known = (await myInterviews(context, person)).filter(({ status }) => status !== 'rejected');
    const lines = known.flatMap(({ companyName: company, status, startsAt, endsAt, date, location, link }) => {
      const when = whenText(reader, startsAt?.toISOString() ?? date, endsAt?.toISOString());
      const line = status === 'asked' || status === 'cancelled'
        ? t('commands.interviews.line-with-status', { company, when, status: t(`interview-status.${status}`) })
        : t('commands.interviews.line', { company, when });
      return [line, ...(location === null ? [] : [t('location', { location })]), ...(link === null ? [] : [link])];
    });
    return { title: t('commands.interviews.title'), lines: lines.length > 0 ? lines : [t('commands.interviews.none')] };
  },
});
