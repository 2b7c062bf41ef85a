// A local server that speaks Telegram's Bot API (https://core.telegram.org/bots/api) and refuses what Telegram refuses.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { visibleText } from './telegram-html.ts';

/** A message that the bot sent, as its reader sees it. */
export interface Sent {
  chatId: number;
  messageId: number;
  text: string;
  html: string;
  buttons: { text: string; callback_data?: string }[];
  edited: boolean;
}

export interface Failure {
  error_code: number;
  description: string;
  parameters?: { retry_after: number };
}

interface Update {
  update_id: number;
  [kind: string]: unknown;
}

type Fields = Record<string, unknown>;

/** The parameters of each method that Telegram documents and Beadle uses. */
const METHODS: Record<string, readonly string[]> = {
  getMe: [],
  getUpdates: ['offset', 'limit', 'timeout', 'allowed_updates'],
  deleteWebhook: ['drop_pending_updates'],
  setMyCommands: ['commands', 'scope', 'language_code'],
  sendMessage: ['chat_id', 'text', 'parse_mode', 'link_preview_options', 'reply_markup'],
  editMessageText: ['chat_id', 'message_id', 'text', 'parse_mode', 'link_preview_options', 'reply_markup'],
  getFile: ['file_id'],
  answerCallbackQuery: ['callback_query_id', 'text', 'show_alert'],
};

class Refused extends Error {
  readonly failure: Failure;
  constructor(error_code: number, description: string, parameters?: Failure['parameters']) {
    super(description);
    this.failure = { error_code, description, ...(parameters && { parameters }) };
  }
}

export class TelegramServer {
  /** What the chats show now, oldest first. */
  readonly sent: Sent[] = [];
  readonly calls: { method: string; fields: Fields }[] = [];
  readonly answeredQueries: string[] = [];
  readonly token: string;
  /** What people sent as files, by file id. */
  readonly files = new Map<string, Buffer>();
  apiRoot = '';
  private readonly server = createServer((request, response) => void this.serve(request, response));
  private readonly chats = new Set<number>();
  private readonly updates: Update[] = [];
  private readonly failures: { method: string; failure: Failure }[] = [];
  private readonly queries = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private confirmed = 0;
  private nextId = 1;
  private poll: AbortController | undefined;

  constructor(token = '12345:test-token') {
    this.token = token;
  }

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.apiRoot = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.poll?.abort();
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  /** Somebody who has written to the bot before: it may write to them. */
  knows(chatId: number): void {
    this.chats.add(chatId);
  }

  /** The next calls of a method fail so, one for each failure. */
  fail(method: string, ...failures: Failure[]): void {
    this.failures.push(...failures.map((failure) => ({ method, failure })));
  }

  /** A person writes in a private chat. @returns the update's id */
  says(chatId: number, text: string): number {
    const command = /^\/\w+/.exec(text);
    return this.message(chatId, 'private', {
      text, ...(command && { entities: [{ type: 'bot_command', offset: 0, length: command[0].length }] }),
    });
  }

  /** A person sends something else than text: the message's own fields. */
  sends(chatId: number, content: Fields): number {
    return this.message(chatId, 'private', content);
  }

  saysInGroup(groupId: number, text: string): number {
    return this.message(groupId, 'group', { text, entities: [{ type: 'bot_command', offset: 0, length: text.length }] });
  }

  /** A person presses a button of a message; one that has gone since may still be under their finger. */
  presses(chatId: number, message: Sent, data: string): number {
    const id = `query${this.nextId++}`;
    this.queries.add(id);
    const shown = { message_id: message.messageId, date: 1, chat: { id: chatId, type: 'private' }, text: message.text };
    return this.add({ callback_query: { id, from: person(chatId), chat_instance: '1', message: shown, data } });
  }

  /** Telegram has forgotten what the bot confirmed: the next poller gets everything again. */
  forgetConfirmations(): void {
    this.confirmed = 0;
  }

  /** The first message, there already or to come, that the test is true for. */
  async waitFor(test: (sent: Sent) => boolean): Promise<Sent> {
    await this.until(() => this.sent.some(test));
    return this.sent.find(test)!;
  }

  /** Resolves when something is true that the bot's calls bring about. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const look = () => {
          this.listeners.delete(look);
          resolve();
        };
        this.listeners.add(look);
      });
    }
  }

  private message(chatId: number, type: string, content: Fields): number {
    if (type === 'private') this.chats.add(chatId);
    const chat = { id: chatId, type, ...(type === 'group' && { title: 'A group' }) };
    this.chats.add(chatId);
    return this.add({ message: { message_id: this.nextId++, date: 1, from: person(chatId), chat, ...content } });
  }

  private add(content: Fields): number {
    const update = { update_id: this.updates.length + 1, ...content };
    this.updates.push(update);
    this.changed();
    return update.update_id;
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, fileToken, fileId] = /^\/file\/bot([^/]+)\/documents\/(.+)$/.exec(request.url ?? '') ?? [];
    if (fileToken === this.token && this.files.has(fileId!)) return void response.end(this.files.get(fileId!));
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
    let answer: object;
    let status = 200;
    try {
      if (token !== this.token) throw new Refused(401, 'Unauthorized');
      const fields = JSON.parse((await readText(request)) || '{}') as Fields;
      answer = { ok: true, result: await this.answer(method!, fields, gone.signal) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      status = error.failure.error_code;
      answer = { ok: false, ...error.failure };
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    this.changed();
  }

  private async answer(method: string, fields: Fields, gone: AbortSignal): Promise<unknown> {
    const known = METHODS[method];
    const stranger = known && Object.keys(fields).find((name) => !known.includes(name));
    if (!known || stranger !== undefined) throw new Refused(404, `Not Found: method ${method}, field ${stranger}`);
    if (method !== 'getUpdates') this.calls.push({ method, fields });
    const planned = this.failures.find((plan) => plan.method === method);
    if (planned) {
      this.failures.splice(this.failures.indexOf(planned), 1);
      throw new Refused(planned.failure.error_code, planned.failure.description, planned.failure.parameters);
    }
    switch (method) {
      case 'getMe':
        return { id: 12345, is_bot: true, first_name: 'Beadle', username: 'BeadleBot', can_join_groups: true };
      case 'getUpdates':
        return this.getUpdates(fields, gone);
      case 'sendMessage':
        return this.sendMessage(fields);
      case 'editMessageText':
        return this.editMessageText(fields);
      case 'answerCallbackQuery':
        if (!this.queries.delete(fields['callback_query_id'] as string)) {
          throw new Refused(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
        }
        this.answeredQueries.push(fields['callback_query_id'] as string);
        return true;
      case 'getFile':
        return { file_id: fields['file_id'], file_unique_id: fields['file_id'], file_path: `documents/${fields['file_id'] as string}` };
      case 'setMyCommands':
        return checkCommands(fields['commands'] as { command: string; description: string }[]);
      default:
        return true;
    }
  }

  /** An offset confirms every update below it; a new poller ends the one before. */
  private async getUpdates({ offset = 0, limit = 100, timeout = 0 }: Fields, gone: AbortSignal): Promise<Update[]> {
    this.poll?.abort();
    const mine = (this.poll = new AbortController());
    this.confirmed = Math.max(this.confirmed, offset as number);
    const due = () => this.updates.filter((update) => update.update_id >= this.confirmed);
    const over = AbortSignal.any([mine.signal, gone, AbortSignal.timeout((timeout as number) * 1000)]);
    over.addEventListener('abort', () => this.changed());
    await this.until(() => due().length > 0 || over.aborted);
    if (mine.signal.aborted) throw new Refused(409, 'Conflict: terminated by other getUpdates request');
    return gone.aborted ? [] : due().slice(0, limit as number);
  }

  private sendMessage(fields: Fields): object {
    const chatId = Number(fields['chat_id']);
    if (!this.chats.has(chatId)) throw new Refused(400, 'Bad Request: chat not found');
    const sent = { chatId, messageId: this.nextId++, edited: false, ...contentOf(fields) };
    this.sent.push(sent);
    return { message_id: sent.messageId, date: 1, chat: { id: chatId, type: 'private' }, text: sent.text };
  }

  private editMessageText(fields: Fields): object {
    const sent = this.sent.find(({ chatId, messageId }) => chatId === Number(fields['chat_id']) && messageId === fields['message_id']);
    if (!sent) throw new Refused(400, 'Bad Request: message to edit not found');
    const content = contentOf(fields);
    if (content.text === sent.text && content.buttons.length === sent.buttons.length) {
      throw new Refused(400, 'Bad Request: message is not modified');
    }
    Object.assign(sent, content, { edited: true });
    return { message_id: sent.messageId, date: 1, chat: { id: sent.chatId, type: 'private' }, text: sent.text };
  }
}

const person = (id: number) => ({ id, is_bot: false, first_name: 'Somebody' });

function contentOf(fields: Fields): Pick<Sent, 'text' | 'html' | 'buttons'> {
  const html = fields['text'] as string;
  let text = html;
  try {
    if (fields['parse_mode'] === 'HTML') text = visibleText(html);
  } catch (error) {
    throw new Refused(400, `Bad Request: can't parse entities: ${(error as Error).message}`);
  }
  if (!text.isWellFormed()) throw new Refused(400, 'Bad Request: strings must be encoded in UTF-8');
  if (text.trim() === '') throw new Refused(400, 'Bad Request: message text is empty');
  if (text.length > 4096) throw new Refused(400, 'Bad Request: message is too long');
  const { inline_keyboard: rows = [] } = (fields['reply_markup'] ?? {}) as { inline_keyboard?: Sent['buttons'][] };
  const buttons = rows.flat();
  if (buttons.some((button) => Buffer.byteLength(button.callback_data ?? '') > 64)) throw new Refused(400, 'Bad Request: BUTTON_DATA_INVALID');
  if (buttons.some((button) => button.text === '')) throw new Refused(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
  return { text, html, buttons };
}

function checkCommands(commands: { command: string; description: string }[]): true {
  for (const { command, description } of commands) {
    if (!/^[a-z0-9_]{1,32}$/.test(command)) throw new Refused(400, 'Bad Request: BOT_COMMAND_INVALID');
    if (description.length < 1 || description.length > 256) throw new Refused(400, 'Bad Request: BOT_COMMAND_DESCRIPTION_INVALID');
  }
  return true;
}
