import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { isHeldIn, weekParity, weeksMeet } from '../../../domain/calendar/term-weeks.ts';

const day = fc.integer({ min: -2000, max: 20_000 }).map((days) => DateTime.fromISO('2024-01-01', { zone: 'utc' }).plus({ days }));
const week = fc.constantFrom('every', 'odd', 'even');
const iso = (date: DateTime) => date.toISODate()!;

describe('T7 odd and even weeks', () => {
  test('are counted from the term’s first, which ends on its Sunday even when the term starts on a Thursday', () => {
    const parity = (date: string) => weekParity('2026-08-06', date);
    expect(['2026-08-03', '2026-08-06', '2026-08-09', '2026-08-10', '2026-08-16', '2026-08-17'].map(parity)).toEqual(['odd', 'odd', 'odd', 'even', 'even', 'odd']);
  });

  test('alternate from Monday to Monday, whatever the day on which the term starts, across years', () => {
    fc.assert(fc.property(day, day, (start, date) => {
      const parity = weekParity(iso(start), iso(date));
      const monday = date.startOf('week');
      for (let offset = 0; offset < 7; offset += 1) expect(weekParity(iso(start), iso(monday.plus({ days: offset })))).toBe(parity);
      expect(weekParity(iso(start), iso(date.plus({ weeks: 1 })))).not.toBe(parity);
      expect(weekParity(iso(start), iso(start))).toBe('odd');
    }));
  });

  test('what is held in two kinds of weeks meets when there is a week that has both', () => {
    fc.assert(fc.property(week, week, (one, other) => {
      const both = (['odd', 'even'] as const).some((parity) => isHeldIn(one, parity) && isHeldIn(other, parity));
      expect([weeksMeet(one, other), weeksMeet(other, one)]).toEqual([both, both]);
    }));
  });
});
