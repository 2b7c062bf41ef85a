// What goes into the search for a new time of a class, and what comes out. All times are slots (domain/calendar/slots.ts).

import type { Interval } from '../calendar/slots.ts';

export type StudentId = number | string;

/** Something a student has to attend. The label is shown to others: a course's code, but a neutral word for an interview. */
export interface StudentBusy extends Interval {
  readonly label: string;
}

export interface RoomNeeds {
  readonly capacity: number;
  readonly kind: string;
  readonly equipment: readonly string[];
}

export interface Room extends RoomNeeds {
  readonly id: number;
  readonly name: string;
  readonly building: string;
}

/** A dated start that a class may get; `weeklySlotId` names the weekly slot it was expanded from, if any. */
export interface Candidate {
  readonly start: number;
  readonly weeklySlotId: number | null;
}

/**
 * A local calendar day of the horizon, midnight to midnight. `index` counts days (consecutive days have consecutive
 * numbers); classes that begin before `coreStart` or end after `coreEnd` are at the edges of the day.
 */
export interface Day {
  readonly index: number;
  readonly teaching: boolean;
  readonly startSlot: number;
  readonly endSlot: number;
  readonly coreStart: number;
  readonly coreEnd: number;
}

/**
 * One class (or makeup) looking for a time. `busy` holds what everybody concerned has besides it: a session that is to be
 * moved is left out, one that stays is in. Every key of `busy.students` is a student who must be free, also with an empty
 * list. Days don't overlap; they are the horizon. Nothing begins before `notBefore`, nor at `original.start`.
 */
export interface SlotSearchProblem {
  readonly durationSlots: number;
  readonly candidates: readonly Candidate[];
  readonly days: readonly Day[];
  readonly roomNeeds: RoomNeeds;
  readonly rooms: readonly Room[];
  /** Where the class would best be; default the room it was in. */
  readonly preferredRoomId?: number;
  readonly busy: {
    readonly faculty: readonly Interval[];
    readonly rooms: ReadonlyMap<number, readonly Interval[]>;
    readonly students: ReadonlyMap<StudentId, readonly StudentBusy[]>;
  };
  /** Most slots a day that a person may be busy, the class included. Things at the same time count once. */
  readonly dailyLoad: { readonly studentsMaxSlots: number; readonly facultyMaxSlots: number };
  readonly original: Interval & { readonly roomId: number | null };
  readonly notBefore: number;
}

/** Of a problem, what its people and rooms have and need, whatever times are looked at. */
export type Surroundings = Pick<SlotSearchProblem, 'roomNeeds' | 'rooms' | 'busy' | 'dailyLoad'>;

/** Why an option is a good one. Sentences belong to the locales. */
export type Reason =
  /** All of these students, the faculty member and the room are free. */
  | { readonly code: 'everyone-free'; readonly students: number }
  /** At most 3 local days after the day of `notBefore`. */
  | { readonly code: 'soon'; readonly days: number }
  | { readonly code: 'same-room' }
  /** At most a quarter of the needed seats stay empty. */
  | { readonly code: 'right-size'; readonly capacity: number; readonly needed: number }
  /** The students have, on average and without this class, at most half of their daily load that day. */
  | { readonly code: 'light-day' }
  | { readonly code: 'core-hours' };

/** What stands against a time. */
export type BlockReason =
  /** Not wholly inside one day of the horizon. */
  | { readonly code: 'outside-horizon' }
  /** No teaching that day. */
  | { readonly code: 'holiday' }
  | { readonly code: 'faculty-busy' }
  | { readonly code: 'daily-load-faculty' }
  /** `count` of the `of` students have what the label says; one for each label, the commonest first. */
  | { readonly code: 'students-busy'; readonly count: number; readonly of: number; readonly label: string }
  | { readonly code: 'daily-load-students'; readonly count: number; readonly of: number }
  /** No room at all has the seats, kind and equipment. */
  | { readonly code: 'no-room'; readonly capacity: number; readonly kind: string }
  /** `count` rooms would do, and all of them are taken. */
  | { readonly code: 'rooms-busy'; readonly capacity: number; readonly count: number };

export interface Option extends Interval {
  readonly roomId: number;
  readonly weeklySlotId: number | null;
  /** Penalty points as in score.ts: 0 is perfect, fewer are better. */
  readonly score: number;
  readonly reasons: readonly Reason[];
}

export interface Blocked extends Interval {
  readonly reasons: readonly BlockReason[];
}

/** At most 3 options, best first; `blocked` is filled only when there are none: the 3 nearest times and what stood against them. */
export interface SlotSearchResult {
  readonly options: readonly Option[];
  readonly blocked: readonly Blocked[];
}
