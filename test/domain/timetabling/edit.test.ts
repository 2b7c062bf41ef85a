// Moving entries by hand: what is told of a move is what the whole timetable says before and after, and suggestions are all there are.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { draftOf } from '../../../domain/timetabling/draft.ts';
import { suggestionsFor } from '../../../domain/timetabling/edit-suggestions.ts';
import { effectOf, entriesAfter, type Move } from '../../../domain/timetabling/edit.ts';
import { generateUniversity } from '../../../domain/timetabling/generate.ts';
import { hardCount, hardViolations, type HardViolation } from '../../../domain/timetabling/hard-violations.ts';
import { qualityOf } from '../../../domain/timetabling/score.ts';
import { meetingKey, meetingsOf, type Entry, type University } from '../../../domain/timetabling/university.ts';
import { variants } from '../../../domain/timetabling/variants.ts';
import { college, collegeTimetable } from './little-college.ts';

const { weights } = variants[0]!;
const move = (id: string, part: number, occurrence: number, day: number, period: number, room: string): Move => ({ class: id, part, occurrence, day, period, room });
const plain = ({ class: id, part, occurrence, day, period, room }: Entry): Move => ({ class: id, part, occurrence, day, period, room });

/** A violation in words, as often as it counts; which of two that collide comes first is of no matter. */
function toldOf(violation: HardViolation): string[] {
  if (violation.kind === 'room') return Array.from({ length: violation.count }, () => JSON.stringify({ ...violation, count: 1 }));
  if (violation.kind !== 'clash') return [JSON.stringify(violation)];
  const [meeting, other] = [violation.meeting, violation.other].toSorted((a, b) => (meetingKey(a) < meetingKey(b) ? -1 : 1));
  return [JSON.stringify({ ...violation, meeting, other })];
}

/** Violations without what is the same in both. */
function differences(one: readonly HardViolation[], other: readonly HardViolation[]): string[] {
  const told = (violations: readonly HardViolation[]) => violations.flatMap(toldOf);
  const left = told(other);
  return told(one).filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  }).toSorted();
}

function expectEffect(university: University, entries: readonly Entry[], moves: readonly Move[]) {
  const draft = draftOf(university, entries, weights);
  const after = entriesAfter(draft, moves);
  const effect = effectOf(draft, moves);
  const [was, is] = [hardViolations(university, entries), hardViolations(university, after)];
  expect(differences(effect.broken, [])).toEqual(differences(is, was));
  expect(differences(effect.mended, [])).toEqual(differences(was, is));
  expect(hardCount(is) - hardCount(was)).toBe(hardCount(effect.broken) - hardCount(effect.mended));
  const [before, now] = [qualityOf(university, entries, weights), qualityOf(university, after, weights)];
  expect(effect.gain).toBeCloseTo(now.score - before.score, 8);
  now.parts.forEach(({ part, weight, quality }, index) => expect(effect.parts[part]).toBeCloseTo(100 * weight * (quality - before.parts[index]!.quality), 8));
}

describe('T10 the effect of a move', () => {
  test('a lecture dragged onto another one of its teacher and room: what collides, and what it costs', () => {
    const draft = draftOf(college, collegeTimetable, weights);
    const { broken, mended, gain, parts } = effectOf(draft, [move('roots B', 0, 0, 0, 0, 'H1')]);
    expect(broken.map(({ kind }) => kind).toSorted()).toEqual(['clash', 'room', 'room']);
    expect(mended).toEqual([]);
    // Section B's two lectures of the day now have a gap of a period between them.
    expect(parts.compactness).toBeLessThan(0);
    expect(gain).toBeCloseTo(Object.values(parts).reduce((sum, each) => sum + each, 0));
  });

  test('a move that mends something says what', () => {
    const clashing = collegeTimetable.map((entry) => (entry.class === 'ferns' && entry.occurrence === 0 ? { ...entry, day: 0, period: 3, room: 'H1' } : entry));
    expect(effectOf(draftOf(college, clashing, weights), [move('ferns', 0, 0, 2, 0, 'H2')])).toMatchObject({ broken: [], mended: [{ kind: 'clash' }] });
  });

  test('a meeting that had no place yet', () => {
    const draft = draftOf(college, collegeTimetable.slice(1), weights);
    expect(effectOf(draft, [move('roots A', 0, 0, 0, 0, 'H1')])).toMatchObject({ broken: [], mended: [{ kind: 'unplaced' }] });
    expect(entriesAfter(draft, [move('roots A', 0, 0, 0, 0, 'H1')])).toHaveLength(collegeTimetable.length);
  });

  test('it is what the whole timetable says, for any move to anywhere, two at once, and from timetables with mistakes', () => {
    const place = fc.record({ day: fc.nat(college.days - 1), period: fc.nat(college.periods - 1), room: fc.constantFrom(...college.rooms.map(({ id }) => id)) });
    const entry = fc.nat(collegeTimetable.length - 1);
    const strays = fc.array(fc.tuple(entry, place), { maxLength: 3 });
    const moves = fc.uniqueArray(fc.tuple(entry, place), { minLength: 1, maxLength: 2, selector: ([at]) => at });
    fc.assert(fc.property(strays, moves, fc.option(entry), (moved, asked, missing) => {
      const entries = collegeTimetable.map((each, at) => ({ ...each, ...moved.filter(([of]) => of === at).map(([, to]) => to).at(-1) })).filter((_, at) => at !== missing);
      expectEffect(college, entries, asked.map(([at, to]) => ({ ...plain(collegeTimetable[at]!), ...to })));
    }), { numRuns: 150 });
  });

  test('on generated universities too', () => {
    fc.assert(fc.property(fc.nat(), fc.nat(), (seed, pick) => {
      const { university, solution } = generateUniversity(seed, { courses: 60, students: 500 });
      const [one, other] = [solution[pick % solution.length]!, solution[(pick * 7 + 1) % solution.length]!];
      if (meetingKey(one) === meetingKey(other)) return;
      expectEffect(university, solution, [{ ...plain(one), day: other.day, period: other.period, room: other.room }]);
      expectEffect(university, solution, [{ ...plain(one), day: other.day, period: other.period, room: other.room }, { ...plain(other), day: one.day, period: one.period, room: one.room }]);
    }), { numRuns: 15 });
  });

  test('asking changes nothing, and what there isn\'t is refused', () => {
    const draft = draftOf(college, collegeTimetable, weights);
    const asked = move('roots B', 0, 0, 0, 2, 'H3');
    const first = [effectOf(draft, [asked]), suggestionsFor(draft, asked)];
    expect([effectOf(draft, [asked]), suggestionsFor(draft, asked)]).toEqual(first);
    expect(() => effectOf(draft, [move('roses', 0, 0, 0, 0, 'H1')])).toThrow(RangeError);
    expect(() => effectOf(draft, [move('ferns', 0, 0, 0, 0, 'H9')])).toThrow(RangeError);
    expect(() => effectOf(draft, [move('ferns', 0, 0, 3, 0, 'H1')])).toThrow(RangeError);
  });
});

/** Tries everything: the entry in each room of the slot, alone or with any other one anywhere that then breaks nothing more. */
function allWays(university: University, entries: readonly Entry[], asked: Move): string[] {
  const draft = draftOf(university, entries, weights);
  const was = hardViolations(university, entries);
  const breaksNothing = (moves: readonly Move[]) => differences(hardViolations(university, entriesAfter(draft, moves)), was).length === 0;
  if (breaksNothing([asked])) return [];
  return university.rooms.flatMap(({ id }) => {
    const first = { ...asked, room: id };
    if (breaksNothing([first])) return [[first]];
    return entries.filter((entry) => meetingKey(entry) !== meetingKey(asked)).flatMap((entry) => Array.from({ length: university.days * university.periods }, (_, slot) => slot)
      .flatMap((slot) => university.rooms.map((room) => ({ ...plain(entry), day: Math.floor(slot / university.periods), period: slot % university.periods, room: room.id })))
      .filter((second) => breaksNothing([first, second])).map((second) => [first, second]));
  }).map((moves) => JSON.stringify(moves)).toSorted();
}

describe('T10 suggestions for a move that is not possible', () => {
  const everything = { most: 1000, rooms: 1000 };

  test('they are all single moves to another room and all ways for one other entry to make way, and each says its effect', () => {
    const meetings = college.classes.flatMap(meetingsOf);
    const locks = fc.array(fc.nat(collegeTimetable.length - 1), { maxLength: 2 });
    fc.assert(fc.property(fc.constantFrom(...meetings), fc.nat(2), fc.nat(3), fc.constantFrom(...college.rooms), locks, fc.boolean(), (meeting, day, period, room, locked, isPlaced) => {
      const university = { ...college, locks: locked.map((at) => ({ ...plain(collegeTimetable[at]!), slot: { day: collegeTimetable[at]!.day, period: collegeTimetable[at]!.period }, room: null })) };
      const entries = collegeTimetable.filter((entry) => isPlaced || meetingKey(entry) !== meetingKey(meeting));
      const asked = { ...meeting, day, period, room: room.id };
      const draft = draftOf(university, entries, weights);
      const suggestions = suggestionsFor(draft, asked, everything);
      expect(suggestions.map(({ moves }) => JSON.stringify(moves)).toSorted()).toEqual(allWays(university, entries, asked));
      for (const { moves, ...effect } of suggestions) expect(effect).toEqual(effectOf(draft, moves));
      expect(suggestions.map(({ gain }) => gain)).toEqual(suggestions.map(({ gain }) => gain).toSorted((a, b) => b - a));
    }), { numRuns: 12 });
  });

  test('a swap is among them', () => {
    const asked = move('roots A', 0, 0, 0, 1, 'H1');
    const moves = suggestionsFor(draftOf(college, collegeTimetable, weights), asked, everything).map((suggestion) => suggestion.moves);
    expect(moves).toContainEqual([asked, move('roots B', 0, 0, 0, 0, 'H1')]);
  });

  test('in a large university they are as many as asked for, break nothing and keep to the slot', () => {
    const { university, solution } = generateUniversity(3, { courses: 200, students: 2000 });
    const draft = draftOf(university, solution, weights);
    let found = 0;
    for (let i = 0; i < 20; i++) {
      const [one, other] = [solution[i * 17]!, solution[i * 23 + 5]!];
      const asked = { ...plain(one), day: other.day, period: other.period, room: other.room };
      const suggestions = suggestionsFor(draft, asked);
      expect(suggestions.length).toBeLessThanOrEqual(5);
      found += suggestions.length;
      for (const { moves, broken } of suggestions) {
        expect(broken).toEqual([]);
        expect(moves[0]).toMatchObject({ class: one.class, occurrence: one.occurrence, day: other.day, period: other.period });
        expect(hardViolations(university, entriesAfter(draft, moves))).toEqual([]);
      }
    }
    expect(found).toBeGreaterThan(0);
  });
});
