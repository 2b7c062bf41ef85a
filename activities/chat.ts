// Sends notices to chats: Telegram's Bot API.
import { Api, GrammyError, HttpError } from 'grammy';
import { renderNotice } from '../locales/messages.ts';
import { telegramPart } from '../locales/telegram.ts';
import type { SendResult } from '../services/deliveries.ts';
import type { Sender } from './delivering.ts';

/** A batch heartbeats between sends. */
const REQUEST_SECONDS = 15;

export interface TelegramSenderOptions {
  token: string;
  apiRoot: string;
  /** IANA; readers elsewhere are told the zone of each time. */
  campusTimeZone: string;
}

/**
 * A sender for the channel `telegram`; addresses are chat ids. A newer version of an event takes the place of the older one's message. When Telegram says to slow down, the whole bot pauses: until
 * then deliveries are put off without asking Telegram.
 */
export function createTelegramSender({ token, apiRoot, campusTimeZone }: TelegramSenderOptions): Sender {
  const api = new Api(token, { apiRoot, timeoutSeconds: REQUEST_SECONDS });
  let pausedUntil = 0;
  return async ({ kind, params, address, locale, timeZone, edits }) => {
    const pause = pausedUntil - performance.now();
    if (pause > 0) return { kind: 'later', errorCode: 'telegram-throttled', afterMs: Math.ceil(pause) };
    const { html, keyboard } = telegramPart(renderNotice(kind, params, { locale, timeZone, campusTimeZone }));
    const form = { parse_mode: 'HTML', link_preview_options: { is_disabled: true }, ...(keyboard && { reply_markup: keyboard }) } as const;
    try {
      if (edits !== undefined && (await wasEdited(api.editMessageText(address, Number(edits), html, form)))) return { kind: 'sent', platformMessageId: edits };
      const { message_id: messageId } = await api.sendMessage(address, html, form);
      return { kind: 'sent', platformMessageId: String(messageId) };
    } catch (error) {
      const result = resultOf(error);
      if (result.errorCode === 'telegram-throttled') pausedUntil = Math.max(pausedUntil, performance.now() + (result.afterMs ?? 0));
      return result;
    }
  };
}

/** @returns false when the message is gone or too old: the notice then goes out anew. @throws other answers of Telegram */
async function wasEdited(edit: Promise<unknown>): Promise<boolean> {
  try {
    await edit;
    return true;
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code !== 400) throw error;
    return /not modified/i.test(error.description);
  }
}

const NEVER = [
  [/chat not found|PEER_ID_INVALID/i, 'telegram-chat-not-found'],
  [/deactivated/i, 'telegram-deactivated'],
  [/blocked|kicked|initiate conversation/i, 'telegram-blocked'],
] as const;

/** @throws what is neither Telegram's answer nor the network's fault */
function resultOf(error: unknown): Exclude<SendResult, { kind: 'sent' }> & { afterMs?: number } {
  if (error instanceof HttpError) return { kind: 'later', errorCode: 'telegram-unreachable' };
  if (!(error instanceof GrammyError)) throw error;
  const { error_code: status, description, parameters } = error;
  if (status === 429) return { kind: 'later', errorCode: 'telegram-throttled', afterMs: (parameters.retry_after ?? 1) * 1000 };
  if (status >= 500) return { kind: 'later', errorCode: 'telegram-unavailable' };
  if (status === 400 || status === 403) {
    const [, errorCode] = NEVER.find(([said]) => said.test(description)) ?? [];
    return { kind: 'never', errorCode: errorCode ?? 'telegram-refused' };
  }
  // 401 and 404 speak of the token: nothing that the notice is to blame for.
  return { kind: 'later', errorCode: 'telegram-token-refused' };
}
