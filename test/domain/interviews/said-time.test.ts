// A time as a student writes it to the bot.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { readSaidTime, type SaidTimeContext } from '../../../domain/interviews/said-time.ts';

/** A Monday, half past eight in Kolkata; the interview is on Wednesday. */
const kolkata: SaidTimeContext = { now: '2026-11-23T03:00:00Z', zone: 'Asia/Kolkata', locale: 'en-IN', day: '2026-11-25', round: null };

function said(text: string, more: Partial<SaidTimeContext> = {}): string {
  const context = { ...kolkata, ...more };
  const read = readSaidTime(text, context);
  if ('wrong' in read) return read.wrong;
  const at = (date: Date) => DateTime.fromJSDate(date).setZone(context.zone).toFormat('yyyy-MM-dd HH:mm');
  return `${at(read.start)} ${at(read.end).slice(-5)}`;
}

describe('I11 the student says when', () => {
  test.each([
    ['25 Nov 10:00–11:30', '2026-11-25 10:00 11:30'], ['25 Nov 10.00 - 11.30', '2026-11-25 10:00 11:30'], ['2026-11-26 10:00-11:30', '2026-11-26 10:00 11:30'],
    ['Friday 14:00', '2026-11-27 14:00 15:00'], ['tomorrow 3 pm', '2026-11-24 15:00 16:00'], ['It is on 5 December at 4:15 p.m.', '2026-12-05 16:15 17:15'],
    ['28 Feb 9 am to 9.45 am', '2027-02-28 09:00 09:45'], ['2026-11-25T10:00+00:00', '2026-11-25 15:30 16:30'], ['25 Nov 10:00 CET', '2026-11-25 14:30 15:30'],
  ])('%s', (text, expected) => {
    expect(said(text)).toBe(expected);
  });

  test('a time alone is on the interview’s day', () => {
    expect(said('10:00–11:30')).toBe('2026-11-25 10:00 11:30');
    expect(said('at 3 pm')).toBe('2026-11-25 15:00 16:00');
  });

  test('without an end it is as long as such a round usually is', () => {
    expect(said('25 Nov 10:00', { round: 'assessment' })).toBe('2026-11-25 10:00 11:30');
  });

  test('day and month are in the order of the student’s locale', () => {
    expect(said('03/12/2026 10:00')).toBe('2026-12-03 10:00 11:00');
    expect(said('03/12/2027 10:00')).toBe('past');
    expect(said('12/03/2026 10:00', { locale: 'en-US' })).toBe('2026-12-03 10:00 11:00');
  });

  test('a zone of another campus is its own', () => {
    expect(said('25 Nov 10:00', { zone: 'America/New_York' })).toBe('2026-11-25 10:00 11:00');
  });

  test('the past is refused, and what is more than a year away', () => {
    expect(['20 Nov 10:00', 'today 8:00', '25 Nov 2025 10:00', '25 Dec 2028 10:00'].map((text) => said(text))).toEqual(['past', 'past', 'past', 'past']);
  });

  test('a window to come within is no time', () => {
    expect(said('25 Nov 9 am to 5 pm')).toBe('long');
  });

  test.each(['', 'hello', '25 Nov', '25 Nov 10:00 or 26 Nov 11:00', '10:00 to 11:00 and 13:00', '\u202Eما', 'x'.repeat(5000)])('“%s” is unclear', (text) => {
    expect(said(text)).toBe('unclear');
  });

  test('whatever is written, what comes of it is ahead, in order and short enough; and nothing breaks it', () => {
    const words = fc.array(fc.constantFrom('25', 'Nov', '10:00', '-', '11:30', 'pm', 'tomorrow', '2026', 'to', '/', '12', 'Friday', 'IST', '31', 'Feb'), { maxLength: 8 });
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), words.map((list) => list.join(' '))), (text) => {
      const read = readSaidTime(text, kolkata);
      if ('wrong' in read) return;
      expect(read.start.getTime()).toBeGreaterThan(Date.parse(kolkata.now));
      expect(read.end.getTime() - read.start.getTime()).toBeGreaterThan(0);
      expect(read.end.getTime() - read.start.getTime()).toBeLessThanOrEqual(4 * 3_600_000);
    }), { numRuns: 300 });
  });
});
