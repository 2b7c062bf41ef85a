// The commands, in the order in which they are listed.
import { add } from './adding.ts';
import { noWords } from './arguments.ts';
import { close, mark, open } from './attendance.ts';
import { calendar } from './calendar.ts';
import { type Command, defineCommand, isFor } from './command.ts';
import { interviews } from './interviews.ts';
import { link, unlink } from './linking.ts';
import { mailbox } from './mailbox.ts';
import { makeups } from './makeups.ts';
import { today } from './today.ts';
import { whatIf } from './what-if.ts';

/** help: the commands that the asking person may use. */
const help = defineCommand({
  name: 'help',
  access: 'anyone',
  arguments: noWords,
  async run({ person, t }) {
    const usable = commands.filter(({ access }) => isFor(access, person));
    return {
      title: t('commands.help.title'),
      lines: usable.map(({ name }) => t('commands.help.line', { name, help: t(`commands.${name}.help`) })),
    };
  },
});

export const commands: readonly Command[] = [today, mark, open, close, interviews, add, makeups, whatIf, calendar, mailbox, link, unlink, help];
