// calendar: the address of the asking person's own feed; `calendar renew` makes a new one and ends the old.
import { z } from 'zod';
import { feedAddress } from '../../services/calendars.ts';
import { defineCommand } from './command.ts';

export const calendar = defineCommand({
  name: 'calendar',
  access: 'linked',
  arguments: z.union([
    z.tuple([]).transform(() => ({ renew: false })),
    z.tuple([z.string().toLowerCase().pipe(z.literal('renew'))]).transform(() => ({ renew: true })),
  ]),
  async run({ context, person, t }, { renew }) {
    const { url, webcal } = await feedAddress(context, person, { renew });
    return {
      title: t('commands.calendar.title'),
      lines: [url, t('commands.calendar.private'), ...(renew ? [t('commands.calendar.renewed')] : [])],
      link: { label: t('commands.calendar.subscribe'), url: webcal },
    };
  },
});
