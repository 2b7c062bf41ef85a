// whatif: what moving a class would do. Without words, the asking person's next classes with the numbers by which they are named.
import { z } from 'zod';
import { whenText } from '../../locales/dates.ts';
import { whatIfMessage } from '../../locales/what-if.ts';
import { classAt } from '../../services/class-at.ts';
import { readSpokenTime } from './spoken-time.ts';
import { nextClasses, whatIf as effectOfMove } from '../../services/what-if.ts';
import { type Answer, defineCommand, type PersonalCall } from './command.ts';

/** Ids of up to 15 digits are exact as numbers. */
const number = z.string().regex(/^[1-9]\d{0,14}$/).transform(Number);

export const whatIf = defineCommand({
  name: 'whatif',
  access: ['faculty', 'hod', 'admin'],
  arguments: z.union([
    z.tuple([]).transform(() => null),
    z.tuple([number, z.string()], z.string()).transform(([sessionId, ...words]) => ({ sessionId, words })),
  ]),
  run: (call, move) => (move === null ? listClasses(call) : tellEffect(call, move)),
});

async function listClasses({ context, person, t, reader }: PersonalCall): Promise<Answer> {
  const classes = (await nextClasses(context, person)).map((session) => {
    const { subject, section, start, end, room } = classAt(session);
    return t('commands.whatif.class', { number: session.id, subject, section, room, when: whenText(reader, start, end) });
  });
  if (classes.length === 0) return { lines: [t('commands.whatif.none'), t('commands.whatif.usage')] };
  return { title: t('commands.whatif.title'), lines: [...classes, t('commands.whatif.usage')] };
}

async function tellEffect({ context, person, t, reader }: PersonalCall, { sessionId, words }: { sessionId: number; words: string[] }): Promise<Answer> {
  const spoken = readSpokenTime(words, context.now().setZone(context.campus.timeZone));
  if (!spoken) return { lines: [t('commands.whatif.usage')] };
  const room = spoken.rest.join(' ').replace(/^(?:in )?(?:room )?/i, '');
  const effect = await effectOfMove(context, person, sessionId, { startsAt: spoken.at, ...(room !== '' && { room }) });
  return whatIfMessage({
    ...effect, planned: classAt(effect.session), start: effect.startsAt.toISOString(), end: effect.endsAt.toISOString(),
  }, t, reader);
}
