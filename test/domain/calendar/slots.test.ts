import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import fc from 'fast-check';
import { merged, minutesToSlots, overlaps, slotsTouched, slotToDateTime, slotToIso, toSlot } from '../../../domain/calendar/slots.ts';

describe('I17 the 5-minute grid', () => {
  test('an instant is the same slot in whatever zone or notation it is written', () => {
    expect(toSlot('1970-01-01T00:05:00Z')).toBe(1);
    expect(toSlot('2026-08-03T10:00:00+05:30')).toBe(toSlot('2026-08-03T04:30:00.000Z'));
    expect(toSlot(DateTime.fromISO('2026-08-03T10:00', { zone: 'Asia/Kolkata' }))).toBe(toSlot('2026-08-03T04:30:00Z'));
    expect(toSlot(new Date('2026-08-03T04:30:00Z'))).toBe(toSlot('2026-08-03T04:30:00Z'));
  });

  test('a time off the grid is refused by name', () => {
    expect(() => toSlot('2026-08-03T10:02:00Z')).toThrow('"2026-08-03T10:02:00Z" is not on a border of 5 minutes');
    expect(() => toSlot('2026-08-03T10:00:30Z')).toThrow(RangeError);
    expect(() => toSlot(new Date('2026-08-03T10:02:00Z'))).toThrow('2026-08-03T10:02:00.000Z is not on a border of 5 minutes');
    expect(() => toSlot(new Date(NaN))).toThrow(RangeError);
    expect(() => minutesToSlots(52)).toThrow('52 minutes is not a positive multiple of 5 minutes');
    expect(() => minutesToSlots(0)).toThrow(RangeError);
  });

  test('text that is no instant, or that would need the zone of the machine, is refused', () => {
    for (const text of ['2026-08-03', '2026-08-03T10:00', '10:00', 'soon', '2026-13-01T00:00:00Z']) {
      expect(() => toSlot(text)).toThrow(RangeError);
    }
  });

  test('a slot comes back as the instant at which it begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000_000 }), (slot) => {
        expect(toSlot(slotToIso(slot))).toBe(slot);
        expect(toSlot(slotToDateTime(slot, 'Asia/Kathmandu'))).toBe(slot);
      }),
    );
    expect(slotToDateTime(toSlot('2026-08-03T04:30:00Z'), 'Asia/Kolkata').toFormat('HH:mm')).toBe('10:00');
  });

  test('a fact off the grid takes every slot it touches, and no more', () => {
    const base = toSlot('2026-08-03T10:00:00Z');
    expect(slotsTouched('2026-08-03T10:02:00Z', '2026-08-03T10:41:00Z')).toEqual({ start: base, end: base + 9 });
    expect(slotsTouched('2026-08-03T10:00:00Z', '2026-08-03T10:40:00Z')).toEqual({ start: base, end: base + 8 });
  });

  test('stretches that only touch do not overlap', () => {
    expect(overlaps({ start: 0, end: 12 }, { start: 12, end: 24 })).toBe(false);
    expect(overlaps({ start: 0, end: 13 }, { start: 12, end: 24 })).toBe(true);
  });

  test('merged stretches hold the same slots, ascending, with a gap between any two', () => {
    const stretch = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 })).map(([start, length]) => ({ start, end: start + length }));
    const slotsOf = (intervals: readonly { start: number; end: number }[]) =>
      [...new Set(intervals.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, offset) => start + offset)))].sort((a, b) => a - b);
    fc.assert(fc.property(fc.array(stretch), (intervals) => {
      const result = merged(intervals);
      expect(slotsOf(result)).toEqual(slotsOf(intervals));
      result.forEach(({ start, end }, index) => {
        expect(end).toBeGreaterThan(start);
        if (index > 0) expect(start).toBeGreaterThan(result[index - 1]!.end);
      });
    }));
  });
});
