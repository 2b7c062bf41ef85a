// What a person was told, for clients that poll (I24).
import { z } from 'zod';
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
