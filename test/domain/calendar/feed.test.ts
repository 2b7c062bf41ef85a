import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import fc from 'fast-check';
import { buildFeed, type Feed } from '../../../domain/calendar/feed.ts';
import type { FeedEvent } from '../../../domain/calendar/vcalendar.ts';
import { longestLine, parseCalendar } from './parsed-calendar.ts';

const lecture: FeedEvent = {
  uid: 'session-17@beadle.example',
  sequence: 0,
  status: 'confirmed',
  start: '2026-08-03T04:30:00Z',
  end: '2026-08-03T05:30:00Z',
  zone: 'Asia/Kolkata',
  summary: 'Compilers',
  lastModified: '2026-07-30T10:00:00Z',
  categories: ['class'],
};
const feedOf = (...events: FeedEvent[]): Feed => ({ name: 'Week of Meera', zone: 'Asia/Kolkata', refreshMinutes: 30, events });
const parsed = (...events: FeedEvent[]) => parseCalendar(buildFeed(feedOf(...events)));

describe('D6 iCal feed', () => {
  test('says its name, its zone and how often to look again', () => {
    const calendar = parsed(lecture);
    expect(calendar.value('x-wr-calname')).toBe('Week of Meera');
    expect(calendar.value('refresh-interval')).toBe('PT30M');
    expect(calendar.value('x-published-ttl')).toBe('PT30M');
    expect(calendar.value('x-wr-timezone')).toBe('Asia/Kolkata');
    expect(calendar.value('version')).toBe('2.0');
    expect(calendar.zones).toEqual(['Asia/Kolkata']);
  });

  test('an event keeps its uid, and its sequence rises, through three moves and a cancel', () => {
    const starts = ['2026-08-03T04:30:00Z', '2026-08-04T08:00:00Z', '2026-08-05T09:00:00Z', '2026-08-06T03:30:00Z'];
    const versions = starts.map((start, sequence) => ({ ...lecture, start, end: DateTime.fromISO(start, { zone: 'utc' }).plus({ hours: 1 }), sequence }));
    const seen = [...versions, { ...versions[3]!, sequence: 4, status: 'cancelled' as const }].map((version) => parsed(version).events[0]!);
    expect(new Set(seen.map(({ uid }) => uid))).toEqual(new Set([lecture.uid]));
    expect(seen.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4]);
    expect(seen.map(({ start }) => start)).toEqual([...starts, starts[3]!]);
    expect(seen.map(({ status }) => status)).toEqual(['CONFIRMED', 'CONFIRMED', 'CONFIRMED', 'CONFIRMED', 'CANCELLED']);
  });

  test('times are the wall clock of their zone, right before and after both clock changes', () => {
    const dates = ['2026-03-28', '2026-03-30', '2026-10-24', '2026-10-26'];
    const events = dates.map((date, index) => {
      const start = DateTime.fromISO(`${date}T10:00`, { zone: 'Europe/Berlin' });
      return { ...lecture, uid: `lecture-${index}`, zone: 'Europe/Berlin', start, end: start.plus({ minutes: 55 }) };
    });
    const seen = parsed(...events).events;
    expect(seen.map(({ startLocal }) => startLocal)).toEqual(dates.map((date) => `${date}T10:00:00`));
    expect(seen.map(({ start }) => start.slice(11, 16))).toEqual(['09:00', '08:00', '08:00', '09:00']);
    expect(seen.map(({ startZone }) => startZone)).toEqual(dates.map(() => 'Europe/Berlin'));
  });

  test('every zone that an event uses is described, old names by their present one, and UTC needs none', () => {
    const zones = ['Asia/Calcutta', 'America/New_York', 'UTC'];
    const calendar = parsed(...zones.map((zone) => ({ ...lecture, uid: zone, zone })));
    expect(calendar.zones.toSorted()).toEqual(['America/New_York', 'Asia/Kolkata']);
    expect(calendar.events.map(({ start }) => start)).toEqual(Array.from(zones, () => lecture.start));
    expect(() => parsed({ ...lecture, zone: 'Mars/Olympus' })).toThrow(RangeError);
  });

  test('any text comes back as it was, in lines of at most 75 octets', () => {
    const texts = [
      'Maths, Physics; and "Chemistry" \\ all: in one',
      'first line\nsecond line\r\nthird',
      '👩🏽‍🎓 viva 🎓'.repeat(20),
      'प्रबन्धन और सङ्गणक विज्ञान की प्रयोगशाला '.repeat(6).trim(),
      'ಗಣಕ 计算机 مصنوعی ذہانت',
    ];
    for (const text of texts) {
      const feed = buildFeed({ ...feedOf({ ...lecture, summary: text, location: text, description: text, categories: [text] }), name: text });
      const calendar = parseCalendar(feed);
      const normal = text.replaceAll('\r\n', '\n');
      expect(calendar.events[0]).toMatchObject({ summary: normal, location: normal, description: normal, categories: [normal] });
      expect(longestLine(feed)).toBeLessThanOrEqual(75);
      expect(feed.endsWith('END:VCALENDAR\r\n')).toBe(true);
      expect(feed.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    }
  });

  test('no text whatever, from whatever mail, can add a line of its own', () => {
    const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('x\r\nATTENDEE:mailto:a@b.example'), fc.constant('half \ud83d of it\u0000\u0085'));
    fc.assert(
      fc.property(hostile, hostile, hostile, (summary, name, url) => {
        const feed = buildFeed({ ...feedOf({ ...lecture, summary, description: name, url }), name });
        const names = feed.split('\r\n').filter((line) => !line.startsWith(' ')).map((line) => line.split(/[:;]/)[0]);
        expect(names.filter((each) => each === 'ATTENDEE')).toEqual([]);
        expect(parseCalendar(feed).events).toHaveLength(1);
        expect(longestLine(feed)).toBeLessThanOrEqual(75);
      }),
      { numRuns: 200 },
    );
    expect(() => parsed({ ...lecture, uid: 'a\r\nb' })).toThrow(RangeError);
    expect(() => parsed({ ...lecture, start: 'soon' })).toThrow(RangeError);
  });

  test('a link is kept when it is one of the web', () => {
    const url = 'https://meet.example.com/j/9?pwd=a,b;c&x=ü';
    expect(parsed({ ...lecture, url }).events[0]!.url).toBe('https://meet.example.com/j/9?pwd=a%2Cb%3Bc&x=%C3%BC');
    for (const other of ['javascript:alert(1)', 'file:///etc/hosts', 'no link']) expect(parsed({ ...lecture, url: other }).events[0]!.url).toBeNull();
  });

  test('cancelled events stay in the feed and take up no time', () => {
    const feed = buildFeed(feedOf(lecture, { ...lecture, uid: 'other', status: 'cancelled' }, { ...lecture, uid: 'third', status: 'tentative' }));
    expect(parseCalendar(feed).events.map(({ status }) => status).toSorted()).toEqual(['CANCELLED', 'CONFIRMED', 'TENTATIVE']);
    expect(feed.match(/^TRANSP:TRANSPARENT/gm)).toHaveLength(1);
  });

  test('five hundred events come out as five hundred, in order of time', () => {
    const first = DateTime.fromISO('2026-08-03T04:30:00Z', { zone: 'utc' });
    const events = Array.from({ length: 500 }, (_, index) => {
      const start = first.plus({ hours: (index * 7) % 500 });
      return { ...lecture, uid: `session-${index}`, start, end: start.plus({ hours: 1 }) };
    });
    const seen = parsed(...events).events;
    expect(new Set(seen.map(({ uid }) => uid)).size).toBe(500);
    expect(seen.map(({ start }) => start)).toEqual(seen.map(({ start }) => start).toSorted());
  });

  test('the text is the same for the same events in any order, and another after any change', () => {
    const other = { ...lecture, uid: 'other' };
    const text = buildFeed(feedOf(lecture, other));
    expect(buildFeed(feedOf(other, lecture))).toBe(text);
    expect(parsed(lecture).events[0]!.stamp).toBe('2026-07-30T10:00:00Z');
    for (const changed of [{ ...lecture, sequence: 1 }, { ...lecture, summary: 'Compilers II' }, { ...lecture, status: 'cancelled' as const }]) {
      expect(buildFeed(feedOf(changed, other))).not.toBe(text);
    }
  });

  test('an empty feed is a calendar too', () => {
    expect(parsed().events).toEqual([]);
  });
});
