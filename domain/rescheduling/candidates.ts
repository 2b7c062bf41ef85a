// Turns the weekly slots of a campus into the dated starts and days of one search's horizon.

import { DateTime } from 'luxon';
import { minutesToSlots, SLOT_MINUTES, toSlot } from '../calendar/slots.ts';
import type { Candidate, Day } from './types.ts';

/** A predefined weekly window for makeup and moved classes. Weekday 1 is Monday; times are wall-clock `HH:mm`. */
export interface WeeklySlot {
  readonly id: number;
  readonly weekday: number;
  readonly startTime: string;
  readonly endTime: string;
}

export interface Horizon {
  readonly weeklySlots: readonly WeeklySlot[];
  /** First local day, `yyyy-MM-dd`. */
  readonly from: string;
  /** Number of local days. */
  readonly days: number;
  /** IANA zone of the campus. */
  readonly zone: string;
  /** Local dates without teaching. */
  readonly holidays: readonly string[];
  readonly teachingWeekdays: readonly number[];
  readonly durationMinutes: number;
  /** A class may begin at the window's start and every so many minutes after it. Default 30. */
  readonly stepMinutes?: number;
  /** Wall-clock hours outside which a class is at the edge of the day. Default 09:00 to 17:00. */
  readonly coreHours?: { readonly start: string; readonly end: string };
}

/**
 * Every start inside a weekly slot, for each day of the horizon, and the days themselves. A weekly slot keeps its wall-clock time
 * across a clock change; a start that the clock skips is left out, one that comes twice is taken the first time. Days without
 * teaching keep their candidates, so that the search can say why they were none. Candidates ascend by start, then slot id.
 * Throws RangeError for a bad date, zone or time, or one off the 5-minute grid.
 */
export function expandCandidates(horizon: Horizon): { candidates: Candidate[]; days: Day[] } {
  const { weeklySlots, holidays, teachingWeekdays, coreHours = { start: '09:00', end: '17:00' } } = horizon;
  const first = DateTime.fromISO(horizon.from, { zone: horizon.zone }).startOf('day');
  if (!first.isValid) throw new RangeError(`no valid first day: ${horizon.from} in ${horizon.zone}`);
  const duration = minutesToSlots(horizon.durationMinutes);
  const step = minutesToSlots(horizon.stepMinutes ?? 30) * SLOT_MINUTES;
  const closed = new Set(holidays);

  const days: Day[] = [];
  const candidates: Candidate[] = [];
  for (let index = 0; index < horizon.days; index += 1) {
    const date = first.plus({ days: index }).startOf('day');
    const { slotAt, skips } = clockOf(date);
    days.push({
      index,
      teaching: teachingWeekdays.includes(date.weekday) && !closed.has(date.toISODate() ?? ''),
      startSlot: toSlot(date),
      endSlot: toSlot(date.plus({ days: 1 }).startOf('day')),
      coreStart: slotAt(minuteOfDay(coreHours.start)),
      coreEnd: slotAt(minuteOfDay(coreHours.end)),
    });
    for (const { id, weekday, startTime, endTime } of weeklySlots) {
      if (weekday !== date.weekday) continue;
      const windowEnd = slotAt(minuteOfDay(endTime));
      for (let minute = minuteOfDay(startTime); minute < minuteOfDay(endTime); minute += step) {
        if (skips(minute)) continue;
        const start = slotAt(minute);
        if (start + duration <= windowEnd) candidates.push({ start, weeklySlotId: id });
      }
    }
  }
  candidates.sort((a, b) => a.start - b.start || (a.weeklySlotId ?? 0) - (b.weeklySlotId ?? 0));
  return { candidates, days };
}

/** A local day's wall clock: the slot at a minute of the day, and whether the clock skips that minute. */
function clockOf(date: DateTime): { slotAt: (minute: number) => number; skips: (minute: number) => boolean } {
  const midnight = toSlot(date);
  if (date.plus({ days: 1 }).offset === date.offset) {
    // Without a change of the clock, which is nearly every day, it is counting.
    return { slotAt: (minute) => (minute === 0 ? midnight : midnight + minutesToSlots(minute)), skips: () => false };
  }
  return {
    slotAt: (minute) => toSlot(atMinute(date, minute)),
    skips(minute) {
      const at = atMinute(date, minute);
      // luxon moves a time that the clock skips to after the gap.
      return at.hour * 60 + at.minute !== minute;
    },
  };
}

/** Wall-clock minute of a local day; 1440 is the next midnight. */
function atMinute(date: DateTime, minute: number): DateTime {
  if (minute === 1440) return date.plus({ days: 1 }).startOf('day');
  return date.set({ hour: Math.floor(minute / 60), minute: minute % 60 });
}

function minuteOfDay(time: string): number {
  const match = /^(\d{2}):(\d{2})(?::00)?$/.exec(time);
  const minute = match === null ? NaN : Number(match[1]) * 60 + Number(match[2]);
  if (!(minute <= 1440) || Number(match?.[2]) > 59) throw new RangeError(`no time of day: ${JSON.stringify(time)}`);
  return minute;
}
