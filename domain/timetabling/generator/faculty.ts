// The generator's faculty: hired as the classes need them, then given free times and wishes around what they teach.

import type { Random } from '../random.ts';
import { slotNumber, type Faculty, type Preference, type Slot } from '../university.ts';
import { happens, Occupation, shuffled, slotsOfClass, type Calendar, type DraftClass } from './draft.ts';

/** Periods a week that one person teaches at most, and a day. */
const MOST_HOURS = 16;
const MOST_A_DAY = 5;
/** Of a hundred classes with a lab, how many are taught by two. */
const TEAM = 15;

/** Faculty for all classes, nobody in two places, and who teaches which class (by its id). */
export function hire(random: Random, calendar: Calendar, classes: readonly DraftClass[]): { faculty: Faculty[]; teaching: Map<string, string[]> } {
  const weekly = calendar.days * calendar.periods;
  const busy = new Occupation();
  const hours = new Map<string, number[]>();
  const staff = new Map<string, string[]>();
  const taught = new Map<string, Set<number>>();
  const teaching = new Map<string, string[]>();
  for (const draft of shuffled(random, classes)) {
    const slots = slotsOfClass(calendar, draft);
    const added = Array.from({ length: calendar.weeks }, (_, week) => slots.filter((slot) => Math.floor(slot / weekly) === week).length);
    const team: string[] = [];
    const people = draft.parts.some(({ kind }) => kind === 'lab') && happens(random, TEAM) ? 2 : 1;
    const members = staff.get(draft.department) ?? [];
    staff.set(draft.department, members);
    for (let place = 0; place < people; place += 1) {
      const able = members.filter((id) => !team.includes(id) && busy.isFree(id, slots) && (hours.get(id) ?? []).every((sum, week) => sum + (added[week] ?? 0) <= MOST_HOURS));
      let id = able[random.below(Math.max(1, able.length))];
      if (id === undefined) {
        id = `${draft.department}-F${members.length + 1}`;
        members.push(id);
      }
      team.push(id);
      busy.take(id, slots);
      hours.set(id, added.map((sum, week) => sum + (hours.get(id)?.[week] ?? 0)));
      taught.set(id, new Set([...(taught.get(id) ?? []), ...slots]));
    }
    teaching.set(draft.id, team);
  }
  const faculty = [...staff.values()].flat().map((id): Faculty => ({
    id, unavailable: freeTimes(random, calendar, taught.get(id) ?? new Set()), preferences: wishes(random, calendar), maxPerDay: MOST_A_DAY, maxPerWeek: MOST_HOURS,
  }));
  return { faculty, teaching };
}

/** Slots in which somebody isn't there: half a day without classes for every second, and single slots. */
function freeTimes(random: Random, calendar: Calendar, taught: ReadonlySet<number>): Slot[] {
  const isFree = (day: number, period: number) => Array.from({ length: calendar.weeks }, (_, week) => slotNumber(calendar, week, day, period)).every((slot) => !taught.has(slot));
  const half = Math.ceil(calendar.periods / 2);
  const halves = Array.from({ length: calendar.days * 2 }, (_, index) => {
    const first = index % 2 === 0 ? 0 : half;
    return Array.from({ length: index % 2 === 0 ? half : calendar.periods - half }, (_slot, offset) => ({ day: Math.floor(index / 2), period: first + offset }));
  }).filter((slots) => slots.every(({ day, period }) => isFree(day, period)));
  const away = happens(random, 50) && halves.length > 0 ? halves[random.below(halves.length)] ?? [] : [];
  const single = Array.from({ length: random.below(5) }, () => ({ day: random.below(calendar.days), period: random.below(calendar.periods) })).filter(({ day, period }) => isFree(day, period));
  const distinct = new Map([...away, ...single].map((slot) => [slotNumber(calendar, 0, slot.day, slot.period), slot]));
  return [...distinct.values()].map((slot) => ({ ...slot, week: 'every' }));
}

/** What somebody would rather not have: early or late periods, a day, some slots. */
function wishes(random: Random, { days, periods }: Calendar): Preference[] {
  const costs = new Map<number, number>();
  const dislike = (day: number, period: number, cost: number) => costs.set(day * periods + period, Math.max(cost, costs.get(day * periods + period) ?? 0));
  const taste = random.below(4);
  const disliked = random.below(days);
  for (let day = 0; day < days; day += 1) {
    if (taste === 0) dislike(day, 0, 2);
    if (taste === 1) dislike(day, periods - 1, 2);
    if (taste === 1) dislike(day, periods - 2, 1);
  }
  if (taste === 2) for (let period = 0; period < periods; period += 1) dislike(disliked, period, 1);
  for (let count = random.below(5); count > 0; count -= 1) dislike(random.below(days), random.below(periods), 3);
  return [...costs].sort(([a], [b]) => a - b).map(([slot, cost]) => ({ day: Math.floor(slot / periods), period: slot % periods, cost }));
}
