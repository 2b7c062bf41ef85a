// The audit log: who changed what, when.
import type { Trx } from '../connection.ts';

/** `details` holds ids and choices, never mail or reasons in a person's words. */
export async function insertAudit(
  trx: Trx, entry: { userId: number | null; action: string; subject: string; details: Record<string, unknown> }, now: Date,
): Promise<void> {
  await trx('audit_log').insert({
    at: now, user_id: entry.userId, action: entry.action, subject: entry.subject, details: JSON.stringify(entry.details),
  });
}
