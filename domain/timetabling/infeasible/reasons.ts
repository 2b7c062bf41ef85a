// Why a university can have no timetable: what is told before anything is solved, in ids and numbers.

import type { Refusal, RefusalCode } from '../../refusal.ts';
import type { Meeting } from '../university.ts';

/** Somebody who can't be in two places. Students are told by one of their sets of classes. */
export type Who =
  | { readonly who: 'class' | 'faculty' | 'section'; readonly id: string }
  | { readonly who: 'students'; readonly section: string | null; readonly classes: readonly string[]; readonly students: number };

/** Days, periods and weeks count from 0; needed and available are periods in the fuller week. */
export type Infeasibility =
  | { readonly code: 'no-room-of-kind'; readonly class: string; readonly part: number; readonly roomKind: string }
  | { readonly code: 'no-room-with-equipment'; readonly class: string; readonly part: number; readonly roomKind: string; readonly equipment: readonly string[] }
  /** `largest` is the capacity of the largest room of the kind with the equipment. */
  | { readonly code: 'no-room-large-enough'; readonly class: string; readonly part: number; readonly roomKind: string; readonly size: number; readonly largest: number }
  /** `longest` is the longest run of periods without a break. */
  | { readonly code: 'block-too-long'; readonly class: string; readonly part: number; readonly length: number; readonly longest: number }
  /** There is no run of `length` periods in which all of the class's people are there. */
  | { readonly code: 'no-time-for-block'; readonly class: string; readonly part: number; readonly length: number }
  | ({ readonly code: 'too-many-periods'; readonly needed: number; readonly available: number } & Who)
  | { readonly code: 'faculty-overload'; readonly faculty: string; readonly needed: number; readonly maxPerWeek: number }
  | { readonly code: 'room-kind-full'; readonly roomKind: string; readonly needed: number; readonly available: number }
  /** These classes together need more periods in rooms than all rooms that are good for any of them have, when they could use them. */
  | { readonly code: 'rooms-short'; readonly roomKind: string; readonly classes: readonly string[]; readonly needed: number; readonly available: number }
  /** Classes of one person need more periods than there are in which they could all be held. */
  | ({ readonly code: 'times-short'; readonly of: readonly string[]; readonly needed: number; readonly available: number } & Who)
  /** Two locks put one meeting in different places. */
  | { readonly code: 'lock-contradiction'; readonly meeting: Meeting }
  /** A lock puts a block across a break or the end of the day. */
  | { readonly code: 'lock-block'; readonly meeting: Meeting; readonly day: number; readonly period: number }
  | ({ readonly code: 'lock-unavailable'; readonly meeting: Meeting; readonly day: number; readonly period: number } & Who)
  /** A lock puts a meeting in a room that is too small, of another kind or without what is needed. */
  | { readonly code: 'lock-room-unfit'; readonly meeting: Meeting; readonly room: string }
  /** A lock puts a meeting in a room when it is closed or another department has it. */
  | { readonly code: 'lock-room-closed'; readonly meeting: Meeting; readonly room: string; readonly day: number; readonly period: number }
  | { readonly code: 'locks-share-room'; readonly meetings: readonly [Meeting, Meeting]; readonly room: string; readonly day: number; readonly period: number }
  | ({ readonly code: 'locks-share'; readonly meetings: readonly [Meeting, Meeting]; readonly day: number; readonly period: number } & Who);

/** Why there can be no timetable: no place and time for everything, or a campus that can't be read as it was entered. */
export type Reason = Infeasibility | { readonly code: 'refused'; readonly refusal: RefusalCode; readonly details: Refusal['details'] };
