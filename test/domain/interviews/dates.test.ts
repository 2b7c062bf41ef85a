// Dates, times and zones as people write them.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { findMoments } from '../../../domain/interviews/moments.ts';
import { findDuration } from '../../../domain/interviews/written-times.ts';
import { zoneFromWords, zoneOfMail } from '../../../domain/interviews/zones.ts';

// A Wednesday.
const context = { reference: '2027-05-12T10:00:00+05:30', zone: 'Asia/Kolkata', dayFirst: true };
const first = (text: string, change: Partial<typeof context> = {}) => findMoments(text, { ...context, ...change }, true)[0];

describe('I9 dates as written become instants', () => {
  test.each([
    ['tomorrow at 4 pm', '2027-05-13T16:00:00+05:30'],
    ['10 AM the day after tomorrow', '2027-05-14T10:00:00+05:30'],
    ['this Friday, 3.15 p.m.', '2027-05-14T15:15:00+05:30'],
    ['coming Monday at half past two', '2027-05-17T14:30:00+05:30'],
    ['on Wednesday at noon', '2027-05-19T12:00:00+05:30'],
    ['next Monday 09:00', '2027-05-17T09:00:00+05:30'],
    ['Thursday 20th at 6pm', '2027-05-20T18:00:00+05:30'],
    ['on the 3rd of June at quarter past ten', '2027-06-03T10:15:00+05:30'],
    ['6/7/2027 at 1600 hrs', '2027-07-06T16:00:00+05:30'],
    ['2027-06-01 10:30', '2027-06-01T10:30:00+05:30'],
    ['am Donnerstag, den 20. Mai um 14.30 Uhr', '2027-05-20T14:30:00+05:30'],
    ['May 21st, 2027 - 9:00 AM PT', '2027-05-21T09:00:00-07:00'],
    ['21 May 2027, 12:00 CET (15:30 your time)', '2027-05-21T12:00:00+02:00'],
    ['21-May-27 at 5 (IST)', '2027-05-21T17:00:00+05:30'],
    ['21 May, 14:00 UTC+01:00', '2027-05-21T14:00:00+01:00'],
    ['on 21 May at 11 in the morning', '2027-05-21T11:00:00+05:30'],
    ['3 January', '2028-01-03'],
  ])('%s', (text, start) => {
    expect(first(text)?.start).toBe(start);
  });

  test('the order of day and month follows the context, unless only one order exists or the weekday tells', () => {
    expect(first('on 06/07/2027 at 10:00', { dayFirst: false })?.start).toBe('2027-06-07T10:00:00+05:30');
    expect(first('on 06/25/2027 at 10:00')?.start).toBe('2027-06-25T10:00:00+05:30');
    expect(first('Monday 06/07/2027 at 10:00')?.start).toBe('2027-06-07T10:00:00+05:30');
  });

  test.each([
    ['21 May, 2-3 PM', '2027-05-21T14:00:00+05:30', '2027-05-21T15:00:00+05:30'],
    ['21 May, 11 to 1 PM', '2027-05-21T11:00:00+05:30', '2027-05-21T13:00:00+05:30'],
    ['21-May-2027 16:00 Hrs to 21-May-2027 17:45 Hrs (IST)', '2027-05-21T16:00:00+05:30', '2027-05-21T17:45:00+05:30'],
    ['21 May, 11:00 - 12:30 CEST', '2027-05-21T11:00:00+02:00', '2027-05-21T12:30:00+02:00'],
  ])('%s has an end', (text, start, end) => {
    expect(first(text)).toMatchObject({ start, end });
  });

  test('a time stands with the date beside it, a later line with the date above it', () => {
    expect(findMoments('5 PM on 20 May or 6 PM on 21 May', context, true).map(({ start }) => start)).toEqual(['2027-05-20T17:00:00+05:30', '2027-05-21T18:00:00+05:30']);
    expect(first('Date: 20 May 2027\nVenue: Hall 2\nTime: 9.30 am')?.start).toBe('2027-05-20T09:30:00+05:30');
  });

  test('numbers that are no times are none', () => {
    expect(first('20 May: 7.5 CGPA, 12-15 LPA, 3 rounds, 40 students, 24/7 help')).toMatchObject({ start: '2027-05-20', hasTime: false });
  });

  test('durations are told from lead times', () => {
    expect([findDuration('takes 1.5 hours'), findDuration('half hour'), findDuration('a 30-minute call'), findDuration('join 10 minutes early'), findDuration('within 48 hours')]).toEqual([90, 30, 30, null, null]);
  });

  test('zones in words, of Windows and as offsets are known, and a sentence can set one for all', () => {
    expect(['IST', 'Pacific Time', 'India Standard Time', '(Asia/Kolkata)', 'GMT+2', 'UTC+05:30', 'Lunch'].map(zoneFromWords)).toEqual(['Asia/Kolkata', 'America/Los_Angeles', 'Asia/Kolkata', 'Asia/Kolkata', 'UTC+2', 'Asia/Kolkata', null]);
    expect(zoneOfMail('All times are in SGT.')).toBe('Asia/Singapore');
  });

  test('any instant of the next months, written in any of many forms, is read back', () => {
    const forms = ['d MMMM yyyy, h:mm a', 'd MMM yyyy HH:mm', "MMMM d, yyyy 'at' h:mm a", "cccc, d MMMM yyyy 'at' HH:mm", 'dd/MM/yyyy HH:mm', "dd.MM.yyyy 'um' HH:mm", 'dd-MMM-yyyy HH:mm', 'yyyy-MM-dd HH:mm', "h:mm a 'on' d MMMM", "ccc d MMM, h.mm a", "'Date': dd-MM-yyyy\n'Time': h:mm a"];
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 7 * 12, max: 23 * 12 }), fc.constantFrom(...forms), fc.constantFrom('Asia/Kolkata', 'Europe/Berlin', 'America/New_York'), (days, fiveMinutes, form, zone) => {
      const instant = DateTime.fromISO('2027-05-12', { zone }).plus({ days }).set({ hour: Math.floor(fiveMinutes / 12), minute: (fiveMinutes % 12) * 5 });
      const read = findMoments(`Your interview: ${instant.toFormat(form, { locale: 'en' })}`, { reference: '2027-05-12T01:00:00Z', zone, dayFirst: true }, true);
      expect(read.map(({ start }) => start)).toContain(instant.toISO({ suppressMilliseconds: true }));
    }));
  });

  test('any text is read without an error', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => { findMoments(text, context, false); }));
  });
});
