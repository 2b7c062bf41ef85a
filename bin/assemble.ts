// Puts the rooms together: from settings to the context of services, the activities, and what runs around them.
import { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { createTelegramSender } from '../activities/chat.ts';
import { createDeliveryActivities } from '../activities/delivering.ts';
import { createEmailSender } from '../activities/email.ts';
import { createLanguageModel, LanguageModelError } from '../activities/language-model.ts';
import { createMailboxActivities } from '../activities/mailboxes.ts';
import { createRecordActivities } from '../activities/records.ts';
import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../db/connection.ts';
import type { AskModel } from '../domain/interviews/model-question.ts';
import type { ServiceContext } from '../services/context.ts';
import { createSecretBox } from '../services/secret-box.ts';

/** Where everything is: what the environment names, or what the embedded servers turned out to be. */
export interface Places {
  databaseUrl: string;
  secretKeys: string;
  tokenSecret: string;
  publicUrl: string;
  smtpUrl: string | undefined;
}

export function openContext(config: Config, places: Places): { db: Database; context: ServiceContext } {
  const db = openDatabase(places.databaseUrl, { poolSize: config.database.poolSize });
  const context: ServiceContext = {
    db,
    now: () => DateTime.utc(),
    campus: config.campus,
    rules: config.rules,
    secrets: createSecretBox(places.secretKeys, places.tokenSecret),
    publicUrl: places.publicUrl,
  };
  return { db, context };
}

/** All activities, for the workers of every queue. `close` ends the connections that they hold. */
export function createActivities(config: Config, places: Places, context: ServiceContext, log: Logger) {
  const email = places.smtpUrl ? createEmailSender({ smtpUrl: places.smtpUrl, from: config.smtp.from }) : undefined;
  const telegram = config.telegram ? createTelegramSender(config.telegram) : undefined;
  const activities = {
    ...createRecordActivities(context, { mailRetentionDays: config.mail.retentionDays }),
    ...createDeliveryActivities(context, { ...(email && { email: email.send }), ...(telegram && { telegram }) }),
    ...createMailboxActivities(context, { ...config.mail, askModel: languageModel(config, log) }),
  };
  return { activities, close: () => email?.close() };
}
