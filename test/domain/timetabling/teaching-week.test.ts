import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { missingSlots, placeOf, slotsTouched, teachingWeek, timesOf, type PeriodRow } from '../../../domain/timetabling/teaching-week.ts';

const times = [['08:00', '08:50'], ['09:00', '09:50'], ['10:20', '11:10'], ['11:15', '12:05']] as const;
const rows = (weekdays: readonly number[], of: readonly (readonly [string, string])[] = times): PeriodRow[] =>
  weekdays.flatMap((weekday) => of.map(([start, end], index) => ({ id: 100 * weekday + index, weekday, start, end })));

describe('T7 teaching days and periods', () => {
  test('weekdays with the same periods are a grid, a gap of more than ten minutes is a break, the shortest other one the change', () => {
    const week = teachingWeek(rows([5, 1, 2]));
    expect(week).toMatchObject({ weekdays: [1, 2, 5], breaks: [{ after: 1, minutes: 30 }], changeMinutes: 5, periodCosts: [0, 0, 0, 0] });
    expect(week.slotIds[2]).toEqual([500, 501, 502, 503]);
    expect(missingSlots(week)).toEqual([]);
  });

  test('a shorter day lacks the periods that it hasn’t', () => {
    const week = teachingWeek([...rows([1]), ...rows([3], times.slice(1, 3))]);
    expect(missingSlots(week)).toEqual([{ day: 1, period: 0 }, { day: 1, period: 3 }]);
    expect(() => timesOf(week, { day: 1, period: 0 }, 1)).toThrow(RangeError);
  });

  test('the last period of a day of six or more is late', () => {
    const six = Array.from({ length: 6 }, (_, index) => [`1${index}:00`, `1${index}:50`] as const);
    expect(teachingWeek(rows([1], six)).periodCosts).toEqual([0, 0, 0, 0, 0, 1]);
  });

  test('no periods, periods that overlap on any two weekdays and too many of them are refused', () => {
    expect(() => teachingWeek([])).toThrow(expect.objectContaining({ code: 'periods-missing' }));
    expect(() => teachingWeek([...rows([1]), { id: 9, weekday: 2, start: '08:30', end: '09:30' }]))
      .toThrow(expect.objectContaining({ code: 'periods-overlap', details: { first: '08:00–08:50', second: '08:30–09:30' } }));
    const many = Array.from({ length: 17 }, (_, index) => [`${String(index + 5).padStart(2, '0')}:00`, `${String(index + 5).padStart(2, '0')}:45`] as const);
    expect(() => teachingWeek(rows([1], many))).toThrow(expect.objectContaining({ code: 'periods-many', details: { periods: 17, most: 16 } }));
  });

  test('a time touches the periods that it overlaps, not those that it only borders on', () => {
    const week = teachingWeek(rows([1, 4]));
    expect(slotsTouched(week, { weekday: 4, start: '08:50', end: '10:21' })).toEqual([{ day: 1, period: 1 }, { day: 1, period: 2 }]);
    expect(slotsTouched(week, { weekday: 4, start: '08:50', end: '09:00' })).toEqual([]);
    expect(slotsTouched(week, { weekday: 2, start: '08:00', end: '12:00' })).toEqual([]);
  });

  test('from a place to its times and back, whatever the week', () => {
    const week = fc.record({
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      gaps: fc.array(fc.record({ gap: fc.integer({ min: 0, max: 40 }), length: fc.integer({ min: 20, max: 60 }) }), { minLength: 1, maxLength: 12 }),
    });
    const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    fc.assert(fc.property(week, fc.nat(), fc.nat(), fc.nat(), ({ weekdays, gaps }, anyDay, anyPeriod, anyLength) => {
      let minute = 6 * 60;
      const cut = gaps.map(({ gap, length }) => {
        const start = minute + gap;
        minute = start + length;
        return [clock(start), clock(minute)] as const;
      }).filter(([, end]) => end <= '23:59');
      const grid = teachingWeek(rows(weekdays, cut));
      expect(grid.breaks.every(({ minutes }) => minutes > 10)).toBe(true);
      const slot = { day: anyDay % weekdays.length, period: anyPeriod % cut.length };
      const length = 1 + (anyLength % (cut.length - slot.period));
      const time = timesOf(grid, slot, length);
      expect(placeOf(grid, time)).toEqual({ ...slot, length });
      expect(slotsTouched(grid, time)).toEqual(Array.from({ length }, (_, offset) => ({ day: slot.day, period: slot.period + offset })));
      expect(time.slotId).toBe(100 * time.weekday + slot.period);
    }));
  });
});
