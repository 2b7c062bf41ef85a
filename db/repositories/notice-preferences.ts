// By which ways and when people want to be told (A24).
import type { Knex } from 'knex';
import { type NoticeChannel, type NoticePreferences, noPreferences } from '../../domain/notice-ways.ts';
import type { Trx } from '../connection.ts';

/** For a join of notice_preferences as `w`. */
export const preferenceColumns = {
  channels: 'w.channels', quietFrom: 'w.quiet_from', quietUntil: 'w.quiet_until', reminderMinutes: 'w.reminder_minutes',
} as const;

export type PreferenceRow = Omit<NoticePreferences, 'channels'> & { channels: string | null };

export function preferencesOfRow({ channels, quietFrom, quietUntil, reminderMinutes }: PreferenceRow): NoticePreferences {
  return { channels: channels === null ? null : (channels.split(',') as NoticeChannel[]), quietFrom, quietUntil, reminderMinutes };
}

export async function preferencesOf(knex: Knex, userId: number): Promise<NoticePreferences> {
  const row: PreferenceRow | undefined = await knex('notice_preferences as w').where({ 'w.user_id': userId }).first(preferenceColumns);
  return row ? preferencesOfRow(row) : noPreferences;
}

export async function setPreferences(trx: Trx, userId: number, { channels, quietFrom, quietUntil, reminderMinutes }: NoticePreferences): Promise<void> {
  await trx('notice_preferences')
    .insert({ user_id: userId, channels: channels?.join(',') ?? null, quiet_from: quietFrom, quiet_until: quietUntil, reminder_minutes: reminderMinutes })
    .onConflict()
    .merge();
}
