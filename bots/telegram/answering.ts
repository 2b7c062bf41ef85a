// What a private chat sends, to the commands; what they answer, back into the chat.
import type { Context, Filter } from 'grammy';
import type { Logger } from 'pino';
import { translator } from '../../locales/index.ts';
import { telegramParts } from '../../locales/telegram.ts';
import type { ServiceContext } from '../../services/context.ts';
import type { Answer } from '../commands/command.ts';
import { handle } from '../commands/index.ts';

const QUIET = { parse_mode: 'HTML', link_preview_options: { is_disabled: true } } as const;

type Message = Filter<Context, 'message'>;
type Press = Filter<Context, 'callback_query:data'>;

/** Answers a message; whatever is no text is answered with a word that only text is read. */
export async function answerText(ctx: Message, context: ServiceContext, log: Logger): Promise<void> {
  const { caption } = ctx.message;
  // Forwarded messages are like written ones; what stands below a forwarded picture or file is its text, but no command.
  const text = ctx.message.text ?? (caption?.startsWith('/') ? undefined : caption);
  if (isMailFile(ctx)) {
    const file = await fetchFile(ctx).catch(() => null);
    if (!file) {
      await ctx.reply(translator(context.campus.locale)('doors.file-unreadable'));
      return;
    }
    for (const answer of await handle(context, log, chatOf(ctx), { file })) await reply(ctx, answer);
    return;
  }
  if (text === undefined) {
    await ctx.reply(translator(context.campus.locale)('doors.text-only'));
    return;
  }
  for (const answer of await handle(context, log, chatOf(ctx), { text: commandOf(text) })) await reply(ctx, answer);
}

/** Longer than a mail is that says when an interview is. */
const MOST_FILE_BYTES = 2_000_000;
const FILE_TIMEOUT_MS = 15_000;

/** A saved mail (.eml), as many mail programs send one on. */
function isMailFile(ctx: Message): boolean {
  const { document } = ctx.message;
  if (!document || (document.file_size ?? 0) > MOST_FILE_BYTES) return false;
  return document.mime_type === 'message/rfc822' || /\.eml$/i.test(document.file_name ?? '');
}

async function fetchFile(ctx: Message): Promise<Uint8Array> {
  const { file_path: path } = await ctx.getFile();
  const root = ctx.api.options?.apiRoot ?? 'https://api.telegram.org';
  const response = await fetch(`${root}/file/bot${ctx.api.token}/${path}`, { signal: AbortSignal.timeout(FILE_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`a file could not be fetched: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Acknowledges a press at once, then puts the outcome into the message whose button it was, or answers below it. */
export async function answerPress(ctx: Press, context: ServiceContext, log: Logger): Promise<void> {
  await ctx.answerCallbackQuery().catch(() => {});
  for (const answer of await handle(context, log, chatOf(ctx), { action: ctx.callbackQuery.data })) {
    if (answer.settles !== true || !(await settle(ctx, answer))) await reply(ctx, answer);
  }
}

const chatOf = (ctx: Context) => ({ platform: 'telegram' as const, chatId: String(ctx.chat!.id) });

/** `/today@BeadleBot` is today; /start is help, or, from a link with a code in it, link CODE. */
function commandOf(text: string): string {
  const plain = text.replace(/^\/(\w+)@\w+/, '/$1');
  return plain.replace(/^\/start(?=\s|$)\s*(\S*)[^]*$/, (_, code: string) => (code === '' ? 'help' : `link ${code}`));
}

async function reply(ctx: Context, answer: Answer): Promise<void> {
  const { parts, keyboard } = telegramParts(withLink(answer));
  for (const [index, html] of parts.entries()) {
    const isLast = index === parts.length - 1;
    await ctx.reply(html, { ...QUIET, ...(isLast && keyboard && { reply_markup: keyboard }) });
  }
}

/**
 * Puts the outcome below the message's text, with the outcome's buttons instead of its own. Telegram gives the text back without its markup.
 * @returns false where the message can't be edited any more
 */
async function settle(ctx: Press, answer: Answer): Promise<boolean> {
  const text = ctx.callbackQuery.message?.text;
  if (text === undefined) return false;
  const outcome = answer.lines.join('\n');
  if (text.endsWith(outcome)) return true;
  const [title, ...lines] = text.split('\n');
  const { parts, keyboard } = telegramParts({ ...(answer.buttons && { buttons: answer.buttons }), title: title!, lines: [...lines, '', ...answer.lines] });
  if (parts.length > 1) return false;
  try {
    await ctx.editMessageText(parts[0]!, { ...QUIET, ...(keyboard && { reply_markup: keyboard }) });
    return true;
  } catch {
    return false;
  }
}

function withLink(answer: Answer): Answer {
  return answer.link ? { ...answer, lines: [...answer.lines, `${answer.link.label}: ${answer.link.url}`] } : answer;
}
