// Which ways are taken, and when: whatever somebody wants, they are told, and in time.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { type NoticeChannel, noticeChannels, noPreferences, tellableFrom, waysTaken } from '../../domain/notice-ways.ts';

const ways = (...channels: NoticeChannel[]) => channels.map((channel, index) => ({ channel, address: String(index) }));
const taken = (all: NoticeChannel[], channels: NoticeChannel[] | null = null) => waysTaken(ways(...all), { channels }).map(({ channel }) => channel);
const at = (text: string) => DateTime.fromISO(text, { zone: 'Asia/Kolkata' });
const night = { quietFrom: '22:00', quietUntil: '07:00' };

describe('A24 channels per person', () => {
  test('without a wish every chat and device, else e-mail', () => {
    expect(taken(['telegram', 'push', 'push', 'email'])).toEqual(['telegram', 'push', 'push']);
    expect(taken(['email'])).toEqual(['email']);
  });

  test('with one, what is wanted and there; nothing of it there, as without', () => {
    expect(taken(['telegram', 'push', 'email'], ['email'])).toEqual(['email']);
    expect(taken(['telegram', 'push', 'email'], ['push', 'email'])).toEqual(['push', 'email']);
    expect(taken(['telegram', 'email'], ['push'])).toEqual(['telegram']);
    expect(taken(['email'], ['push'])).toEqual(['email']);
  });

  test('whoever can be told is told, and only by ways that they have', () => {
    const some = fc.subarray([...noticeChannels]);
    fc.assert(fc.property(some, fc.option(some), (all, channels) => {
      const chosen = taken(all, channels);
      expect(chosen.length > 0).toBe(all.length > 0);
      expect(all).toEqual(expect.arrayContaining(chosen));
    }));
  });
});

describe('A24 quiet hours', () => {
  test.each([
    ['2026-11-24T21:59', '2026-11-24T21:59'], ['2026-11-24T22:00', '2026-11-25T07:00'], ['2026-11-24T23:30', '2026-11-25T07:00'],
    ['2026-11-25T00:00', '2026-11-25T07:00'], ['2026-11-25T06:59', '2026-11-25T07:00'], ['2026-11-25T07:00', '2026-11-25T07:00'],
  ])('at %s one is told at %s', (now, then) => {
    expect(tellableFrom(at(now), night).toISO()).toBe(at(then).toISO());
  });

  test('within a day they end the same day', () => {
    expect(tellableFrom(at('2026-11-24T13:30'), { quietFrom: '13:00', quietUntil: '14:00' }).toISO()).toBe(at('2026-11-24T14:00').toISO());
  });

  test.each([
    ['2026-11-25T06:00', '2026-11-25T07:30', '2026-11-25T06:00'], ['2026-11-25T03:00', '2026-11-25T07:30', '2026-11-25T05:30'],
    ['2026-11-25T03:00', '2026-11-25T10:00', '2026-11-25T07:00'], ['2026-11-25T03:00', '2026-11-24T10:00', '2026-11-25T07:00'],
  ])('at %s, of a class at %s one is told at %s', (now, start, then) => {
    expect(tellableFrom(at(now), night, [at(start)]).toISO()).toBe(at(then).toISO());
  });

  test('where the clock is changed, they end when it shows their end', () => {
    const berlin = DateTime.fromISO('2027-03-28T01:30', { zone: 'Europe/Berlin' });
    expect(tellableFrom(berlin, night).toISO()).toBe('2027-03-28T07:00:00.000+02:00');
  });

  test('nobody waits a day, nobody is told before now, and nobody in quiet hours unless something begins within two hours', () => {
    const time = fc.tuple(fc.nat(23), fc.nat(59)).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
    fc.assert(fc.property(time, time, fc.integer({ min: 0, max: 3 * 1440 }), fc.option(fc.integer({ min: -300, max: 2_000 })), (quietFrom, quietUntil, minutes, ahead) => {
      const now = at('2026-11-24T00:00').plus({ minutes });
      const starts = ahead === null ? [] : [now.plus({ minutes: ahead })];
      const then = tellableFrom(now, { quietFrom, quietUntil }, starts);
      expect(then >= now && then.diff(now).as('hours') <= 24).toBe(true);
      const isQuiet = (moment: DateTime) => tellableFrom(moment, { quietFrom, quietUntil }) > moment;
      const isSoon = starts.some((start) => start > now && start.diff(then).as('hours') <= 2);
      expect(isQuiet(then) && !isSoon).toBe(false);
    }));
    expect(tellableFrom(at('2026-11-24T23:00'), noPreferences)).toEqual(at('2026-11-24T23:00'));
  });
});
