// What a person was told since a cursor, light enough to poll (I24); devices for push messages (A22); ways and times (A24).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { NoticePreferences } from '../../domain/notice-ways.ts';
import { renderNotice } from '../../locales/messages.ts';
import { idempotentHeaders } from '../../schemas/doors.ts';
import {
  noticesAnswer, noticesQuery, preferencesAnswer, preferencesBody, registerTokenBody, removeTokenBody, tokenRegisteredAnswer, tokenRemovedAnswer,
} from '../../schemas/notices.ts';
import type { ServiceContext } from '../../services/context.ts';
import { noticePreferences, setNoticePreferences } from '../../services/notice-preferences.ts';
import { registerPushToken, removePushToken } from '../../services/push-tokens.ts';
import { noticesAfter } from '../../services/telling.ts';
import { personOf } from '../authentication.ts';
import { isUnchanged } from '../conditional.ts';
import { idempotency } from '../idempotency.ts';
import { errors, json, readErrors, signedIn, unchanged, writeErrors } from '../open-api.ts';
import { snakeCased } from '../snake-case.ts';

const preferencesOut = ({ channels, ...others }: NoticePreferences) => ({ ...snakeCased(others), channels: channels && [...channels] });

export function noticeRoutes(context: ServiceContext): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/api/notices', {
      schema: {
        operationId: 'notices', summary: 'Notices since a cursor', tags: ['notices'], ...signedIn, querystring: noticesQuery,
        response: { 200: json(noticesAnswer), 304: unchanged, ...errors(400, ...readErrors) },
      },
    }, async (request, reply) => {
      const person = personOf(request);
      const { after } = request.query;
      const reader = { locale: person.locale, timeZone: person.timeZone, campusTimeZone: context.campus.timeZone };
      const notices = (await noticesAfter(context, person, after)).map((notice) => {
        const { title, lines } = renderNotice(notice.kind, notice.params, reader);
        return snakeCased({ id: notice.id, kind: notice.kind, title, lines, params: notice.params, createdAt: notice.createdAt });
      });
      const answer = { notices, cursor: notices.at(-1)?.id ?? after };
      void reply.header('cache-control', 'private, no-cache');
      return isUnchanged(request, reply, JSON.stringify(answer)) ? reply.code(304).send() : answer;
    });

    app.get('/api/notices/preferences', {
      schema: {
        operationId: 'noticePreferences', summary: 'By which ways and when one wants to be told', tags: ['notices'], ...signedIn,
        response: { 200: json(preferencesAnswer), ...errors(...readErrors) },
      },
    }, async (request) => preferencesOut(await noticePreferences(context, personOf(request))));

    app.put('/api/notices/preferences', {
      schema: {
        operationId: 'setNoticePreferences', summary: 'Say by which ways and when one wants to be told', tags: ['notices'], ...signedIn, body: preferencesBody,
        response: { 200: json(preferencesAnswer), ...errors(...writeErrors) },
      },
    }, async (request) => {
      const { channels, quiet_from: quietFrom, quiet_until: quietUntil, reminder_minutes: reminderMinutes } = request.body;
      const wanted = channels && [...new Set(channels)];
      return preferencesOut(await setNoticePreferences(context, personOf(request), { channels: wanted, quietFrom, quietUntil, reminderMinutes }));
    });

    app.post('/api/notifications/register-token', {
      ...idempotency(context),
      schema: {
        operationId: 'registerPushToken', summary: 'Get push messages on a device', tags: ['notices'], ...signedIn,
        description: 'A device gets those of the person for whom it was registered last.', headers: idempotentHeaders, body: registerTokenBody,
        response: { 200: json(tokenRegisteredAnswer), ...errors(...writeErrors) },
      },
    }, async (request) => {
      const { fcm_token: token, device_type: platform } = request.body;
      await registerPushToken(context, personOf(request), { token, platform });
      return { success: true as const };
    });

    app.delete('/api/notifications/register-token', {
      schema: {
        operationId: 'removePushToken', summary: 'Get no more push messages on a device', tags: ['notices'], ...signedIn, body: removeTokenBody,
        response: { 200: json(tokenRemovedAnswer), ...errors(...writeErrors) },
      },
    }, async (request) => ({ success: true as const, was_registered: await removePushToken(context, personOf(request), request.body.fcm_token) }));
  };
}
