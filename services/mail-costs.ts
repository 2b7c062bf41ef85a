// What finding interviews costs: how many mails, how many the language model was asked about, tokens per thousand mails (I8).
import { extractionCosts } from '../db/repositories/extractions.ts';
import { requirePermission } from './access.ts';
import type { Actor, ServiceContext } from './context.ts';

export interface MailCosts {
  days: number;
  mails: number;
  /** Distinct mails: the same one in 300 inboxes counts once. */
  extractions: number;
  askedModel: number;
  promptTokens: number;
  completionTokens: number;
  /** Prompt and completion tokens for every thousand mails read; null before the first mail. */
  tokensPerThousandMails: number | null;
}

/** The costs of the last `days` days, for admins. */
export async function mailCosts(context: ServiceContext, actor: Actor, days: number): Promise<MailCosts> {
  requirePermission(actor, 'mailboxes.see');
  const { asked, ...costs } = await extractionCosts(context.db.knex, context.now().minus({ days }).toJSDate());
  const tokens = costs.promptTokens + costs.completionTokens;
  return { days, ...costs, askedModel: asked, tokensPerThousandMails: costs.mails === 0 ? null : Math.round((tokens * 1000) / costs.mails) };
}
