// Notices in words.
import { describe, expect, test } from '@jest/globals';
import type { NoticeKind } from '../../domain/notices.ts';
import { whenText } from '../../locales/dates.ts';
import { translator } from '../../locales/index.ts';
import { renderNotice } from '../../locales/messages.ts';
import { obstacleText, reasonText } from '../../locales/reasons.ts';
import { reader, sampleOf, samples } from './samples.ts';

const rendered = (kind: NoticeKind, more: object = {}, who = reader) => renderNotice(kind, { ...samples[kind], ...more }, who);
/** The spaces that locales put between numbers and words, as plain ones. */
const plain = (lines: string[]) => lines.join('\n').replaceAll(/[\u2009\u202F\u00A0]/g, ' ');

describe('I20 what people are told', () => {
  test.each(Object.keys(samples) as NoticeKind[])('%s has a title and says something, with every value put in', (kind) => {
    const { title, lines } = renderNotice(kind, sampleOf(kind).params, reader);
    expect(lines.length).toBeGreaterThan(0);
    for (const text of [title, ...lines]) {
      expect(text).not.toMatch(/\{\{|\}\}|undefined|null|\$t\(/);
      expect(text).not.toBe('');
      expect(text).not.toMatch(/^[\w-]+(?:\.[\w-]+)+$/);
    }
  });

  test('a moved class says its old and its new time and room', () => {
    const { title, lines } = rendered('class-moved');
    expect(title).toBe('PH201 Optics is moved');
    expect(plain(lines)).toBe([
      'New: Tue, 24 Nov, 10:00 – 10:50 am, room C-104', 'Before: Mon, 23 Nov, 12:00 – 12:50 pm, room A-101',
    ].join('\n'));
  });

  test('an offer says what was hit, gives the times with their reasons, and a button for each answer', () => {
    const { lines, buttons } = rendered('reschedule-offer');
    expect(plain(lines)).toContain('3 of 60 students have an interview then.');
    expect(plain(lines)).toContain('All 58 students, the lecturer and the room are free · On the earliest possible day · In the usual room');
    expect(buttons!.map(({ action }) => action)).toEqual(['decide:7:11', 'decide:7:12', 'decide:7:decline']);
    expect(buttons![0]!.label).toMatch(/^1: Wed, 25 Nov/);
  });

  test('why a class stays is said with what stands against the nearest times', () => {
    expect(plain(rendered('reschedule-impossible').lines)).toContain('1 of 60 students has something else · No laboratory room for 60 with what the class needs');
    expect(plain(rendered('reschedule-impossible', { why: 'too-few', blocked: [] }).lines)).toContain('it takes 3 students for a makeup class, and 30 % to move the class');
  });

  test.each([
    ['failed', 'does not come from the sender it names'], ['unverified', 'could not be checked who sent it'], ['perhaps-meant', 'perhaps it doesn’t mean you'], ['in-doubt', 'at another time'],
  ] as const)('a question says why it is asked: %s', (because, said) => {
    expect(plain(rendered('interview-question', { because }).lines)).toContain(said);
  });

  test('a bare date is that day in every zone, and no time', () => {
    const honolulu = { ...reader, timeZone: 'Pacific/Honolulu' };
    expect(rendered('interview-question', {}, honolulu).lines[0]).toBe('Tue, 24 Nov');
  });
});

describe('D5 dates are in the person’s zone and locale', () => {
  test('a reader elsewhere is told the zone, one on the campus’s time is not', () => {
    const at = '2026-11-24T04:30:00.000Z';
    expect(whenText({ ...reader, timeZone: 'Europe/Berlin', locale: 'en-GB' }, at)).toMatch(/Tue.* 24 Nov.* 05:30 (?:CET|GMT\+1)/);
    expect(whenText({ ...reader, timeZone: 'Asia/Colombo' }, at)).not.toMatch(/GMT|IST/);
    expect(whenText({ ...reader, locale: 'de-DE' }, at)).toMatch(/^Di.*24\. Nov.*10:00$/);
  });

  test('a span over midnight names both days', () => {
    expect(whenText(reader, '2026-11-24T17:30:00.000Z', '2026-11-24T19:30:00.000Z')).toMatch(/24 Nov.*25 Nov/);
  });
});

describe('I20 calendar changes', () => {
  test('a moved class keeps its uid and takes its new time', () => {
    expect(rendered('class-moved').calendar).toMatchObject({
      uid: 'session-9@beadle', sequence: 3, status: 'confirmed', start: '2026-11-24T04:30:00.000Z', location: 'C-104', zone: 'Asia/Kolkata',
    });
  });

  test('an interview is entered, and taken out again under the same uid', () => {
    expect(rendered('interview-found').calendar).toMatchObject({ uid: 'interview-31@beadle', sequence: 2, status: 'confirmed' });
    expect(rendered('interview-called-off').calendar).toMatchObject({ uid: 'interview-31@beadle', status: 'cancelled' });
  });

  test('what has no time, or is not certain, changes no calendar', () => {
    expect(rendered('interview-found', { start: '2026-11-24', end: null }).calendar).toBeUndefined();
    expect(rendered('interview-question', { start: samples['interview-found'].start, end: samples['interview-found'].end }).calendar).toBeUndefined();
    expect(rendered('class-excused').calendar).toBeUndefined();
  });
});

describe('I17 reasons and obstacles in words', () => {
  const t = translator('en');

  test('reasons', () => {
    expect(reasonText(t, { code: 'right-size', capacity: 72, needed: 60 })).toBe('The room fits: 72 seats for 60');
    expect(reasonText(t, { code: 'soon', days: 3 })).toBe('Only 3 days after the earliest possible day');
    expect(reasonText(t, { code: 'light-day' })).toBe('A light day for the students');
  });

  test('obstacles', () => {
    expect(obstacleText(t, { code: 'students-busy', count: 4, of: 60, label: 'CS301' })).toBe('4 of 60 students have CS301');
    expect(obstacleText(t, { code: 'rooms-busy', capacity: 60, count: 5 })).toBe('All 5 rooms for 60 are taken');
    expect(obstacleText(t, { code: 'holiday' })).toBe('No teaching that day');
  });
});
