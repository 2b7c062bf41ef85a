// The Telegram sender against a server that speaks the Bot API.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTelegramSender } from '../../activities/chat.ts';
import type { NoticeKind } from '../../domain/notices.ts';
import { sampleOf, samples } from '../locales/samples.ts';
import { TelegramServer } from '../support/telegram-server.ts';

let server: TelegramServer;
beforeAll(async () => void (server = await new TelegramServer().start()));
afterAll(() => server.stop());

const newSender = (more: Partial<{ token: string; apiRoot: string }> = {}) =>
  createTelegramSender({ token: server.token, apiRoot: server.apiRoot, campusTimeZone: 'Asia/Kolkata', ...more });

function deliveryOf(kind: NoticeKind, address = '500') {
  return { id: 1, address, messageId: '<1@beadle>', attempts: 1, locale: 'en-IN', timeZone: 'Asia/Kolkata', name: 'Asha', ...sampleOf(kind) };
}

describe('I20 notices over Telegram', () => {
  test.each(Object.keys(samples) as NoticeKind[])('%s arrives as Telegram wants it', async (kind) => {
    server.knows(500);
    expect(await newSender()(deliveryOf(kind))).toEqual({ kind: 'sent', platformMessageId: expect.any(String) });
    expect(server.sent.at(-1)!.text).not.toMatch(/&amp;|&lt;|\{\{/);
  });

  test('an offer has a button for each answer', async () => {
    await newSender()(deliveryOf('reschedule-offer'));
    expect(server.sent.at(-1)!.buttons.map(({ callback_data: data }) => data)).toEqual(['decide:7:11', 'decide:7:12', 'decide:7:decline']);
  });

  test('a notice longer than a message is cut, not refused', async () => {
    const delivery = deliveryOf('reschedule-impossible');
    const [blocked] = samples['reschedule-impossible'].blocked;
    const params = { ...delivery.params, blocked: Array.from({ length: 200 }, () => blocked) };
    expect(await newSender()({ ...delivery, params })).toMatchObject({ kind: 'sent' });
    expect(server.sent.at(-1)!.text).toMatch(/\n…$/);
  });
});

describe('I20 what becomes of a notice that Telegram does not take', () => {
  test.each([
    [{ error_code: 403, description: 'Forbidden: bot was blocked by the user' }, { kind: 'never', errorCode: 'telegram-blocked' }],
    [{ error_code: 403, description: 'Forbidden: user is deactivated' }, { kind: 'never', errorCode: 'telegram-deactivated' }],
    [{ error_code: 403, description: "Forbidden: bot can't initiate conversation with a user" }, { kind: 'never', errorCode: 'telegram-blocked' }],
    [{ error_code: 400, description: "Bad Request: can't parse entities" }, { kind: 'never', errorCode: 'telegram-refused' }],
    [{ error_code: 502, description: 'Bad Gateway' }, { kind: 'later', errorCode: 'telegram-unavailable' }],
  ])('%j', async (failure, result) => {
    server.fail('sendMessage', failure);
    expect(await newSender()(deliveryOf('class-stays'))).toEqual(result);
  });

  test('a chat that does not exist is given up', async () => {
    expect(await newSender()(deliveryOf('class-stays', '501'))).toEqual({ kind: 'never', errorCode: 'telegram-chat-not-found' });
  });

  test('a wrong token or a server that is away is no fault of the notice', async () => {
    expect(await newSender({ token: '1:wrong' })(deliveryOf('class-stays'))).toEqual({ kind: 'later', errorCode: 'telegram-token-refused' });
    expect(await newSender({ apiRoot: 'http://127.0.0.1:9' })(deliveryOf('class-stays'))).toEqual({ kind: 'later', errorCode: 'telegram-unreachable' });
  });

  test('told to slow down, the whole bot pauses for as long as asked', async () => {
    const send = newSender();
    const asked = () => server.calls.filter(({ method }) => method === 'sendMessage').length;
    server.fail('sendMessage', { error_code: 429, description: 'Too Many Requests: retry after 30', parameters: { retry_after: 30 } });
    expect(await send(deliveryOf('class-stays'))).toEqual({ kind: 'later', errorCode: 'telegram-throttled', afterMs: 30_000 });
    const before = asked();
    const next = await send(deliveryOf('class-moved'));
    expect(next).toMatchObject({ kind: 'later', errorCode: 'telegram-throttled' });
    expect(next.kind === 'later' && next.afterMs! > 0 && next.afterMs! <= 30_000).toBe(true);
    expect(asked()).toBe(before);
  });
});
