import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { slotToDateTime, slotToIso } from '../../../domain/calendar/slots.ts';
import { expandCandidates, type Horizon } from '../../../domain/rescheduling/candidates.ts';

const horizon: Horizon = {
  weeklySlots: [{ id: 4, weekday: 1, startTime: '14:00', endTime: '16:00' }],
  from: '2026-08-03',
  days: 14,
  zone: 'Asia/Kolkata',
  holidays: [],
  teachingWeekdays: [1, 2, 3, 4, 5],
  durationMinutes: 60,
};

const wallClocks = (candidates: { start: number }[], zone: string) => candidates.map(({ start }) => slotToDateTime(start, zone).toFormat('MM-dd HH:mm'));

describe('I16 weekly slots become dated starts', () => {
  test('a class may begin anywhere in the window where it still fits', () => {
    const { candidates, days } = expandCandidates(horizon);
    expect(wallClocks(candidates, 'Asia/Kolkata')).toEqual(['08-03 14:00', '08-03 14:30', '08-03 15:00', '08-10 14:00', '08-10 14:30', '08-10 15:00']);
    expect(candidates.every(({ weeklySlotId }) => weeklySlotId === 4)).toBe(true);
    expect(days).toHaveLength(14);
    expect(slotToIso(days[0]!.startSlot)).toBe('2026-08-02T18:30:00.000Z');
  });

  test('a slot keeps its wall-clock time across both clock changes', () => {
    for (const from of ['2026-03-23', '2026-10-19']) {
      const { candidates, days } = expandCandidates({ ...horizon, from, zone: 'Europe/Berlin', stepMinutes: 60 });
      const times = candidates.map(({ start }) => slotToDateTime(start, 'Europe/Berlin').toFormat('HH:mm'));
      expect(times).toEqual(['14:00', '15:00', '14:00', '15:00']);
      const hours = candidates.map(({ start }) => slotToDateTime(start, 'utc').hour);
      expect(hours[0]).not.toBe(hours[2]);
      const lengths = days.map(({ startSlot, endSlot }) => endSlot - startSlot);
      expect(lengths.filter((length) => length !== 288)).toEqual([from.startsWith('2026-03') ? 276 : 300]);
      expect(days.every((day, index) => index === 0 || day.startSlot === days[index - 1]!.endSlot)).toBe(true);
      expect(days.every((day) => slotToDateTime(day.coreStart, 'Europe/Berlin').toFormat('HH:mm') === '09:00')).toBe(true);
    }
  });

  test('a start that the clock skips is left out; one that comes twice is taken the first time', () => {
    const night = { ...horizon, zone: 'Europe/Berlin', days: 1, stepMinutes: 60, weeklySlots: [{ id: 1, weekday: 7, startTime: '01:00', endTime: '05:00' }] };
    const spring = expandCandidates({ ...night, from: '2026-03-29' }).candidates;
    expect(wallClocks(spring, 'Europe/Berlin')).toEqual(['03-29 01:00', '03-29 03:00', '03-29 04:00']);
    const autumn = expandCandidates({ ...night, from: '2026-10-25' }).candidates;
    expect(autumn.map(({ start }) => slotToIso(start).slice(11, 16))).toEqual(['23:00', '00:00', '02:00', '03:00']);
  });

  test('holidays and other weekdays are days without teaching, and still have their starts', () => {
    const { candidates, days } = expandCandidates({ ...horizon, holidays: ['2026-08-10'] });
    expect(candidates).toHaveLength(6);
    expect(days.filter(({ teaching }) => !teaching).map(({ index }) => index)).toEqual([5, 6, 7, 12, 13]);
  });

  test('what is no date, no zone, no time, or off the grid, is refused', () => {
    expect(() => expandCandidates({ ...horizon, from: 'Monday' })).toThrow(RangeError);
    expect(() => expandCandidates({ ...horizon, zone: 'Mars/Olympus' })).toThrow(RangeError);
    expect(() => expandCandidates({ ...horizon, durationMinutes: 52 })).toThrow(RangeError);
    for (const endTime of ['25:00', '16:70', '4pm', '16:03']) {
      expect(() => expandCandidates({ ...horizon, weeklySlots: [{ id: 1, weekday: 1, startTime: '14:00', endTime }] })).toThrow(RangeError);
    }
    expect(expandCandidates({ ...horizon, weeklySlots: [{ id: 1, weekday: 1, startTime: '22:30:00', endTime: '24:00' }], days: 1 }).candidates).toHaveLength(2);
  });

  test('on any day of any zone a start shows the wall clock that its weekly slot says, and lies in it', () => {
    const zones = fc.constantFrom('Asia/Kolkata', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC');
    const window = fc.tuple(fc.integer({ min: 0, max: 280 }), fc.integer({ min: 1, max: 60 }));
    fc.assert(fc.property(zones, fc.integer({ min: 0, max: 3_000 }), window, (zone, day, [from, length]) => {
      const first = DateTime.fromISO('2024-01-01', { zone: 'utc' }).plus({ days: day });
      const clock = (slot: number) => `${String(Math.floor(slot / 12)).padStart(2, '0')}:${String((slot % 12) * 5).padStart(2, '0')}`;
      const slot = { id: 1, weekday: first.weekday, startTime: clock(from), endTime: clock(Math.min(288, from + length)) };
      const { candidates, days } = expandCandidates({
        ...horizon, weeklySlots: [slot], from: first.toISODate()!, days: 1, zone, durationMinutes: 5, stepMinutes: 5,
      });
      const wanted = Array.from({ length: Math.min(288, from + length) - from }, (_, offset) => clock(from + offset));
      const shown = candidates.map(({ start }) => slotToDateTime(start, zone).toFormat('HH:mm'));
      const changes = days[0]!.endSlot - days[0]!.startSlot !== 288;
      if (changes) expect(wanted).toEqual(expect.arrayContaining(shown));
      else expect(shown).toEqual(wanted);
    }), { numRuns: 500 });
  });
});
