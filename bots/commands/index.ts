// One thing that somebody writes or presses in a chat, on whatever platform, and the answer.
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { translator } from '../../locales/index.ts';
import { asRefusal, refusalText } from '../../locales/refusals.ts';
import { loggedCause } from '../../schemas/errors.ts';
import type { ServiceContext } from '../../services/context.ts';
import { personOfChat } from '../../services/links.ts';
import { press } from './actions.ts';
import type { Chat } from '../../services/links.ts';
import { looksPasted } from '../../services/adding.ts';
import { paste, pasteFile } from './adding.ts';
import type { Answer, Call } from './command.ts';
import { commands } from './registry.ts';
import { takeTime } from './reviewing.ts';

/** A file is a mail. */
export type Input = { text: string } | { action: string } | { file: Uint8Array };

/**
 * Answers, in one message or several. Never throws: what a person did wrong is said in their words, what we did wrong is
 * logged under a reference that they are given. A chat that is not linked can only be linked and get help.
 */
export async function handle(context: ServiceContext, log: Logger, chat: Chat, input: Input): Promise<Answer[]> {
  let call = callOf(context, chat, null);
  try {
    call = callOf(context, chat, await personOfChat(context, chat));
    if ('text' in input) return await say(call, input.text);
    return 'file' in input ? await sent(call, input.file) : await pressed(call, input.action);
  } catch (error) {
    const refusal = asRefusal(error);
    if (refusal) return [{ lines: [refusalText(call.t, refusal.code, refusal.details)] }];
    const reference = randomBytes(4).toString('hex').toUpperCase();
    log.error({ cause: loggedCause(error), reference, platform: chat.platform }, 'a chat could not be answered');
    return [{ lines: [call.t('doors.failed', { reference })] }];
  }
}

function callOf(context: ServiceContext, chat: Chat, person: Call['person']): Call {
  const { locale, timeZone } = person ?? context.campus;
  return {
    context, chat, person, t: translator(locale), reader: { locale, timeZone, campusTimeZone: context.campus.timeZone },
  };
}

async function say(call: Call, text: string): Promise<Answer[]> {
  const [first = '', ...words] = text.trim().split(/\s+/u);
  const name = first.replace(/^\//, '').toLowerCase();
  const command = commands.find((known) => known.name === name);
  const { person } = call;
  // To who was asked for a time, "today 17:00" is one; what is a command as it is written stays one.
  const isCommand = first.startsWith('/') || (command !== undefined && command.takes(words));
  const timed = person && !isCommand ? await takeTime({ ...call, person }, text) : null;
  if (timed) return [timed];
  if (person?.studentId != null && !isCommand && looksPasted(text)) return [await paste({ ...call, person }, text)];
  if (command) return command.execute(call, words);
  return [{ lines: [call.t(call.person ? 'doors.unknown-command' : 'refusals.chat-not-linked')] }];
}

async function sent(call: Call, file: Uint8Array): Promise<Answer[]> {
  const { person, t } = call;
  return [person ? await pasteFile({ ...call, person }, file) : { lines: [t('refusals.chat-not-linked')] }];
}

async function pressed(call: Call, action: string): Promise<Answer[]> {
  const { person, t } = call;
  if (!person) return [{ lines: [t('refusals.chat-not-linked')] }];
  const answer = await press({ ...call, person }, action);
  return [answer ?? { lines: [t('doors.unknown-command')] }];
}
