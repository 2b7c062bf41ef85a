import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { readSpokenTime } from '../../../bots/commands/spoken-time.ts';

/** A Monday morning. */
const now = DateTime.fromISO('2026-11-23T08:30', { zone: 'Asia/Kolkata' });
const read = (text: string, from = now) => {
  const spoken = readSpokenTime(text.split(' '), from);
  return spoken && [spoken.at.toFormat('yyyy-MM-dd HH:mm'), spoken.rest.join(' ')];
};

describe('D2 a time as people write it', () => {
  test.each([
    ['27 Nov 16:00', '2026-11-27 16:00', ''],
    ['27 Nov 16:00 B-203', '2026-11-27 16:00', 'B-203'],
    ['Friday 4 pm', '2026-11-27 16:00', ''],
    ['friday 4 pm 101', '2026-11-27 16:00', '101'],
    ['4 pm on Friday room C-101', '2026-11-27 16:00', 'room C-101'],
    ['tomorrow 10:00 in A-101', '2026-11-24 10:00', 'in A-101'],
    ['3/12 16:00', '2026-12-03 16:00', ''],
    ['2026-11-27 16:00 A-201', '2026-11-27 16:00', 'A-201'],
    ['2026-11-27T16:00', '2026-11-27 16:00', ''],
    ['monday 8 am', '2026-11-30 08:00', ''],
    ['4pm', '2026-11-23 16:00', ''],
    ['7 am', '2026-11-24 07:00', ''],
    ['27 Nov 4 pm UTC', '2026-11-27 21:30', ''],
  ])('%p', (text, at, rest) => {
    expect(read(text)).toEqual([at, rest]);
  });

  test.each(['', 'Friday', '27 Nov', 'A-101', 'soon', '31 Feb 16:00', 'B-203 Friday'])('%p names no time of day first', (text) => {
    expect(read(text)).toBeNull();
  });

  test('a time keeps its wall clock across a clock change', () => {
    expect(read('2 November 16:00', DateTime.fromISO('2026-10-20T08:00', { zone: 'Europe/Berlin' }))).toEqual(['2026-11-02 16:00', '']);
  });

  test('every day and time of the coming months is read as it is written', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 287 }), fc.constantFrom('A-101', 'Hall 4', ''), (days, slot, room) => {
      const at = now.startOf('day').plus({ days }).set({ hour: Math.floor(slot / 12), minute: (slot % 12) * 5 });
      for (const format of ['d LLLL yyyy HH:mm', 'd LLL yyyy h:mm a', 'yyyy-MM-dd HH:mm']) {
        expect(read(`${at.toFormat(format, { locale: 'en-GB' })} ${room}`.trim())).toEqual([at.toFormat('yyyy-MM-dd HH:mm'), room]);
      }
    }), { numRuns: 200 });
  });

  test('anything else gives a time or none', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('4', 'pm', 'Friday', '16:00', '99', 'at', '-'))), (words) => {
      const spoken = readSpokenTime(words, now);
      if (spoken) expect(spoken.at.isValid).toBe(true);
    }), { numRuns: 300 });
  });
});
