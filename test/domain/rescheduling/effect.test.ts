import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { effectOf } from '../../../domain/rescheduling/effect.ts';
import { searchSlots } from '../../../domain/rescheduling/slot-search.ts';
import type { Day, Room, Surroundings } from '../../../domain/rescheduling/types.ts';
import { problems } from './problems.ts';

const hour = (hours: number) => hours * 12;
const span = (from: number, to: number, label = 'CS204') => ({ start: hour(from), end: hour(to), label });
const monday: Day = { index: 0, teaching: true, startSlot: 0, endSlot: hour(24), coreStart: hour(9), coreEnd: hour(17) };
const hall = (id: number, capacity: number, more: Partial<Room> = {}): Room => ({ id, name: `Hall ${id}`, capacity, kind: 'theory', equipment: [], building: 'East', ...more });
const around: Surroundings = {
  roomNeeds: { capacity: 60, kind: 'theory', equipment: [] },
  rooms: [hall(1, 60), hall(2, 90), hall(3, 70), hall(4, 120), hall(5, 30), hall(6, 80, { kind: 'lab' })],
  busy: { faculty: [], rooms: new Map(), students: new Map([[1, []], [2, []], [3, []]]) },
  dailyLoad: { studentsMaxSlots: hour(8), facultyMaxSlots: hour(6) },
};
const withBusy = (busy: Partial<Surroundings['busy']>): Surroundings => ({ ...around, busy: { ...around.busy, ...busy } });
const at = (from: number, room: Room | null = null) => ({ start: hour(from), end: hour(from + 1), room });

describe('I22 what moving a class to a time would mean', () => {
  test('with everybody free there is no obstacle, and the present room comes first, then the smallest', () => {
    expect(effectOf(around, [monday], 4, at(10))).toEqual({
      obstacles: [],
      students: { of: 3, busy: 0, overLoad: 0, highestLoad: hour(1) },
      faculty: { busy: false, overLoad: false, load: hour(1) },
      rooms: [around.rooms[3], around.rooms[0], around.rooms[2]],
    });
  });

  test('students are counted once, whatever they have; what they have is counted by its label', () => {
    const students = new Map([[1, [span(10, 11), span(10, 12, 'other')]], [2, [span(9, 11)]], [3, [span(11, 12)]]]);
    const effect = effectOf(withBusy({ students, faculty: [span(10, 11)] }), [monday], 1, at(10));
    expect(effect.students).toMatchObject({ of: 3, busy: 2 });
    expect(effect.faculty).toMatchObject({ busy: true, load: hour(1) });
    expect(effect.obstacles).toEqual([
      { code: 'faculty-busy' },
      { code: 'students-busy', count: 2, of: 3, label: 'CS204' },
      { code: 'students-busy', count: 1, of: 3, label: 'other' },
    ]);
  });

  test('loads are those of the day with the class in it; what overlaps counts once', () => {
    const students = new Map([[1, [span(8, 10), span(12, 17)]], [2, [span(8, 17)]], [3, []]]);
    const effect = effectOf(withBusy({ students, faculty: [span(11, 17)] }), [monday], 1, at(10));
    expect(effect.students).toEqual({ of: 3, busy: 1, overLoad: 1, highestLoad: hour(9) });
    expect(effect.faculty).toEqual({ busy: false, overLoad: true, load: hour(7) });
    expect(effect.obstacles.map(({ code }) => code)).toEqual(['daily-load-faculty', 'students-busy', 'daily-load-students']);
  });

  test('a wished room is judged by itself: too small, unsuitable, taken, or free', () => {
    const [first, , , , tiny, lab] = around.rooms;
    const taken = withBusy({ rooms: new Map([[1, [span(10, 10.5)]]]) });
    const obstacles = (room: Room) => effectOf(taken, [monday], 1, at(10, room)).obstacles;
    expect(obstacles(first!)).toEqual([{ code: 'room-taken', room: 'Hall 1' }]);
    expect(obstacles(tiny!)).toEqual([{ code: 'room-too-small', room: 'Hall 5', seats: 30, needed: 60 }]);
    expect(obstacles(lab!)).toEqual([{ code: 'room-unsuitable', room: 'Hall 6' }]);
    expect(obstacles(around.rooms[1]!)).toEqual([]);
    expect(effectOf(taken, [monday], 1, at(10.5, first!)).rooms[0]).toBe(first);
  });

  test('a time on no day, and a day without teaching, are obstacles', () => {
    expect(effectOf(around, [monday], 1, at(23.5))).toMatchObject({ obstacles: [{ code: 'outside-horizon' }], students: { highestLoad: 0 } });
    expect(effectOf(around, [{ ...monday, teaching: false }], 1, at(10)).obstacles).toEqual([{ code: 'holiday' }]);
  });
});

describe('I22 what-if and the search say the same', () => {
  const withStart = (crowd: number) => fc.tuple(problems(crowd), fc.integer({ min: -3, max: 200 }));

  test.each([1, 3, 12])('a time has no obstacle exactly where the search would offer it, in a room that is named first (busy times up to %i each)', (crowd) => {
    fc.assert(fc.property(withStart(crowd), ([problem, start]) => {
      const { options } = searchSlots({ ...problem, candidates: [{ start, weeklySlotId: null }], notBefore: start, original: { ...problem.original, start: start - 1 } });
      const time = { start, end: start + problem.durationSlots };
      const effect = effectOf(problem, problem.days, problem.preferredRoomId ?? 0, { ...time, room: null });
      expect(effect.obstacles.length === 0).toBe(options.length > 0);
      if (options.length > 0) expect(effect.rooms[0]!.id).toBe(options[0]!.roomId);
    }), { numRuns: 400 });
  });

  test('whatever the search offers has no obstacle, in the room that it offers', () => {
    fc.assert(fc.property(problems(3), (problem) => {
      for (const { start, end, roomId } of searchSlots(problem).options) {
        const room = problem.rooms.find(({ id }) => id === roomId)!;
        expect(effectOf(problem, problem.days, 0, { start, end, room })).toMatchObject({
          obstacles: [], students: { busy: 0, overLoad: 0 }, faculty: { busy: false, overLoad: false },
        });
      }
    }), { numRuns: 300 });
  });
});
