import { describe, expect, test } from '@jest/globals';
import { searchSlots } from '../../../domain/rescheduling/slot-search.ts';
import type { Day, Room, SlotSearchProblem } from '../../../domain/rescheduling/types.ts';

// Slots of these cases: day d runs from 288·d; hour(d, 10) is its 10 o'clock. Classes last an hour (12 slots).
const hour = (day: number, hours: number) => day * 288 + hours * 12;
const span = (day: number, from: number, to: number) => ({ start: hour(day, from), end: hour(day, to) });
const weekday = (index: number, teaching = true): Day => ({ index, teaching, startSlot: hour(index, 0), endSlot: hour(index, 24), coreStart: hour(index, 9), coreEnd: hour(index, 17) });
const hall = (id: number, capacity: number, more: Partial<Room> = {}): Room => ({ id, name: `Hall ${id}`, capacity, kind: 'theory', equipment: ['projector'], building: 'East', ...more });

/** Three students, two halls; the class was on day 0 at 10 in hall 1, and may be moved to 11, 14 or 15 o'clock of days 1 to 3. */
function problem(changes: Partial<SlotSearchProblem> = {}): SlotSearchProblem {
  const candidates = [1, 2, 3].flatMap((day) => [11, 14, 15].map((hours) => ({ start: hour(day, hours), weeklySlotId: 10 * day + hours })));
  return {
    durationSlots: 12,
    candidates,
    days: [0, 1, 2, 3].map((index) => weekday(index)),
    roomNeeds: { capacity: 60, kind: 'theory', equipment: ['projector'] },
    rooms: [hall(1, 60), hall(2, 90)],
    busy: { faculty: [], rooms: new Map(), students: new Map([[1, []], [2, []], [3, []]]) },
    dailyLoad: { studentsMaxSlots: 84, facultyMaxSlots: 72 },
    original: { ...span(0, 10, 11), roomId: 1 },
    notBefore: hour(0, 12),
    ...changes,
  };
}

const withBusy = (busy: Partial<SlotSearchProblem['busy']>) => problem({ busy: { ...problem().busy, ...busy } });
const startsOf = (input: SlotSearchProblem) => searchSlots(input).options.map(({ start }) => start);

describe('I17 slots are offered only when all are free', () => {
  test('with everybody free the soonest three in the same room are offered, with reasons', () => {
    const { options, blocked } = searchSlots(problem());
    expect(blocked).toEqual([]);
    expect(options.map(({ start, roomId, weeklySlotId }) => ({ start, roomId, weeklySlotId }))).toEqual([
      { start: hour(1, 11), roomId: 1, weeklySlotId: 21 },
      { start: hour(1, 14), roomId: 1, weeklySlotId: 24 },
      { start: hour(1, 15), roomId: 1, weeklySlotId: 25 },
    ]);
    expect(options[0]).toMatchObject({
      end: hour(1, 12),
      score: 1000,
      reasons: [{ code: 'everyone-free', students: 3 }, { code: 'soon', days: 1 }, { code: 'same-room' }, { code: 'light-day' }, { code: 'core-hours' }],
    });
  });

  test('half-open: a class that ends at 11:00, and one that begins at 12:00, leave 11:00 to 12:00 free', () => {
    const around = [span(1, 10, 11), span(1, 12, 13)].map((interval) => ({ ...interval, label: 'CS204' }));
    const input = withBusy({ faculty: around, rooms: new Map([[1, around]]), students: new Map([[1, around]]) });
    expect(startsOf(input)).toContain(hour(1, 11));
    const oneSlotLonger = [{ start: hour(1, 10), end: hour(1, 11) + 1, label: 'CS204' }];
    expect(startsOf(withBusy({ students: new Map([[1, oneSlotLonger]]) }))).not.toContain(hour(1, 11));
    expect(startsOf(withBusy({ faculty: oneSlotLonger }))).not.toContain(hour(1, 11));
  });

  test('one busy student among many is enough', () => {
    const students = new Map(Array.from({ length: 300 }, (_, id) => [id, id === 217 ? [{ ...span(1, 11, 12), label: 'CS204' }] : []]));
    expect(startsOf(withBusy({ students }))).toEqual([hour(1, 14), hour(1, 15), hour(2, 11)]);
  });

  test('a room must have the seats, the kind and all of the equipment', () => {
    const rooms = [hall(3, 59), hall(4, 100, { kind: 'lab' }), hall(5, 100, { equipment: [] }), hall(6, 100, { equipment: ['piano', 'projector'] })];
    expect(searchSlots(problem({ rooms })).options.map(({ roomId }) => roomId)).toEqual([6, 6, 6]);
    expect(searchSlots(problem({ rooms: rooms.slice(0, 3) })).blocked[0]!.reasons).toEqual([{ code: 'no-room', capacity: 60, kind: 'theory' }]);
  });

  test('no teaching, beyond the horizon, before the earliest time, and the time it has now are no options', () => {
    const days = [weekday(0), weekday(1, false), weekday(2)];
    expect(startsOf(problem({ days }))).toEqual([hour(2, 11), hour(2, 14), hour(2, 15)]);
    expect(startsOf(problem({ notBefore: hour(3, 12) }))).toEqual([hour(3, 14), hour(3, 15)]);
    expect(startsOf(problem({ candidates: [{ start: hour(0, 10), weeklySlotId: null }], notBefore: 0 }))).toEqual([]);
    expect(startsOf(problem({ candidates: [{ start: hour(1, 23.5), weeklySlotId: null }] }))).toEqual([]);
  });

  test('nobody gets more than the daily load; what happens at once counts once', () => {
    const lectures = [span(1, 8, 11), span(1, 12, 14), span(1, 16, 17)].map((interval) => ({ ...interval, label: 'CS204' }));
    const twice = [...lectures, ...lectures];
    const limits = { studentsMaxSlots: 84, facultyMaxSlots: 72 };
    expect(startsOf({ ...withBusy({ students: new Map([[1, twice]]) }), dailyLoad: limits })).toContain(hour(1, 11));
    expect(startsOf({ ...withBusy({ students: new Map([[1, lectures]]) }), dailyLoad: { ...limits, studentsMaxSlots: 83 } })).not.toContain(hour(1, 11));
    expect(startsOf(withBusy({ faculty: twice }))).not.toContain(hour(1, 11));
    expect(startsOf({ ...withBusy({ faculty: twice }), dailyLoad: { ...limits, facultyMaxSlots: 84 } })).toContain(hour(1, 11));
  });

  test('what crosses midnight counts on both days', () => {
    const night = [{ start: hour(1, 23), end: hour(2, 1), label: 'observatory' }];
    const limited = (studentsMaxSlots: number) => ({ ...withBusy({ students: new Map([[1, night]]) }), dailyLoad: { studentsMaxSlots, facultyMaxSlots: 72 } });
    expect(startsOf(limited(24))).toContain(hour(1, 11));
    expect(startsOf(limited(23))).toEqual([hour(3, 11), hour(3, 14), hour(3, 15)]);
  });

  test('a length that is none is refused', () => {
    expect(() => searchSlots(problem({ durationSlots: 0 }))).toThrow(RangeError);
    expect(() => searchSlots(problem({ durationSlots: 1.5 }))).toThrow(RangeError);
  });
});

describe('I17 which slots are better', () => {
  test('the same room is worth waiting two days for, not three', () => {
    const roomBusy = (days: number[]) => withBusy({ rooms: new Map([[1, days.map((day) => span(day, 0, 24))]]) });
    const exact = [hall(1, 60), hall(2, 60)];
    expect(searchSlots({ ...roomBusy([1, 2]), rooms: exact }).options[0]).toMatchObject({ start: hour(3, 11), roomId: 1 });
    const late = { ...roomBusy([1, 2, 3]), rooms: exact, days: [0, 1, 2, 3, 4].map((index) => weekday(index)) };
    const candidates = [...late.candidates, { start: hour(4, 11), weeklySlotId: 1 }];
    expect(searchSlots({ ...late, candidates }).options[0]).toMatchObject({ start: hour(1, 11), roomId: 2 });
  });

  test('else the smallest adequate room that is free, and of equal ones the first', () => {
    const rooms = [hall(9, 90), hall(8, 70), hall(7, 70), hall(6, 400), hall(5, 300)];
    const original = { ...problem().original, roomId: null };
    expect(searchSlots(problem({ rooms, original })).options[0]!.roomId).toBe(7);
    const taken = new Map([7, 8, 9].map((id) => [id, [span(1, 0, 24)]]));
    const onDayOne = problem().candidates.slice(0, 3);
    expect(searchSlots({ ...withBusy({ rooms: taken }), rooms, original, candidates: onDayOne }).options[0]!.roomId).toBe(5);
  });

  test('the students\' lighter day, then the middle of the day', () => {
    const candidates = [{ start: hour(1, 8), weeklySlotId: 1 }, { start: hour(1, 13), weeklySlotId: 2 }];
    expect(startsOf(problem({ candidates }))).toEqual([hour(1, 13), hour(1, 8)]);
    const full = [{ ...span(1, 8, 14), label: 'lectures' }];
    const input = withBusy({ students: new Map([[1, full], [2, full]]) });
    const { options } = searchSlots({ ...input, candidates: [{ start: hour(1, 15), weeklySlotId: 1 }, { start: hour(2, 15), weeklySlotId: 2 }] });
    expect(options.map(({ score }) => score)).toEqual([1000 + Math.floor((1000 * 72) / 84), 2000]);
    expect(options[0]!.reasons).not.toContainEqual({ code: 'light-day' });
  });

  test('two weekly slots at one time are one option', () => {
    const start = hour(1, 11);
    const candidates = [null, 12, 7].map((weeklySlotId) => ({ start, weeklySlotId }));
    expect(searchSlots(problem({ candidates })).options).toMatchObject([{ start, weeklySlotId: 7 }]);
  });
});

describe('I17 the answer says what blocked the nearest', () => {
  test('all that stands against a time is named, with numbers', () => {
    const cs204 = { ...span(1, 11, 12), label: 'CS204' };
    const interview = { ...span(1, 11, 13), label: 'Appointment' };
    const input = {
      ...withBusy({
        faculty: [span(1, 10.5, 11.5)],
        rooms: new Map([[1, [span(1, 11, 12)]], [2, [span(1, 11, 11.5)]]]),
        students: new Map([[1, [cs204]], [2, [cs204, interview]], [3, []], [4, [{ ...span(1, 12, 19), label: 'lab' }]]]),
      }),
      candidates: [{ start: hour(1, 11), weeklySlotId: null }],
    };
    expect(searchSlots(input)).toEqual({
      options: [],
      blocked: [
        {
          start: hour(1, 11),
          end: hour(1, 12),
          reasons: [
            { code: 'faculty-busy' },
            { code: 'students-busy', count: 2, of: 4, label: 'CS204' },
            { code: 'students-busy', count: 1, of: 4, label: 'Appointment' },
            { code: 'daily-load-students', count: 1, of: 4 },
            { code: 'rooms-busy', capacity: 60, count: 2 },
          ],
        },
      ],
    });
  });

  test('the three nearest to the old time come first, days without teaching last', () => {
    const input = { ...withBusy({ faculty: [{ start: 0, end: hour(9, 0) }] }), days: [weekday(0), weekday(1, false), weekday(2), weekday(3)] };
    const { blocked } = searchSlots(input);
    expect(blocked.map(({ start }) => start)).toEqual([hour(2, 11), hour(2, 14), hour(2, 15)]);
    const closed = searchSlots({ ...input, days: [weekday(0, false), weekday(1, false)] });
    expect(closed.blocked[0]).toEqual({ ...span(1, 11, 12), reasons: [{ code: 'holiday' }, { code: 'faculty-busy' }] });
    const beyond = searchSlots({ ...problem(), days: [weekday(0)] });
    expect(beyond.blocked[0]!.reasons).toEqual([{ code: 'outside-horizon' }]);
  });

  test('a lecturer who has enough that day is named', () => {
    const { blocked } = searchSlots({ ...withBusy({ faculty: [1, 2, 3].map((day) => span(day, 16, 22)) }) });
    expect(blocked[0]!.reasons).toEqual([{ code: 'daily-load-faculty' }]);
  });

  test('without a candidate there is neither an option nor anything to explain', () => {
    expect(searchSlots(problem({ candidates: [] }))).toEqual({ options: [], blocked: [] });
  });
});
