// What is forgotten when its time is over: sentences of mails, extractions, repeated requests, sign-ins.
import { forgetDoors } from '../db/repositories/doors.ts';
import { forgetExtractions } from '../db/repositories/extractions.ts';
import { forgetIntents } from '../db/repositories/intents.ts';
import { forgetEvidence } from '../db/repositories/interviews.ts';
import { forgetSignIns } from '../db/repositories/sign-ins.ts';
import type { ServiceContext } from './context.ts';

const DAYS_OF_DOORS = 7;

/** Forgets what mails said after `mailRetentionDays`, and what doors and processes kept for a week. */
export async function keepHouse(context: ServiceContext, mailRetentionDays: number): Promise<{ sentences: number; extractions: number }> {
  const { knex } = context.db;
  const mailBefore = context.now().minus({ days: mailRetentionDays }).toJSDate();
  const doorsBefore = context.now().minus({ days: DAYS_OF_DOORS }).toJSDate();
  await forgetDoors(knex, doorsBefore);
  await forgetIntents(knex, doorsBefore);
  await forgetSignIns(knex, context.now().toJSDate(), doorsBefore);
  return { sentences: await forgetEvidence(knex, mailBefore), extractions: await forgetExtractions(knex, mailBefore) };
}
