// Why a university can have no timetable: what is told before anything is solved, in ids and numbers.

import type { Meeting } from '../university.ts';

/** Somebody who can't be in two places. Students are told by one of their sets of classes. */
export type Who =
  | { readonly who: 'class' | 'faculty' | 'section'; readonly id: string }
  | { readonly who: 'students'; readonly section: string | null; readonly classes: readonly string[]; readonly students: number };

/** Days, periods and weeks count from 0; needed and available are periods in the fuller week. */
export type Infeasibility =
  | { readonly reason: 'noRoomOfKind'; readonly class: string; readonly part: number; readonly roomKind: string }
  | { readonly reason: 'noRoomWithEquipment'; readonly class: string; readonly part: number; readonly roomKind: string; readonly equipment: readonly string[] }
  /** `largest` is the capacity of the largest room of the kind with the equipment. */
  | { readonly reason: 'noRoomLargeEnough'; readonly class: string; readonly part: number; readonly roomKind: string; readonly size: number; readonly largest: number }
  /** `longest` is the longest run of periods without a break. */
  | { readonly reason: 'blockTooLong'; readonly class: string; readonly part: number; readonly length: number; readonly longest: number }
  /** There is no run of `length` periods in which all of the class's people are there. */
  | { readonly reason: 'noTimeForBlock'; readonly class: string; readonly part: number; readonly length: number }
  | ({ readonly reason: 'tooManyPeriods'; readonly needed: number; readonly available: number } & Who)
  | { readonly reason: 'facultyOverload'; readonly faculty: string; readonly needed: number; readonly maxPerWeek: number }
  | { readonly reason: 'roomKindFull'; readonly roomKind: string; readonly needed: number; readonly available: number }
  /** These classes together need more periods in rooms than all rooms that are good for any of them have, when they could use them. */
  | { readonly reason: 'roomsShort'; readonly roomKind: string; readonly classes: readonly string[]; readonly needed: number; readonly available: number }
  /** Classes of one person need more periods than there are in which they could all be held. */
  | ({ readonly reason: 'timesShort'; readonly of: readonly string[]; readonly needed: number; readonly available: number } & Who)
  /** Two locks put one meeting in different places. */
  | { readonly reason: 'lockContradiction'; readonly meeting: Meeting }
  /** A lock puts a block across a break or the end of the day. */
  | { readonly reason: 'lockBlock'; readonly meeting: Meeting; readonly day: number; readonly period: number }
  | ({ readonly reason: 'lockUnavailable'; readonly meeting: Meeting; readonly day: number; readonly period: number } & Who)
  /** A lock puts a meeting in a room that is too small, of another kind or without what is needed. */
  | { readonly reason: 'lockRoomUnfit'; readonly meeting: Meeting; readonly room: string }
  /** A lock puts a meeting in a room when it is closed or another department has it. */
  | { readonly reason: 'lockRoomClosed'; readonly meeting: Meeting; readonly room: string; readonly day: number; readonly period: number }
  | { readonly reason: 'locksShareRoom'; readonly meetings: readonly [Meeting, Meeting]; readonly room: string; readonly day: number; readonly period: number }
  | ({ readonly reason: 'locksShare'; readonly meetings: readonly [Meeting, Meeting]; readonly day: number; readonly period: number } & Who);
