// link CODE and unlink: whose chat this is (D3).
import { z } from 'zod';
import { translator } from '../../locales/index.ts';
import { linkByCode, unlink as unlinkChat } from '../../services/links.ts';
import { noWords } from './arguments.ts';
import { defineCommand } from './command.ts';

/** A code is eight letters and digits; people put spaces into it. */
const LONGEST_CODE = 40;

export const link = defineCommand({
  name: 'link',
  access: 'anyone',
  arguments: z.array(z.string()).transform((words) => words.join('')).pipe(z.string().min(1).max(LONGEST_CODE)),
  async run({ context, chat }, code) {
    const person = await linkByCode(context, chat, code);
    return { lines: [translator(person.locale)('commands.link.linked', { name: person.name })] };
  },
});

export const unlink = defineCommand({
  name: 'unlink',
  access: 'linked',
  arguments: noWords,
  async run({ context, chat, person, t }) {
    await unlinkChat(context, person, chat);
    return { lines: [t('commands.unlink.done')] };
  },
});
