// What the tests of interviews and their consequences share: findings as mails give them, entered as the sweep enters them.
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { interviewsOfStudent, type Interview } from '../../db/repositories/interviews.ts';
import { lock } from '../../db/repositories/locks.ts';
import { findUserOfStudent } from '../../db/repositories/people.ts';
import type { Authenticity } from '../../domain/interviews/authenticity.ts';
import type { Finding } from '../../domain/interviews/types.ts';
import type { ServiceContext } from '../../services/context.ts';
import { type FindingOutcome, recordFindings } from '../../services/findings.ts';

/** The Monday morning (07:30 in Kolkata) on which the test campus begins. */
export const NOW = '2026-11-23T02:00:00Z';

export function finding(parts: Partial<Finding> = {}): Finding {
  return {
    kind: 'invite', company: 'Nightjar Systems', role: null, round: null, mode: 'online', start: '2026-11-25T10:00:00+05:30', end: null,
    previousStart: null, timeZone: 'Asia/Kolkata', location: null, link: null, confidence: 0.9, source: 'rules',
    evidence: 'Your interview is on 25 November at 10 am.', ...parts,
  };
}

export const keyOf = (text: string): Buffer => createHash('sha256').update(text).digest();

let mails = 0;

export interface MailParts {
  meant?: 'yes' | 'ask';
  authenticity?: Authenticity;
  messageId?: string;
  /** Message-IDs that it replies to. */
  replies?: string[];
}

/** Enters what a mail to a student says, under the student's lock, as the sweep does. */
export async function mailed(context: ServiceContext, studentId: number, parts: Partial<Finding>, mail: MailParts = {}): Promise<FindingOutcome> {
  const { meant = 'yes', authenticity = 'verified', messageId = `<mail-${mails += 1}@company.example>`, replies = [] } = mail;
  const found = finding(parts);
  return context.db.transaction(async (trx) => {
    await lock(trx, { students: [studentId] });
    const { userId, organisationId } = await findUserOfStudent(trx, studentId);
    const [outcome] = await recordFindings(trx, context, [{
      student: { id: studentId, userId, organisationId }, finding: found, meant, authenticity, messageKey: keyOf(messageId), repliedKeys: replies.map(keyOf),
      originKey: keyOf(found.calendarUid === undefined ? messageId : `uid:${found.calendarUid}`),
    }]);
    return outcome!;
  });
}

/** All of a student's interviews, by day and start. */
export const interviewsOf = (context: ServiceContext, studentId: number): Promise<Interview[]> =>
  interviewsOfStudent(context.db.knex, studentId, '2000-01-01');

/** A confirmed interview at this time; its id. */
export async function interviewAt(context: ServiceContext, studentId: number, start: Date, end: Date, parts: Partial<Finding> = {}): Promise<number> {
  await mailed(context, studentId, { start: start.toISOString(), end: end.toISOString(), ...parts });
  const interview = (await interviewsOf(context, studentId)).find((known) => known.startsAt?.getTime() === start.getTime() && known.status === 'confirmed');
  return interview!.id;
}

export interface Told {
  kind: string;
  params: Record<string, unknown>;
}

/** What a user was told, the oldest first. */
export async function toldTo(knex: Knex, userId: number): Promise<Told[]> {
  const rows: { kind: string; params: string }[] = await knex('notices').where({ user_id: userId }).orderBy('id').select('kind', 'params');
  return rows.map(({ kind, params }) => ({ kind, params: JSON.parse(params) }));
}
