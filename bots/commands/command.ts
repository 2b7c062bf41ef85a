// What a command is: written once, for every platform (D1). Platforms bring words and buttons in and show answers.
import type { z } from 'zod';
import type { Reader } from '../../locales/dates.ts';
import type { Translate } from '../../locales/index.ts';
import type { Message } from '../../locales/messages.ts';
import type { Person, Role, ServiceContext } from '../../services/context.ts';
import type { Chat } from '../../services/links.ts';

/** One message of an answer. */
export interface Answer extends Message {
  /** An address to open or copy. */
  link?: { label: string; url: string };
  /** The message whose button was pressed is dealt with: this goes into it, and its buttons go. */
  settles?: boolean;
}

/** One thing somebody asks, in whatever platform. */
export interface Call {
  context: ServiceContext;
  chat: Chat;
  /** Null in a chat that is not linked. */
  person: Person | null;
  t: Translate;
  reader: Reader;
}

export type PersonalCall = Call & { person: Person };

export type CommandName =
  | 'add' | 'calendar' | 'close' | 'help' | 'interviews' | 'link' | 'mailbox' | 'makeups' | 'mark' | 'open' | 'today' | 'unlink' | 'whatif';

/** Who sees a command: anyone, whoever's chat is linked, or these roles. */
export type Access = 'anyone' | 'linked' | readonly Role[];

export interface Command {
  readonly name: CommandName;
  readonly access: Access;
  /** Whether the words after the name are as it is written. */
  readonly takes: (words: readonly string[]) => boolean;
  /** Reads the words after the name and answers, or answers how the command is written. */
  readonly execute: (call: Call, words: readonly string[]) => Promise<Answer[]>;
}

interface Definition<Allowed extends Access, Arguments> {
  name: CommandName;
  access: Allowed;
  /** Reads the words after the command's name. */
  arguments: z.ZodType<Arguments>;
  run: (call: Allowed extends 'anyone' ? Call : PersonalCall, args: Arguments) => Promise<Answer | Answer[]>;
}

/** Puts a command together: its arguments are checked before it runs, and it never runs for whom it is not meant. */
export function defineCommand<const Allowed extends Access, Arguments>(definition: Definition<Allowed, Arguments>): Command {
  const { name, access, run } = definition;
  return {
    name,
    access,
    takes: (words) => definition.arguments.safeParse(words).success,
    async execute(call, words) {
      const { t, person } = call;
      if (!person && access !== 'anyone') return [{ lines: [t('refusals.chat-not-linked')] }];
      if (!isFor(access, person)) return [{ lines: [t('refusals.not-allowed')] }];
      const read = definition.arguments.safeParse(words);
      if (!read.success) return [{ lines: [t(`commands.${name}.usage`)] }];
      // What `access` says of the person was checked above.
      const answer = await run(call as Parameters<typeof run>[0], read.data);
      return Array.isArray(answer) ? answer : [answer];
    },
  };
}

/** Whether a command is for this person (null: somebody unknown). */
export function isFor(access: Access, person: Person | null): boolean {
  if (access === 'anyone') return true;
  return person !== null && (access === 'linked' || access.includes(person.role));
}
