// The demo campus with the Telegram bot on a local server: what the bot's test files share.
import pino from 'pino';
import { createTelegramBot, type TelegramBot } from '../../../bots/telegram/bot.ts';
import type { Person, ServiceContext } from '../../../services/context.ts';
import { makeLinkCode, personById } from '../../../services/links.ts';
import { testCampus, testContext, type TestCampus } from '../../support/context.ts';
import { type Sent, TelegramServer } from '../../support/telegram-server.ts';

/** A Monday, half past eight in the morning on the campus. */
export const NOW = '2026-11-23T03:00:00Z';

export class TelegramCampus {
  readonly campus: TestCampus;
  readonly context: ServiceContext;
  readonly server: TelegramServer;
  private bot: TelegramBot;
  private lastChat = 1000;

  private constructor(campus: TestCampus, server: TelegramServer) {
    this.campus = campus;
    this.context = testContext(campus.db, { now: NOW });
    this.server = server;
    this.bot = this.newBot();
  }

  static async open(): Promise<TelegramCampus> {
    const opened = new TelegramCampus(await testCampus(), await new TelegramServer().start());
    await opened.bot.start();
    return opened;
  }

  async close(): Promise<void> {
    await this.bot.stop();
    await this.server.stop();
    await this.campus.close();
  }

  newBot(token = this.server.token): TelegramBot {
    return createTelegramBot({ token, apiRoot: this.server.apiRoot, context: this.context, log: pino({ level: 'silent' }) });
  }

  stopBot(): Promise<void> {
    return this.bot.stop();
  }

  async startBot(): Promise<void> {
    this.bot = this.newBot();
    await this.bot.start();
  }

  /** A private chat that nobody has written in. */
  newChat(): number {
    return (this.lastChat += 1);
  }

  async personOf(table: 'students' | 'faculty', id: number): Promise<Person> {
    const { user_id: userId } = await this.campus.db.knex(table).where({ id }).first('user_id');
    return (await personById(this.context, userId))!;
  }

  /** The bot's next message in a chat after something happened there. */
  async answerTo(chatId: number, act: () => void): Promise<Sent> {
    const inChat = () => this.server.sent.filter((sent) => sent.chatId === chatId);
    const before = inChat().length;
    act();
    await this.server.until(() => inChat().length > before);
    return inChat()[before]!;
  }

  ask(chatId: number, text: string): Promise<Sent> {
    return this.answerTo(chatId, () => this.server.says(chatId, text));
  }

  /** A chat that the person has linked. */
  async linkedChat(person: Person): Promise<number> {
    const chatId = this.newChat();
    const { code } = await makeLinkCode(this.context, person);
    await this.ask(chatId, `/link ${code}`);
    return chatId;
  }
}
