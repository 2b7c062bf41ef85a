// add COMPANY, WHEN; and a mail that is pasted or forwarded: interviews that no mailbox told of (I11).
import { z } from 'zod';
import { whichMessage } from '../../locales/interviews.ts';
import { addSaid, looksPasted } from '../../services/adding.ts';
import { type Pasted, readMailFile, readPasted } from '../../services/pasting.ts';
import { type Answer, defineCommand, type PersonalCall } from './command.ts';
import { confirmed, example, shownWithButtons } from './reviewing.ts';

export const add = defineCommand({
  name: 'add',
  access: ['student', 'cr'],
  arguments: z.array(z.string()).transform((words) => words.join(' ')).pipe(z.string().min(1)),
  async run(call, text) {
    const said = await addSaid(call.context, call.person, text);
    if ('interview' in said) return confirmed(call, said.interview);
    // "Add this to your calendar: …" is how many a mail begins.
    if (said.wrong === 'unclear' && looksPasted(text)) return paste(call, text);
    return { lines: [said.wrong === 'unclear' ? howToAdd(call) : call.t(`review.time-${said.wrong}`, { example: example(call) })] };
  },
});

/** Reads a message as a mail, and shows what was found, to be answered. */
export async function paste(call: PersonalCall, text: string): Promise<Answer> {
  return found(call, await readPasted(call.context, call.person, text));
}

/** The same for a mail in a file. */
export async function pasteFile(call: PersonalCall, file: Uint8Array): Promise<Answer> {
  return found(call, await readMailFile(call.context, call.person, file));
}

function found(call: PersonalCall, pasted: Pasted): Answer {
  const { t, reader } = call;
  if (pasted.found === 'which') return whichMessage(t, reader, pasted.question);
  if (pasted.found === 'interview') {
    const { lines, ...shown } = shownWithButtons(call, pasted.interview);
    return { ...shown, lines: pasted.interview.status === 'asked' ? [...lines, t('pasted.asked')] : lines };
  }
  return { lines: [t(`pasted.${pasted.found}`), howToAdd(call)] };
}

const howToAdd = (call: PersonalCall) => call.t('pasted.how-to-add', { example: example(call) });
