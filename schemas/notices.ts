// What a person was told, for clients that poll (I24).
import { z } from 'zod';
import { noticeChannels } from '../domain/notice-ways.ts';
import { component } from './components.ts';
import { cursorInQuery, id, instant } from './values.ts';

export const noticesQuery = z.strictObject({
  after: cursorInQuery.describe('The cursor of the last answer; 0 from the beginning.'),
});

export const noticesAnswer = component('Notices', 'The notices after the cursor, the oldest first, a hundred at the most.', z.object({
  notices: z.array(z.object({
    id,
    kind: z.string(),
    title: z.string(),
    lines: z.array(z.string()).describe("In the person's language and zone, as the title."),
    params: z.record(z.string(), z.unknown()).describe('The values that the sentences were made of.'),
    created_at: instant,
  })),
  cursor: z.int().min(0).describe('Goes into the next request as `after`.'),
}));

const fcmToken = z.string().regex(/^[\x21-\x7e]{1,4096}$/, 'must be a registration token of Firebase Cloud Messaging');

export const registerTokenBody = z.strictObject({
  fcm_token: fcmToken,
  device_type: z.enum(['android', 'ios', 'web'], "must be 'android', 'ios' or 'web'").default('android'),
});

export const removeTokenBody = z.strictObject({ fcm_token: fcmToken });

export const tokenRegisteredAnswer = component('PushToken', 'The device gets push messages from now on.', z.object({ success: z.literal(true) }));

export const tokenRemovedAnswer = component('PushTokenRemoved', 'The device gets none from now on.', z.object({
  success: z.literal(true),
  was_registered: z.boolean(),
}));

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:30');

const preferences = z.strictObject({
  channels: z.array(z.enum(noticeChannels)).min(1, 'must name at least one').max(noticeChannels.length, 'must name each once at the most').nullable()
    .describe('Null: every linked chat and device, else e-mail. So too where none of those named is there.'),
  quiet_from: timeOfDay.nullable().describe('By the person’s clock; over midnight where quiet_until is earlier.'),
  quiet_until: timeOfDay.nullable().describe('What is told within quiet hours comes when they end, or two hours before the class that it is about.'),
  reminder_minutes: z.int().min(5, 'must be 5 minutes or more').max(1_440, 'must be a day or less').nullable().describe('Before each class and interview; null: no reminders.'),
});

export const preferencesBody = preferences.refine((body) => (body.quiet_from === null) === (body.quiet_until === null), { path: ['quiet_until'], error: 'must be given with quiet_from, or not at all' });

export const preferencesAnswer = component('NoticePreferences', 'By which ways and when a person wants to be told.', z.object(preferences.shape));
