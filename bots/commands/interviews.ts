// interviews: the asking student's interviews from today on, each with what can be done about it; and what is still asked.
import { whichMessage } from '../../locales/interviews.ts';
import { openQuestions } from '../../services/doubts.ts';
import { myInterviews } from '../../services/interviews.ts';
import { noWords } from './arguments.ts';
import { type Answer, defineCommand } from './command.ts';
import { shownWithButtons } from './reviewing.ts';

/** Each is a message of its own: more would be a flood. */
const MOST = 15;

export const interviews = defineCommand({
  name: 'interviews',
  access: ['student', 'cr'],
  arguments: noWords,
  async run(call) {
    const { context, person, t, reader } = call;
    const known = (await myInterviews(context, person)).filter(({ status }) => status !== 'rejected');
    const questions = await openQuestions(context, person);
    const answers: Answer[] = [
      ...known.slice(0, MOST).map((interview) => shownWithButtons(call, interview)),
      ...questions.map((question) => whichMessage(t, reader, question)),
    ];
    if (known.length > MOST) answers.push({ lines: [t('commands.interviews.more', { count: known.length - MOST })] });
    return answers.length > 0 ? answers : { title: t('commands.interviews.title'), lines: [t('commands.interviews.none')] };
  },
});
