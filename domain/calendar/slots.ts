// The unit of time in which rooms, faculty and students are booked: 5-minute slots, counted since the Unix epoch.

import { DateTime } from 'luxon';

/** Length of a slot in minutes. Claims, classes and makeups begin and end on its borders. */
export const SLOT_MINUTES = 5;

/** The longest that a class takes, in milliseconds: what began earlier than so long ago is over. */
export const LONGEST_CLASS_MS = 24 * 3_600_000;

const SLOT_MILLIS = SLOT_MINUTES * 60_000;

/** A half-open stretch of time [start, end) in slots since the Unix epoch. What ends at 10:00 leaves 10:00 free. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** An instant as luxon DateTime, Date, or ISO 8601 text with an offset or `Z`. */
type Instant = DateTime | Date | string;

/**
 * Slot number of an instant.
 * Throws RangeError when it is no valid instant, or doesn't lie on a border of 5 minutes.
 */
export function toSlot(instant: Instant): number {
  const millis = toMillis(instant);
  if (millis % SLOT_MILLIS !== 0) {
    throw new RangeError(`${describe(instant)} is not on a border of ${SLOT_MINUTES} minutes`);
  }
  return millis / SLOT_MILLIS;
}

/** The slots of a session or booking. Throws RangeError as `toSlot` does. */
export function slotsOf({ startsAt, endsAt }: { startsAt: Instant; endsAt: Instant }): Interval {
  return { start: toSlot(startsAt), end: toSlot(endsAt) };
}

/**
 * The whole slots that a stretch of time touches: for facts that keep their own times (an interview at 10:02), never for
 * bookings. Throws RangeError when an end is no valid instant.
 */
export function slotsTouched(start: Instant, end: Instant): Interval {
  return { start: Math.floor(toMillis(start) / SLOT_MILLIS), end: Math.ceil(toMillis(end) / SLOT_MILLIS) };
}

/** Number of slots in a length in minutes. Throws RangeError unless it is a positive multiple of 5. */
export function minutesToSlots(minutes: number): number {
  if (!(minutes > 0) || minutes % SLOT_MINUTES !== 0) {
    throw new RangeError(`${minutes} minutes is not a positive multiple of ${SLOT_MINUTES} minutes`);
  }
  return minutes / SLOT_MINUTES;
}

/** The instant at which a slot begins, in the given IANA zone. */
export function slotToDateTime(slot: number, zone: string): DateTime {
  return DateTime.fromMillis(slot * SLOT_MILLIS, { zone });
}

/** The instant at which a slot begins, as ISO 8601 text in UTC, e.g. `2026-08-03T04:30:00.000Z`. */
export function slotToIso(slot: number): string {
  return new Date(slot * SLOT_MILLIS).toISOString();
}

/** True when two half-open stretches share a moment. */
export function overlaps(a: Interval, b: Interval): boolean {
  return a.start < b.end && b.start < a.end;
}

/** The same stretches as few as there can be: ascending, none touching another; those without length are nothing. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of intervals.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (end <= start) continue;
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

function toMillis(instant: Instant): number {
  if (instant instanceof Date) {
    if (Number.isNaN(instant.getTime())) throw new RangeError('not a valid instant: a Date without a time');
    return instant.getTime();
  }
  if (typeof instant === 'string') {
    // Without an offset, the text would silently mean the zone of the machine.
    if (!/(?:Z|[+-]\d{2}(?::?\d{2})?)$/i.test(instant) || !/T/i.test(instant)) {
      throw new RangeError(`${describe(instant)} is no instant: a date, a time and an offset are needed`);
    }
    return toMillis(DateTime.fromISO(instant, { zone: 'utc' }));
  }
  if (!instant.isValid) throw new RangeError(`not a valid instant: ${instant.invalidExplanation ?? instant.invalidReason}`);
  return instant.toMillis();
}

function describe(instant: Instant): string {
  if (typeof instant === 'string') return JSON.stringify(instant);
  return instant instanceof Date ? instant.toISOString() : (instant.toISO() ?? 'the instant');
}
