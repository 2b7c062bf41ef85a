import { describe, expect, test } from '@jest/globals';
import { buildInvitation } from '../../../domain/calendar/invitation.ts';
import type { FeedEvent } from '../../../domain/calendar/vcalendar.ts';
import { longestLine, parseCalendar } from './parsed-calendar.ts';

const makeup: FeedEvent = {
  uid: 'makeup-4@beadle.example',
  sequence: 0,
  status: 'confirmed',
  start: '2026-08-03T08:30:00Z',
  end: '2026-08-03T09:30:00Z',
  zone: 'Europe/Berlin',
  summary: 'Operating Systems, moved',
  lastModified: '2026-07-30T10:00:00Z',
  categories: [],
};
const office = { name: 'Beadle', email: 'beadle@campus.example' };
const student = { name: 'Sinéad "Shin" O’Brien; ஆதித்யா', email: 'sinead@campus.example' };

describe('I20 the calendar part of an e-mail', () => {
  test('asks the recipient\'s calendar to enter the event, without asking for an answer', () => {
    const { method, content } = buildInvitation(makeup, office, student);
    const calendar = parseCalendar(content);
    expect([method, calendar.value('method')]).toEqual(['REQUEST', 'REQUEST']);
    expect(calendar.zones).toEqual(['Europe/Berlin']);
    expect(calendar.events[0]).toMatchObject({
      uid: makeup.uid,
      startLocal: '2026-08-03T10:30:00',
      organizer: 'mailto:beadle@campus.example',
      attendees: [{ address: expect.stringMatching(/^mailto:sinead@campus\.example$/i), name: student.name, rsvp: 'FALSE' }],
    });
    expect(longestLine(content)).toBeLessThanOrEqual(75);
  });

  test('through three moves and a cancel it is the same event with a rising sequence, and the last part cancels', () => {
    const versions = [0, 1, 2, 3].map((sequence) => ({ ...makeup, sequence }));
    const parts = [...versions, { ...makeup, sequence: 4, status: 'cancelled' as const }].map((version) => buildInvitation(version, office, student));
    expect(parts.map(({ method }) => method)).toEqual(['REQUEST', 'REQUEST', 'REQUEST', 'REQUEST', 'CANCEL']);
    const calendars = parts.map(({ content }) => parseCalendar(content));
    expect(calendars.map((calendar) => calendar.value('method'))).toEqual(parts.map(({ method }) => method));
    expect(calendars.map(({ events }) => events[0]!.sequence)).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(calendars.map(({ events }) => events[0]!.uid)).size).toBe(1);
    expect(calendars[4]!.events[0]!.status).toBe('CANCELLED');
  });

  test('an address that could add a line is refused, and not repeated in the error', () => {
    for (const email of ['a@b.example\r\nX-EVIL:1', 'no address', 'a;b@c.example', 'a@b@c.example', '']) {
      expect(() => buildInvitation(makeup, office, { name: 'x', email })).toThrow(new RangeError('not an e-mail address for a calendar'));
    }
  });

  test('a person without a name goes by the address', () => {
    const { content } = buildInvitation(makeup, office, { name: ' ', email: student.email });
    expect(parseCalendar(content).events[0]!.attendees[0]!.name).toBe(student.email);
  });
});
