// Calendar parts and schema.org markup: what needs no guessing.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCalendarPart } from '../../../domain/interviews/calendar-part.ts';
import { readMarkup } from '../../../domain/interviews/markup.ts';
import { extract } from '../../../domain/interviews/pipeline.ts';
import { asha, campus, lines, mailWith } from './mails.ts';

const event = (fields: Record<string, string>, method = 'REQUEST') => lines('BEGIN:VCALENDAR', 'VERSION:2.0', `METHOD:${method}`, 'BEGIN:VEVENT', 'UID:u-1',
  ...Object.entries({ DTSTART: '20270520T043000Z', DTEND: '20270520T053000Z', SUMMARY: 'Kestrel: technical interview', ...fields }).map(([name, value]) => `${name}:${value}`),
  'END:VEVENT', 'END:VCALENDAR');
const find = (ics: string, subject = 'Invitation', text = '') => extract(mailWith({ ics, subject, text }), asha, campus);

describe('I8 calendar parts', () => {
  test('a request is an invitation, with its UID and sequence', async () => {
    expect(await find(event({ LOCATION: 'Hall 2', 'ORGANIZER;CN=Kestrel': 'mailto:hr@kestrel.example' }))).toMatchObject({
      found: true, kind: 'invite', source: 'calendar', company: 'Kestrel', round: 'technical', start: '2027-05-20T10:00:00+05:30', end: '2027-05-20T11:00:00+05:30', location: 'Hall 2', calendarUid: 'u-1', calendarSequence: 0,
    });
  });

  test('a raised sequence moves it', async () => {
    expect(await find(event({ SEQUENCE: '2' }))).toMatchObject({ kind: 'reschedule', calendarSequence: 2 });
  });

  test.each([['METHOD:CANCEL', event({}, 'CANCEL')], ['STATUS:CANCELLED', event({ STATUS: 'CANCELLED' })], ['a title that says so under METHOD:REQUEST', event({ SUMMARY: 'Canceled: Kestrel interview', SEQUENCE: '1' })]])('%s calls it off', async (_name, ics) => {
    expect(await find(ics)).toMatchObject({ kind: 'cancel', start: '2027-05-20T10:00:00+05:30' });
  });

  test('zones of Windows, of the calendar itself and none at all are understood', () => {
    const zone = (line: string, value: string) => readCalendarPart(lines('BEGIN:VCALENDAR', 'BEGIN:VTIMEZONE', 'TZID:Campus Time', 'BEGIN:STANDARD', 'DTSTART:19700101T000000', 'TZOFFSETFROM:+0545', 'TZOFFSETTO:+0545', 'END:STANDARD', 'END:VTIMEZONE', 'BEGIN:VEVENT', `${line}:${value}`, 'END:VEVENT', 'END:VCALENDAR'), 'Asia/Kolkata')?.start;
    expect(zone('DTSTART;TZID="Pacific Standard Time"', '20270520T090000')).toBe('2027-05-20T09:00:00-07:00');
    expect(zone('DTSTART;TZID=Europe/Berlin', '20270520T090000')).toBe('2027-05-20T09:00:00+02:00');
    expect(zone('DTSTART;TZID=Campus Time', '20270520T090000')).toBe('2027-05-20T09:00:00+05:45');
    expect(zone('DTSTART', '20270520T090000')).toBe('2027-05-20T09:00:00+05:30');
    expect(zone('DTSTART;VALUE=DATE', '20270520')).toBe('2027-05-20');
  });

  test.each(['Weekly team sync', 'Careers webinar', 'Kestrel pre-placement talk', 'User interview: new app'])('"%s" is another event, and the mail is none', async (SUMMARY) => {
    expect(await find(event({ SUMMARY }))).toMatchObject({ found: null, reason: 'other-calendar-event' });
  });

  test('a series is none unless its title says interview', async () => {
    expect(await find(event({ SUMMARY: 'Catch up', RRULE: 'FREQ=WEEKLY' }), 'Interview')).toMatchObject({ found: null });
    expect(await find(event({ RRULE: 'FREQ=DAILY;COUNT=2' }))).toMatchObject({ found: true });
  });

  test('an untitled meeting is one when the mail around it speaks of an interview', async () => {
    expect(await find(event({ SUMMARY: 'Kestrel x Asha' }), 'Kestrel', 'Here is the invite for your technical interview.')).toMatchObject({ found: true, company: 'Kestrel' });
  });

  test('somebody\'s reply to an invitation is none', async () => {
    expect(await find(event({}, 'REPLY'))).toMatchObject({ found: null });
  });

  test('a calendar that cannot be read leaves the mail to the rules', async () => {
    expect(await find('BEGIN:VCALENDAR\r\nnonsense', 'Interview with Kestrel', 'Your interview is scheduled on 20 May at 10 am.')).toMatchObject({ source: 'rules', start: '2027-05-20T10:00:00+05:30' });
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => { readCalendarPart(text, 'UTC'); readCalendarPart(`BEGIN:VCALENDAR\nBEGIN:VEVENT\n${text}\nEND:VEVENT\nEND:VCALENDAR`, 'UTC'); }));
  });
});

describe('I8 schema.org markup', () => {
  const jsonLd = (json: unknown) => `<html><script type="application/ld+json">${JSON.stringify(json)}</script><p>Your interview</p></html>`;
  const reservation = { '@context': 'http://schema.org', '@type': 'EventReservation', reservationFor: { '@type': 'Event', name: 'HR interview with Kestrel', startDate: '2027-05-20T10:00:00+05:30', endDate: '2027-05-20T10:45:00+05:30', location: { '@type': 'Place', name: 'Kestrel House' } } };

  test('JSON-LD gives time, place and end', async () => {
    expect(await extract(mailWith({ html: jsonLd(reservation) }), asha, campus)).toMatchObject({ found: true, source: 'markup', kind: 'invite', company: 'Kestrel', start: '2027-05-20T10:00:00+05:30', end: '2027-05-20T10:45:00+05:30', location: 'Kestrel House' });
  });

  test('microdata gives the same', () => {
    const html = '<div itemscope itemtype="https://schema.org/Event"><span itemprop="name">Interview</span><time itemprop="startDate" datetime="2027-05-20T10:00">20 May</time><div itemprop="location" itemscope itemtype="https://schema.org/Place"><b itemprop="name">Hall 2</b></div></div>';
    expect(readMarkup(html, 'Asia/Kolkata')).toMatchObject({ name: 'Interview', start: '2027-05-20T10:00:00+05:30', location: 'Hall 2' });
  });

  test('a cancelled and a moved event say so', () => {
    const event = (fields: object) => readMarkup(jsonLd({ '@context': 'https://schema.org', '@graph': [{ '@type': 'Organization' }, { '@type': 'Event', name: 'Interview', startDate: '2027-05-20T10:00:00Z', ...fields }] }), 'UTC');
    expect(event({ eventStatus: 'https://schema.org/EventCancelled' })).toMatchObject({ cancelled: true });
    expect(event({ previousStartDate: '2027-05-19T10:00:00Z' })).toMatchObject({ rescheduled: true, previousStart: expect.stringContaining('2027-05-19') });
  });

  test('markup of a flight or a webinar is no interview', async () => {
    const flight = { '@context': 'http://schema.org', '@type': 'FlightReservation', reservationFor: { '@type': 'Flight', departureTime: '2027-05-20T10:00:00Z' } };
    expect(await extract(mailWith({ html: jsonLd(flight), subject: 'Your flight' }), asha, campus)).toMatchObject({ found: null });
    expect(await extract(mailWith({ html: jsonLd({ ...reservation, reservationFor: { ...reservation.reservationFor, name: 'Webinar: interview tips' } }) }), asha, campus)).toMatchObject({ found: null });
  });

  test('broken and hostile markup is none', () => {
    expect(readMarkup('<script type="application/ld+json">{"@type": schema.org</script>', 'UTC')).toBeNull();
    expect(readMarkup(`schema.org${'<div itemscope itemprop="x">'.repeat(5000)}`, 'UTC')).toBeNull();
    fc.assert(fc.property(fc.jsonValue(), (json) => { readMarkup(`schema.org ${jsonLd(json)}`, 'UTC'); }));
  });
});
