// Each hard constraint by itself, on a timetable in which only it is broken.

import { describe, expect, test } from '@jest/globals';
import { hardCount, hardViolations } from '../../../domain/timetabling/hard-violations.ts';
import type { Entry, University } from '../../../domain/timetabling/university.ts';
import { college, collegeTimetable, moved } from './little-college.ts';

const away = { day: 0, period: 0, week: 'odd' } as const;
const roots = { class: 'roots A', part: 0, occurrence: 0 };

describe('T7 hard constraints, found on the entries', () => {
  test('a timetable that breaks nothing has no violations', () => {
    expect(hardViolations(college, collegeTimetable)).toEqual([]);
  });

  const broken: [string, University, readonly Entry[], object[]][] = [
    ['a meeting without an entry', college, collegeTimetable.slice(1), [{ kind: 'unplaced', meeting: roots }]],
    ['an entry of a meeting that there isn\'t', college, [...collegeTimetable, { ...collegeTimetable[0]!, occurrence: 7 }], [{ kind: 'unknown', meeting: { ...roots, occurrence: 7 } }]],
    ['a meeting with two entries', college, [...collegeTimetable, { ...collegeTimetable[0]!, day: 2, period: 1, room: 'H3' }], [{ kind: 'twice', meeting: roots }]],
    ['a block across a break', college, moved('roots A', 1, 0, { period: 1 }), [{ kind: 'block', meeting: { class: 'roots A', part: 1, occurrence: 0 } }]],
    ['a room too small', college, moved('leaves', 0, 0, { room: 'H1' }), [{ kind: 'room-size', meeting: { class: 'leaves', part: 0, occurrence: 0 }, room: 'H1' }]],
    ['a room of another kind', { ...college, rooms: college.rooms.map((room) => ({ ...room, kind: room.id === 'H2' ? 'store' : room.kind })) }, moved('ferns', 0, 0, { room: 'H1' }),
      [['mosses', 0], ['mosses', 1], ['ferns', 1]].map(([id, occurrence]) => ({ kind: 'room-kind', meeting: { class: id, part: 0, occurrence }, room: 'H2' }))],
    ['a room without what is needed', { ...college, rooms: college.rooms.map((room) => ({ ...room, equipment: [] })) }, collegeTimetable,
      ['roots A', 'roots B'].map((id) => ({ kind: 'room-equipment', meeting: { class: id, part: 1, occurrence: 0 }, room: 'L1' }))],
    ['faculty away, if only in odd weeks', { ...college, faculty: college.faculty.map((member) => ({ ...member, unavailable: [away] })) }, collegeTimetable, [{ kind: 'faculty-unavailable', meeting: roots, id: 'Nair' }]],
    ['a section away', { ...college, sections: college.sections.map((section) => ({ ...section, unavailable: [away] })) }, collegeTimetable, [{ kind: 'section-unavailable', meeting: roots, id: 'A' }]],
    ['a student away', { ...college, enrolments: college.enrolments.map((each) => ({ ...each, unavailable: [away] })) }, collegeTimetable, [{ kind: 'student-unavailable', meeting: roots, id: 'Ada' }]],
    ['a lock not kept', { ...college, locks: [{ ...roots, slot: { day: 1, period: 0 }, room: null }] }, collegeTimetable, [{ kind: 'lock', meeting: roots }]],
    ['a locked day not kept', { ...college, lockedDays: [0], previous: collegeTimetable }, moved('roots A', 0, 0, { room: 'H3' }), [{ kind: 'lock', meeting: roots }]],
    ['faculty in two places', college, moved('ferns', 0, 0, { day: 0, period: 3, room: 'H1' }),
      [{ kind: 'clash', meeting: { class: 'mosses', part: 0, occurrence: 0 }, other: { class: 'ferns', part: 0, occurrence: 0 }, day: 0, period: 3 }]],
    ['a section in two places', college, moved('roots B', 0, 0, { period: 2 }),
      [{ kind: 'clash', meeting: { class: 'roots B', part: 0, occurrence: 0 }, other: { class: 'leaves', part: 0, occurrence: 0 }, day: 0, period: 2 }]],
    ['a student in two places, a section\'s class being one', college, moved('mosses', 0, 0, { period: 0 }),
      [{ kind: 'clash', meeting: roots, other: { class: 'mosses', part: 0, occurrence: 0 }, day: 0, period: 0 }]],
    ['a room used twice, which counts in each week', college, moved('ferns', 0, 0, { day: 0, period: 0, room: 'H1' }),
      [{ kind: 'room', room: 'H1', day: 0, period: 0, week: 0, count: 1 }, { kind: 'room', room: 'H1', day: 0, period: 0, week: 1, count: 1 }]],
    ['a room that is closed', { ...college, rooms: college.rooms.map((room) => ({ ...room, closed: [{ day: 2, period: 3, week: 'even' as const }] })) }, collegeTimetable, [{ kind: 'room', room: 'L1', day: 2, period: 3, week: 1, count: 1 }]],
    ['a room that another department has', { ...college, rooms: college.rooms.map((room) => ({ ...room, taken: [away] })) }, collegeTimetable, [{ kind: 'room', room: 'H1', day: 0, period: 0, week: 0, count: 1 }]],
  ];
  test.each(broken)('%s', (_, university, entries, violations) => {
    expect(hardViolations(university, entries)).toEqual(violations);
    expect(hardCount(hardViolations(university, entries))).toBe(violations.length);
  });

  test('what is in odd weeks doesn\'t collide with what is in even weeks', () => {
    const both = collegeTimetable.filter(({ part }) => part === 1);
    expect(new Set(both.map(({ day, period, room }) => `${day} ${period} ${room}`)).size).toBe(1);
    expect(hardViolations(college, collegeTimetable)).toEqual([]);
  });

  test('two meetings that share people and a room collide once as people in each period, and as a room in each week', () => {
    const entries = moved('leaves', 0, 1, { day: 0, period: 2 });
    expect(hardViolations(college, entries).map(({ kind }) => kind)).toEqual(['clash', 'room', 'room']);
  });
});
