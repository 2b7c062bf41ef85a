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
  if (text === undefined) {
    await ctx.reply(translator(context.campus.locale)('doors.text-only'));
    return;
  }
  for (const answer of await handle(context, log, chatOf(ctx), { text: commandOf(text) })) await reply(ctx, answer);
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
