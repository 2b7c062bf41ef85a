// Slot search problems by chance, small and dense, for the property tests.
import fc from 'fast-check';
import type { Room, SlotSearchProblem } from '../../../domain/rescheduling/types.ts';

const DAY = 48; // short days keep the cases dense; the search doesn't know how long a day is
const interval = fc.tuple(fc.integer({ min: -5, max: 5 * DAY }), fc.integer({ min: 1, max: 20 })).map(([start, length]) => ({ start, end: start + length }));
const studentBusy = fc.tuple(interval, fc.constantFrom('CS204', 'MA101', 'another appointment')).map(([time, label]) => ({ ...time, label }));
const room: fc.Arbitrary<Omit<Room, 'id'>> = fc.record({
  name: fc.constant('hall'),
  capacity: fc.integer({ min: 20, max: 200 }),
  kind: fc.constantFrom('theory', 'theory', 'lab'),
  equipment: fc.subarray(['projector', 'piano']),
  building: fc.constant('East'),
});

/** `crowd` is how much the people have to do: at 0 most times are free, at 12 few. */
export const problems = (crowd: number): fc.Arbitrary<SlotSearchProblem> =>
  fc
    .record({
      durationSlots: fc.integer({ min: 1, max: 14 }),
      starts: fc.array(fc.record({ start: fc.integer({ min: -3, max: 5 * DAY }), weeklySlotId: fc.option(fc.integer({ min: 1, max: 9 })) }), { maxLength: 30 }),
      teaching: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      capacity: fc.integer({ min: 20, max: 120 }),
      equipment: fc.subarray(['projector']),
      rooms: fc.array(room, { maxLength: 6 }),
      preferredRoomId: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
      faculty: fc.array(interval, { maxLength: crowd }),
      roomsBusy: fc.array(fc.array(interval, { maxLength: crowd }), { minLength: 6, maxLength: 6 }),
      students: fc.array(fc.array(studentBusy, { maxLength: crowd }), { maxLength: 5 }),
      studentsMaxSlots: fc.integer({ min: 5, max: 60 }),
      facultyMaxSlots: fc.integer({ min: 5, max: 60 }),
      originalStart: fc.integer({ min: 0, max: DAY }),
      notBefore: fc.integer({ min: -3, max: 2 * DAY }),
    })
    .map((drawn) => ({
      durationSlots: drawn.durationSlots,
      candidates: drawn.starts,
      days: drawn.teaching.map((teaching, index) => ({ index, teaching, startSlot: index * DAY, endSlot: (index + 1) * DAY, coreStart: index * DAY + 8, coreEnd: index * DAY + 40 })),
      roomNeeds: { capacity: drawn.capacity, kind: 'theory', equipment: drawn.equipment },
      rooms: drawn.rooms.map((drawnRoom, id) => ({ ...drawnRoom, id })),
      ...(drawn.preferredRoomId === undefined ? {} : { preferredRoomId: drawn.preferredRoomId }),
      busy: { faculty: drawn.faculty, rooms: new Map(drawn.roomsBusy.map((busy, id) => [id, busy])), students: new Map(drawn.students.map((busy, id) => [`S${id}`, busy])) },
      dailyLoad: { studentsMaxSlots: drawn.studentsMaxSlots, facultyMaxSlots: drawn.facultyMaxSlots },
      original: { start: drawn.originalStart, end: drawn.originalStart + drawn.durationSlots, roomId: 0 },
      notBefore: drawn.notBefore,
    }));
