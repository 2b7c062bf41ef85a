// A college small enough to think through, for tests to change one thing in: two sections, three teachers, four rooms, five classes.

import type { Entry, Faculty, Part, Room, TaughtClass, University } from '../../../domain/timetabling/university.ts';

export const lectures = (count: number, length = 1): Part => ({ kind: 'lecture', count, length, roomKind: 'hall', equipment: [], week: 'every' });
export const lab = (length: number, week: Part['week'] = 'every'): Part => ({ kind: 'lab', count: 1, length, roomKind: 'lab', equipment: ['benches'], week });
export const teacher = (id: string, more: Partial<Faculty> = {}): Faculty => ({ id, unavailable: [], preferences: [], maxPerDay: 4, maxPerWeek: 12, ...more });
export const room = (id: string, more: Partial<Room> = {}): Room => ({ id, capacity: 60, kind: 'hall', equipment: [], building: 'Old', closed: [], taken: [], ...more });
export const taught = (id: string, more: Partial<TaughtClass> = {}): TaughtClass => ({
  id, subject: id, department: 'Botany', faculty: [], sections: [], size: 40, parts: [lectures(2)], minWorkingDays: 2, ...more,
});

/** Monday, Wednesday and Thursday of four periods with a break in the middle, odd and even weeks. */
export const college: University = {
  days: 3,
  weekdays: [1, 3, 4],
  periods: 4,
  breaks: [{ after: 1, minutes: 30 }],
  changeMinutes: 5,
  periodCosts: [1, 0, 0, 1],
  weeks: 2,
  buildings: [{ id: 'Old' }, { id: 'New' }],
  walks: [{ between: ['Old', 'New'], minutes: 9 }],
  rooms: [room('H1'), room('H2', { building: 'New' }), room('H3', { capacity: 120 }), room('L1', { kind: 'lab', equipment: ['benches', 'sinks'], capacity: 45 })],
  faculty: [teacher('Nair'), teacher('Ortiz'), teacher('Petrov')],
  sections: [{ id: 'A', department: 'Botany', size: 40, unavailable: [] }, { id: 'B', department: 'Botany', size: 40, unavailable: [] }],
  classes: [
    taught('roots A', { faculty: ['Nair'], sections: ['A'], parts: [lectures(2), lab(2, 'odd')] }),
    taught('roots B', { faculty: ['Nair'], sections: ['B'], parts: [lectures(2), lab(2, 'even')] }),
    taught('leaves', { faculty: ['Ortiz'], sections: ['A', 'B'], size: 80 }),
    taught('mosses', { faculty: ['Petrov'], size: 2 }),
    taught('ferns', { faculty: ['Petrov'], size: 1 }),
  ],
  enrolments: [
    { student: 'Ada', section: 'A', classes: ['mosses'], unavailable: [] },
    { student: 'Ben', section: 'B', classes: ['mosses'], unavailable: [] },
    { student: 'Cy', section: null, classes: ['ferns', 'leaves'], unavailable: [] },
  ],
  locks: [],
  lockedDays: [],
  lockedRooms: [],
  lockedFaculty: [],
  previous: [],
};

const at = (id: string, part: number, occurrence: number, day: number, period: number, place: string, more: Partial<Entry> = {}): Entry => ({
  class: id, part, occurrence, day, period, length: 1, week: 'every', room: place, ...more,
});

/** A timetable of the college that breaks nothing. */
export const collegeTimetable: readonly Entry[] = [
  at('roots A', 0, 0, 0, 0, 'H1'), at('roots A', 0, 1, 1, 0, 'H1'), at('roots A', 1, 0, 2, 2, 'L1', { length: 2, week: 'odd' }),
  at('roots B', 0, 0, 0, 1, 'H1'), at('roots B', 0, 1, 1, 1, 'H1'), at('roots B', 1, 0, 2, 2, 'L1', { length: 2, week: 'even' }),
  at('leaves', 0, 0, 0, 2, 'H3'), at('leaves', 0, 1, 1, 2, 'H3'),
  at('mosses', 0, 0, 0, 3, 'H2'), at('mosses', 0, 1, 1, 3, 'H2'),
  at('ferns', 0, 0, 2, 0, 'H2'), at('ferns', 0, 1, 2, 1, 'H2'),
];

/** The timetable with the entry of a meeting replaced. */
export const moved = (id: string, part: number, occurrence: number, change: Partial<Entry>): Entry[] =>
  collegeTimetable.map((entry) => (entry.class === id && entry.part === part && entry.occurrence === occurrence ? { ...entry, ...change } : entry));
