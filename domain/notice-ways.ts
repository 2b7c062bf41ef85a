// By which ways and when a person is told (A24): the wanted channels, and quiet hours.
import type { DateTime } from 'luxon';

export const noticeChannels = ['push', 'telegram', 'slack', 'discord', 'email'] as const;
export type NoticeChannel = (typeof noticeChannels)[number];

/** A way to a person: a chat's id, a mail address, the row of a device. */
export interface Way {
  channel: NoticeChannel;
  address: string;
}

export interface NoticePreferences {
  /** Null: every linked chat and device, else e-mail. */
  channels: readonly NoticeChannel[] | null;
  /** HH:mm by the person's clock; over midnight where the end is before the beginning. Both or none. */
  quietFrom: string | null;
  quietUntil: string | null;
  /** Of classes and interviews, so many minutes before; null: none. */
  reminderMinutes: number | null;
}

export const noPreferences: NoticePreferences = { channels: null, quietFrom: null, quietUntil: null, reminderMinutes: null };

/**
 * Of the ways to a person those that are taken: on the wanted channels; where there is none of these, every chat and device; where there is
 * none of these either, e-mail. Nobody is left untold.
 */
export function waysTaken<Some extends Way>(ways: readonly Some[], { channels }: Pick<NoticePreferences, 'channels'>): Some[] {
  const wanted = ways.filter(({ channel }) => channels?.includes(channel));
  if (wanted.length > 0) return wanted;
  const direct = ways.filter(({ channel }) => channel !== 'email');
  return direct.length > 0 ? direct : [...ways];
}

/** So long before what a notice is about begins, quiet hours don't hold it back any more. */
const AHEAD_HOURS = 2;

/**
 * When something may be told.
 * @param now in the person's zone
 * @param starts when what it is about begins, or was to begin
 * @returns `now`; within quiet hours their end, or two hours before the first of `starts` that is still to come, whichever is earlier
 */
export function tellableFrom(now: DateTime, { quietFrom, quietUntil }: Pick<NoticePreferences, 'quietFrom' | 'quietUntil'>, starts: readonly DateTime[] = []): DateTime {
  if (quietFrom === null || quietUntil === null || quietFrom === quietUntil) return now;
  const time = now.toFormat('HH:mm');
  const isQuiet = quietFrom < quietUntil ? time >= quietFrom && time < quietUntil : time >= quietFrom || time < quietUntil;
  if (!isQuiet) return now;
  const endToday = atTime(now, quietUntil);
  const end = endToday > now ? endToday : atTime(now.plus({ days: 1 }), quietUntil);
  const latest = starts.filter((start) => start > now).map((start) => start.minus({ hours: AHEAD_HOURS }));
  const first = latest.reduce((earliest, moment) => (moment < earliest ? moment : earliest), end);
  return first > now ? first : now;
}

function atTime(day: DateTime, time: string): DateTime {
  const [hour, minute] = time.split(':').map(Number);
  return day.set({ hour: hour!, minute: minute!, second: 0, millisecond: 0 });
}
