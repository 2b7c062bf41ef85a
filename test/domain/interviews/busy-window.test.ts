import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { busyWindow, usualMinutes } from '../../../domain/interviews/busy-window.ts';

const buffers = { online: 10, 'on-campus': 20, elsewhere: 90 };
const at = (time: string) => new Date(`2026-11-25T${time}Z`);

describe('I15 travel buffers', () => {
  test.each([
    ['online', '09:50:00', '11:10:00'], ['phone', '09:50:00', '11:10:00'], [null, '09:50:00', '11:10:00'],
    ['on-campus', '09:40:00', '11:20:00'], ['elsewhere', '08:30:00', '12:30:00'],
  ] as const)('one %s keeps free from %s to %s', (mode, from, to) => {
    expect(busyWindow({ startsAt: at('10:00:00'), endsAt: at('11:00:00'), mode }, buffers)).toEqual({ from: at(from), to: at(to) });
  });

  test('an assessment without an end takes an hour and a half, anything else one hour', () => {
    expect(usualMinutes('assessment')).toBe(90);
    expect(usualMinutes('hr')).toBe(60);
    expect(usualMinutes(null)).toBe(60);
  });
});

describe('I16 what excuses nothing', () => {
  test('a bare date, and a window of more than four hours', () => {
    expect(busyWindow({ startsAt: null, endsAt: null, mode: null }, buffers)).toBeNull();
    expect(busyWindow({ startsAt: at('08:00:00'), endsAt: at('12:00:01'), mode: null }, buffers)).toBeNull();
    expect(busyWindow({ startsAt: at('08:00:00'), endsAt: at('12:00:00'), mode: null }, buffers)).not.toBeNull();
  });

  test('every other one keeps exactly its length and two buffers', () => {
    const modes = fc.constantFrom('online', 'on-campus', 'elsewhere', 'phone', null);
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 240 }), modes, (start, minutes, mode) => {
      const window = busyWindow({ startsAt: new Date(start), endsAt: new Date(start + minutes * 60_000), mode }, buffers)!;
      const buffer = mode === 'phone' || mode === null ? buffers.online : buffers[mode];
      expect(window.from.getTime()).toBe(start - buffer * 60_000);
      expect(window.to.getTime() - window.from.getTime()).toBe((minutes + 2 * buffer) * 60_000);
    }));
  });
});
