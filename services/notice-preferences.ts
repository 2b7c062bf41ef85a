// By which ways and when the asking person wants to be told (A24).
import { preferencesOf, setPreferences } from '../db/repositories/notice-preferences.ts';
import type { NoticePreferences } from '../domain/notice-ways.ts';
import type { Person, ServiceContext } from './context.ts';

export async function noticePreferences(context: ServiceContext, actor: Person): Promise<NoticePreferences> {
  return preferencesOf(context.db.knex, actor.userId);
}

/** Replaces all of them. What waits to be sent already keeps its way and time. */
export async function setNoticePreferences(context: ServiceContext, actor: Person, preferences: NoticePreferences): Promise<NoticePreferences> {
  await context.db.transaction((trx) => setPreferences(trx, actor.userId, preferences));
  return preferences;
}
