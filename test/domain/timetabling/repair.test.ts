// A timetable after a change: nothing broken, as little moved as an exact search says, locked entries where they were.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leastMoves } from '../../../bench/least-moves.ts';
import { compile, placementOf } from '../../../domain/timetabling/compile.ts';
import { generateUniversity } from '../../../domain/timetabling/generate.ts';
import { hardCount, hardViolations } from '../../../domain/timetabling/hard-violations.ts';
import { repair } from '../../../domain/timetabling/repair.ts';
import { meetingKey, type Entry, type Slot, type University } from '../../../domain/timetabling/university.ts';
import { variants } from '../../../domain/timetabling/variants.ts';
import { college, collegeTimetable, taught, teacher } from './little-college.ts';

const { weights } = variants[0]!;
const before: University = { ...college, previous: collegeTimetable };
const allDay = (day: number, periods: number): Slot[] => Array.from({ length: periods }, (_, period) => ({ day, period, week: 'every' }));
const closing = (university: University, id: string, closed: readonly Slot[]): University => ({
  ...university, rooms: university.rooms.map((room) => (room.id === id ? { ...room, closed: [...room.closed, ...closed] } : room)),
});
const sendingAway = (university: University, id: string, slots: readonly Slot[]): University => ({
  ...university, faculty: university.faculty.map((member) => (member.id === id ? { ...member, unavailable: [...member.unavailable, ...slots] } : member)),
});
const movedBetween = (one: readonly Entry[], other: readonly Entry[]) => {
  const there = new Map(other.map((entry) => [meetingKey(entry), entry]));
  return one.filter((entry) => {
    const now = there.get(meetingKey(entry));
    return now === undefined || now.day !== entry.day || now.period !== entry.period || now.room !== entry.room;
  });
};

const slotsOfCollege = fc.array(fc.record({ day: fc.nat(2), period: fc.nat(3), week: fc.constantFrom('every', 'odd', 'even') }), { maxLength: 6 });
/** Some slots of rooms closed, and of faculty taken. */
const changes = fc.record({
  rooms: fc.array(fc.tuple(fc.constantFrom(...college.rooms.map(({ id }) => id)), slotsOfCollege), { maxLength: 3 }),
  faculty: fc.array(fc.tuple(fc.constantFrom(...college.faculty.map(({ id }) => id)), slotsOfCollege), { maxLength: 2 }),
}).map(({ rooms, faculty }) => {
  const closed = rooms.reduce((university, [id, slots]) => closing(university, id, slots as Slot[]), before);
  return faculty.reduce((university, [id, slots]) => sendingAway(university, id, slots as Slot[]), closed);
});

describe('T8 keeping a timetable after a change', () => {
  test('nothing moves when nothing changed, as good or bad as the timetable is', () => {
    fc.assert(fc.property(fc.nat(), fc.integer({ min: 50, max: 120 }), (seed, courses) => {
      const { university, solution } = generateUniversity(seed, { courses, students: 8 * courses });
      expect(repair({ ...university, previous: solution }, weights)).toMatchObject({ moved: [], added: [], unplaced: [], hit: 0, hard: 0 });
    }), { numRuns: 10 });
  });

  test('as few entries move as an exact search finds, whatever is closed and whoever is away', () => {
    fc.assert(fc.property(changes, (university) => {
      const compiled = compile(university, weights);
      const least = leastMoves(compiled.problem, placementOf(university, compiled, university.previous), 50_000);
      fc.pre(least.isExact);
      const repaired = repair(university, weights);
      if (least.atLeast === Infinity) {
        expect(repaired.unplaced).not.toEqual([]);
      } else {
        expect(repaired).toMatchObject({ hard: 0, unplaced: [] });
        expect(repaired.moved).toHaveLength(least.atLeast);
      }
    }), { numRuns: 60 });
  });

  test('on generated universities too', () => {
    for (const seed of [1, 5]) {
      const { university, solution } = generateUniversity(seed, { courses: 50, students: 500 });
      const [room, member] = [university.rooms[seed]!, university.faculty[seed]!];
      for (const changed of [closing(university, room.id, allDay(1, 8)), sendingAway(university, member.id, allDay(3, 8))]) {
        const after = { ...changed, locks: [], previous: solution };
        const compiled = compile(after, weights);
        expect(leastMoves(compiled.problem, placementOf(after, compiled, solution), 100_000)).toEqual({ atLeast: repair(after, weights).moved.length, isExact: true });
      }
    }
  });

  test('what is locked stays: entries, days, rooms, faculty; what it says of moves and violations is so; the same again for a seed', () => {
    fc.assert(fc.property(fc.nat(), fc.nat(), fc.nat(4), (seed, pick, lockedDay) => {
      const { university, solution } = generateUniversity(seed, { courses: 60, students: 500 });
      const one = <T>(list: readonly T[], offset: number) => list[(pick + offset) % list.length]!;
      const changed = sendingAway(closing(university, one(university.rooms, 0).id, allDay(pick % 5, 8)), one(university.faculty, 1).id, allDay((pick + 1) % 5, 8));
      const lockedRoom = one(university.rooms, 2).id;
      const lockedMember = one(university.faculty, 3).id;
      const after: University = { ...changed, previous: solution, lockedDays: [lockedDay], lockedRooms: [lockedRoom], lockedFaculty: [lockedMember] };
      const repaired = repair(after, weights, seed);
      const isLocked = new Set(university.locks.filter(({ room }) => room !== null).map(meetingKey));
      const classes = new Map(university.classes.map((each) => [each.id, each]));
      for (const { from } of repaired.moved) {
        expect(from.day).not.toBe(lockedDay);
        expect(from.room).not.toBe(lockedRoom);
        expect(classes.get(from.class)?.faculty).not.toContain(lockedMember);
        expect(isLocked.has(meetingKey(from))).toBe(false);
      }
      for (const { slot, ...meeting } of university.locks) {
        const entry = repaired.entries.find((each) => meetingKey(each) === meetingKey(meeting));
        if (entry !== undefined) expect({ day: entry.day, period: entry.period }).toEqual(slot);
      }
      expect(repaired.moved.map(({ from }) => meetingKey(from)).toSorted()).toEqual(movedBetween(solution, repaired.entries).map(meetingKey).toSorted());
      expect(repaired.hard).toBe(hardCount(hardViolations(after, repaired.entries)));
      expect(repair(after, weights, seed)).toEqual(repaired);
    }), { numRuns: 12 });
  });

  test('a closed room: those who were in it go to another one and keep their time', () => {
    const repaired = repair(closing(before, 'H1', allDay(0, 4)), weights);
    expect(repaired).toMatchObject({ hit: 2, hard: 0, unplaced: [] });
    expect(repaired.moved.map(({ from }) => from.class)).toEqual(['roots A', 'roots B']);
    for (const { from, to } of repaired.moved) {
      expect(to).toMatchObject({ day: from.day, period: from.period });
      expect(to?.room).not.toBe('H1');
    }
  });

  test('a class that has grown beyond its room moves to one that holds it', () => {
    const grown = { ...before, classes: before.classes.map((each) => (each.id === 'roots A' ? { ...each, size: 70, parts: each.parts.slice(0, 1) } : each)) };
    const repaired = repair(grown, weights);
    expect(repaired).toMatchObject({ hit: 2, hard: 0 });
    expect(repaired.moved.map(({ to }) => to?.room)).toEqual(['H3', 'H3']);
  });

  test('a room that there is no more is one that nobody stays in; the times stay', () => {
    const repaired = repair({ ...before, rooms: before.rooms.filter(({ id }) => id !== 'H2') }, weights);
    expect(repaired).toMatchObject({ hit: 4, hard: 0, added: [] });
    expect(repaired.moved).toHaveLength(4);
    for (const { from, to } of repaired.moved) expect(to).toMatchObject({ day: from.day, period: from.period });
  });

  test('a new class is put where nobody has to move for it', () => {
    const more = { ...before, faculty: [...before.faculty, teacher('Quist')], classes: [...before.classes, taught('moulds', { faculty: ['Quist'], sections: ['A'] })] };
    const repaired = repair(more, weights);
    expect(repaired).toMatchObject({ moved: [], hit: 0, hard: 0 });
    expect(repaired.added.map((entry) => entry.class)).toEqual(['moulds', 'moulds']);
  });

  test('of two classes that now collide one moves', () => {
    const joined = { ...before, enrolments: [...before.enrolments, { student: 'Dee', section: 'A', classes: ['ferns'], unavailable: [] }] };
    expect(repair({ ...joined, previous: collegeTimetable.map((entry) => (entry.class === 'ferns' && entry.occurrence === 0 ? { ...entry, day: 1, period: 0 } : entry)) }, weights))
      .toMatchObject({ hit: 1, hard: 0, moved: [{ from: { day: 1, period: 0 } }] });
  });

  test('for whom there is no place is told, and keeps nobody else from theirs', () => {
    const repaired = repair(closing(before, 'L1', [0, 1, 2].flatMap((day) => allDay(day, 4))), weights);
    expect(repaired.unplaced).toEqual([{ class: 'roots A', part: 1, occurrence: 0 }, { class: 'roots B', part: 1, occurrence: 0 }]);
    expect(repaired.moved.map(({ to }) => to)).toEqual([null, null]);
    expect(repaired.hard).toBe(2);
  });
});
