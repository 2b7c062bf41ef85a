// The periods of a campus's teaching week as a grid of days and periods, and clock times to and from it.

import { Refusal } from '../refusal.ts';
import type { University } from './university.ts';

/** Times are the campus's wall clock, HH:mm. */
export interface ClockSpan {
  readonly start: string;
  readonly end: string;
}

/** A period of one weekday; ISO: 1 is Monday. */
export interface PeriodRow extends ClockSpan {
  readonly id: number;
  readonly weekday: number;
}

export interface TeachingWeek extends Pick<University, 'breaks' | 'changeMinutes' | 'periodCosts'> {
  /** ISO weekdays with a period, in their order: day 0 of the grid is the first of them. */
  readonly weekdays: readonly number[];
  readonly periods: readonly ClockSpan[];
  /** By day and period, the id of the period's row; null where the day hasn't that period. */
  readonly slotIds: readonly (readonly (number | null)[])[];
}

export interface GridSlot {
  readonly day: number;
  readonly period: number;
}

/** A gap between two periods of more minutes than that is a break. */
const CHANGE_AT_MOST = 10;
/** Of as many periods a day the last one is late. */
const LONG_DAY = 6;
const MOST_PERIODS = 16;

/**
 * The grid that weekly periods make. A weekday may lack some of the periods, but all must be cut the same way.
 * @throws Refusal periods-missing without any; periods-overlap with two that do so without being the same, on whatever weekdays; periods-many
 */
export function teachingWeek(rows: readonly PeriodRow[]): TeachingWeek {
  if (rows.length === 0) throw new Refusal('periods-missing');
  const weekdays = [...new Set(rows.map(({ weekday }) => weekday))].sort((a, b) => a - b);
  const periods = [...new Map(rows.map(({ start, end }) => [`${start}-${end}`, { start, end }])).values()]
    .sort((a, b) => minutesOf(a.start) - minutesOf(b.start) || minutesOf(a.end) - minutesOf(b.end));
  const gaps = periods.slice(1).map(({ start }, index) => {
    const before = periods[index] as ClockSpan;
    const gap = minutesOf(start) - minutesOf(before.end);
    if (gap < 0) throw new Refusal('periods-overlap', { first: `${before.start}–${before.end}`, second: `${start}–${periods[index + 1]!.end}` });
    return gap;
  });
  if (periods.length > MOST_PERIODS) throw new Refusal('periods-many', { periods: periods.length, most: MOST_PERIODS });
  const idOf = new Map(rows.map(({ id, weekday, start, end }) => [`${weekday} ${start}-${end}`, id]));
  const changes = gaps.filter((gap) => gap <= CHANGE_AT_MOST);
  return {
    weekdays, periods,
    slotIds: weekdays.map((weekday) => periods.map(({ start, end }) => idOf.get(`${weekday} ${start}-${end}`) ?? null)),
    breaks: gaps.flatMap((minutes, after) => (minutes > CHANGE_AT_MOST ? [{ after, minutes }] : [])),
    // The shortest of them, for who has to walk.
    changeMinutes: changes.length === 0 ? 0 : Math.min(...changes),
    periodCosts: periods.map((_, index) => (periods.length >= LONG_DAY && index === periods.length - 1 ? 1 : 0)),
  };
}

/** The slots of the grid that a day hasn't. */
export function missingSlots({ slotIds }: TeachingWeek): GridSlot[] {
  return slotIds.flatMap((ids, day) => ids.flatMap((id, period) => (id === null ? [{ day, period }] : [])));
}

/** The slots that a time of a weekday touches; none on another day than those of the grid. */
export function slotsTouched({ weekdays, periods }: TeachingWeek, { weekday, start, end }: ClockSpan & { readonly weekday: number }): GridSlot[] {
  const day = weekdays.indexOf(weekday);
  if (day === -1) return [];
  return periods.flatMap((each, period) => (minutesOf(each.start) < minutesOf(end) && minutesOf(start) < minutesOf(each.end) ? [{ day, period }] : []));
}

/** The slot and the number of periods that a time of a weekday is, to the minute; null when it is none. */
export function placeOf(week: TeachingWeek, { weekday, start, end }: ClockSpan & { readonly weekday: number }): (GridSlot & { readonly length: number }) | null {
  const day = week.weekdays.indexOf(weekday);
  const first = week.periods.findIndex((period) => period.start === start);
  const last = week.periods.findIndex((period) => period.end === end);
  return day === -1 || first === -1 || last < first ? null : { day, period: first, length: last - first + 1 };
}

/** From the beginning of a slot's period to the end of the last of `length` periods, with the row of the first. Throws RangeError outside of the week. */
export function timesOf({ weekdays, periods, slotIds }: TeachingWeek, { day, period }: GridSlot, length: number): ClockSpan & { weekday: number; slotId: number } {
  const [weekday, first, last, slotId] = [weekdays[day], periods[period], periods[period + length - 1], slotIds[day]?.[period]];
  if (weekday === undefined || first === undefined || last === undefined || slotId == null) throw new RangeError(`no ${length} periods on day ${day} from ${period}`);
  return { weekday, start: first.start, end: last.end, slotId };
}

function minutesOf(time: string): number {
  const [hours = '', minutes = ''] = time.split(':');
  return 60 * Number(hours) + Number(minutes);
}
