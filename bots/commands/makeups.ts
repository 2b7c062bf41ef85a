// makeups: the classes that wait for the asking person's decision, each with its times as buttons.
import { type Offer, offerMessage } from '../../locales/messages.ts';
import { offersFor } from '../../services/deciding.ts';
import { noWords } from './arguments.ts';
import { defineCommand } from './command.ts';

export const makeups = defineCommand({
  name: 'makeups',
  access: ['faculty', 'hod', 'admin'],
  arguments: noWords,
  async run({ context, person, t, reader }) {
    const offers = await offersFor(context, person);
    if (offers.length === 0) return { lines: [t('commands.makeups.none')] };
    return offers.map(({ round, session, options }) => offerMessage({
      roundId: round.id, remedy: round.remedy!, subject: `${session.subjectCode} ${session.subjectName}`, section: session.sectionName, room: session.roomName,
      start: session.startsAt.toISOString(), end: session.endsAt.toISOString(),
      options: options.map(({ id, startsAt, endsAt, roomName, reasons }) => ({
        id, start: startsAt.toISOString(), end: endsAt.toISOString(), room: roomName, reasons: reasons as Offer['options'][number]['reasons'],
      })),
    }, t, reader));
  },
});
