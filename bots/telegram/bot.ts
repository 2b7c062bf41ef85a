// The Telegram door: long polling. It brings text and buttons to the commands and puts the answers into Telegram's form.
import { setTimeout as wait } from 'node:timers/promises';
import { autoRetry } from '@grammyjs/auto-retry';
import { run, type RunnerHandle, sequentialize } from '@grammyjs/runner';
import { Bot, type Context, GrammyError } from 'grammy';
import type { Logger } from 'pino';
import { translator } from '../../locales/index.ts';
import type { ServiceContext } from '../../services/context.ts';
import { isNewEvent } from '../../services/links.ts';
import { answerPress, answerText } from './answering.ts';
import { commands } from '../commands/registry.ts';

export interface TelegramBotOptions {
  token: string;
  /** https://api.telegram.org, or a server of one's own. */
  apiRoot: string;
  context: ServiceContext;
  log: Logger;
}

export interface TelegramBot {
  /** Registers the commands and begins to poll. @throws GrammyError when Telegram refuses the token, HttpError when it can't be reached */
  start(): Promise<void>;
  /** Stops polling; resolves when everything that was begun has been answered. */
  stop(): Promise<void>;
}

const POLL_SECONDS = 30;
/** More than a poll takes. */
const REQUEST_SECONDS = POLL_SECONDS + 15;
/** A second poller on the same token (a deploy's overlap) gets 409 for as long as the first one runs. */
const RESTART_MS = 5_000;

export function createTelegramBot({ token, apiRoot, context, log }: TelegramBotOptions): TelegramBot {
  const bot = new Bot(token, { client: { apiRoot, timeoutSeconds: REQUEST_SECONDS } });
  bot.api.config.use(autoRetry({ maxRetryAttempts: 3, maxDelaySeconds: 60, rethrowHttpErrors: true }));
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  let runner: RunnerHandle | undefined;
  let polling: Promise<void> | undefined;

  // The runner's own stop doesn't wait for what it has begun.
  bot.use((_, next) => {
    const work = next().finally(() => underWay.delete(work));
    underWay.add(work);
    return work;
  });
  bot.use(sequentialize((ctx) => String(ctx.chat?.id ?? ctx.from?.id)));
  bot.use(async (ctx, next) => {
    // A database that is away can't tell; the answer will say that something is wrong.
    if (await isNewEvent(context, 'telegram', String(ctx.update.update_id)).catch(() => true)) await next();
  });
  bot.chatType('private').on('message', (ctx) => answerText(ctx, context, log));
  bot.chatType('private').on('callback_query:data', (ctx) => answerPress(ctx, context, log));
  bot.on('message:entities:bot_command', (ctx) => ctx.reply(translator(context.campus.locale)('doors.private-only')));
  bot.catch(({ ctx, error }) => logFailure(log, ctx, error));

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      runner = run(bot, { runner: { silent: true, fetch: { timeout: POLL_SECONDS, allowed_updates: ['message', 'callback_query'] } } });
      try {
        await runner.task();
      } catch (error) {
        log.error({ problem: nameOf(error) }, 'Telegram no longer gives updates; asking again');
        await wait(RESTART_MS, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  return {
    async start() {
      await bot.init();
      // A webhook that was set before would keep updates from a poller.
      await bot.api.deleteWebhook();
      const t = translator(context.campus.locale);
      await bot.api.setMyCommands(
        commands.map(({ name }) => ({ command: name, description: t(`commands.${name}.help`) })),
        { scope: { type: 'all_private_chats' } },
      );
      polling = poll();
    },
    async stop() {
      stopping.abort();
      if (runner?.isRunning()) await runner.stop();
      await polling;
      await Promise.allSettled(underWay);
    },
  };
}

/** What was sent stays out of the log: a GrammyError carries it. */
function logFailure(log: Logger, ctx: Context, error: unknown): void {
  log.error({ updateId: ctx.update.update_id, problem: nameOf(error) }, 'a Telegram update could not be answered');
}

function nameOf(error: unknown): string {
  if (error instanceof GrammyError) return `${error.method}: ${error.error_code} ${error.description}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
