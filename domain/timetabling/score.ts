// How good a timetable is, from 0 to 100, in six parts that compare between runs: each part's worst comes from the instance alone.

import { studentGroups } from './groups.ts';
import { classesOfFaculty, facultyDailyLimit, peakLimit, periodsPerWeek } from './loads.ts';
import { roomFits } from './room-fit.ts';
import { meetingKey, meetingsOf, weeksOf, type Entry, type University } from './university.ts';
import { qualityParts, type QualityPart, type QualityWeights } from './variants.ts';

/** What a part costs in a timetable, and the most that it can cost in the instance. */
export interface PartCost {
  readonly value: number;
  readonly most: number;
}

export interface Quality {
  /** 0 to 100. */
  readonly score: number;
  /** Of each part, its share wᵢ of the score and what came of it: 1 − vᵢ/maxᵢ, from 0 to 1. */
  readonly parts: readonly ({ readonly part: QualityPart; readonly weight: number; readonly quality: number } & PartCost)[];
}

/** Quality = 100 × Σ wᵢ (1 − vᵢ / maxᵢ). A part that can't cost anything in the instance is as good as can be. Meetings without an entry cost nothing. */
export function qualityOf(university: University, entries: readonly Entry[], weights: QualityWeights): Quality {
  const costs: Record<QualityPart, PartCost> = {
    facultyPreference: facultyPreference(university, entries), compactness: compactness(university, entries), roomUse: roomUse(university, entries),
    workloadBalance: workloadBalance(university, entries), peakSpread: peakSpread(university, entries), continuity: continuity(university, entries),
  };
  const parts = qualityParts.map((part) => {
    const { value, most } = costs[part];
    return { part, weight: weights[part], quality: most === 0 ? 1 : Math.max(0, 1 - value / most), value, most };
  });
  return { score: 100 * parts.reduce((sum, { weight, quality }) => sum + weight * quality, 0), parts };
}

/**
 * v = Σ over entries, their periods and their faculty of the cost that the person gives the slot.
 * max = Σ over the periods that each person teaches of the highest cost that the person gives any slot.
 */
export function facultyPreference(university: University, entries: readonly Entry[]): PartCost {
  const taught = classesOfFaculty(university);
  let value = 0;
  let most = 0;
  for (const { id, preferences } of university.faculty) {
    const costs = new Map(preferences.map(({ day, period, cost }) => [day * university.periods + period, cost]));
    const classes = taught.get(id) ?? [];
    const own = new Set(classes.map((each) => each.id));
    for (const entry of entries) {
      if (own.has(entry.class)) for (let offset = 0; offset < entry.length; offset += 1) value += costs.get(entry.day * university.periods + entry.period + offset) ?? 0;
    }
    const periods = classes.reduce((sum, { parts }) => sum + parts.reduce((all, { count, length }) => all + count * length, 0), 0);
    most += periods * Math.max(0, ...preferences.map(({ cost }) => cost));
  }
  return { value, most };
}

/**
 * v = Σ over groups of students, weeks and days of students × free periods between the first and the last busy one.
 * max = Σ over groups and weeks of students × (periods a day − 2) × the days that can have a gap: two busy periods each, as many as there are.
 */
export function compactness(university: University, entries: readonly Entry[]): PartCost {
  const { days, periods, weeks } = university;
  const byClass = Map.groupBy(entries, (entry) => entry.class);
  const classes = new Map(university.classes.map((taught) => [taught.id, taught]));
  let value = 0;
  let most = 0;
  for (const { classes: ids, students } of studentGroups(university)) {
    for (const busy of busyDays(university, ids.flatMap((id) => byClass.get(id) ?? []))) {
      value += students * (busy.size === 0 ? 0 : Math.max(...busy) - Math.min(...busy) + 1 - busy.size);
    }
    const attended = ids.flatMap((id) => classes.get(id) ?? []);
    for (const sum of periodsPerWeek({ weeks }, attended)) most += students * Math.min(days, Math.floor(sum / 2)) * Math.max(0, periods - 2);
  }
  return { value, most };
}

/**
 * v = Σ over entries of the seats left empty.
 * max = Σ over meetings of the seats that the largest room that may be used would leave empty.
 */
export function roomUse(university: University, entries: readonly Entry[]): PartCost {
  const classes = new Map(university.classes.map((taught) => [taught.id, taught]));
  const capacities = new Map(university.rooms.map(({ id, capacity }) => [id, capacity]));
  const value = entries.reduce((sum, entry) => sum + Math.max(0, (capacities.get(entry.room) ?? 0) - (classes.get(entry.class)?.size ?? 0)), 0);
  const most = university.classes.reduce((sum, taught) => sum + taught.parts.reduce((all, part) => {
    const largest = Math.max(taught.size, ...university.rooms.filter((room) => roomFits(room, taught, part)).map(({ capacity }) => capacity));
    return all + part.count * (largest - taught.size);
  }, 0), 0);
  return { value, most };
}

/**
 * v = Σ over faculty, weeks and days of the periods taught beyond an even day (see `facultyDailyLimit`).
 * max = the same when each person teaches as much as a day holds, on as few days as it takes.
 */
export function workloadBalance(university: University, entries: readonly Entry[]): PartCost {
  const taught = classesOfFaculty(university);
  let value = 0;
  let most = 0;
  for (const member of university.faculty) {
    const classes = taught.get(member.id) ?? [];
    const own = new Set(classes.map(({ id }) => id));
    const limit = facultyDailyLimit(university, member, classes);
    for (const busy of busyDays(university, entries.filter((entry) => own.has(entry.class)))) value += Math.max(0, busy.size - limit);
    for (const sum of periodsPerWeek(university, classes)) most += beyond(sum, university.periods, limit);
  }
  return { value, most };
}

/**
 * v = Σ over the periods of each week of the meetings in progress beyond an even share (see `peakLimit`).
 * max = the same when all rooms are in use in as few periods as it takes.
 */
export function peakSpread(university: University, entries: readonly Entry[]): PartCost {
  const limit = peakLimit(university);
  const inProgress = new Map<string, number>();
  for (const { day, period, length, week } of entries) {
    for (const each of weeksOf(week, university.weeks)) {
      for (let offset = 0; offset < length; offset += 1) {
        const key = `${each} ${day} ${period + offset}`;
        inProgress.set(key, (inProgress.get(key) ?? 0) + 1);
      }
    }
  }
  const value = [...inProgress.values()].reduce((sum, count) => sum + Math.max(0, count - limit), 0);
  return { value, most: periodsPerWeek(university, university.classes).reduce((sum, periods) => sum + beyond(periods, university.rooms.length, limit), 0) };
}

/**
 * v = Σ over classes and the kinds of rooms that they need of the rooms beyond the first.
 * max = the same when each meeting is in a room of its own, as far as there are rooms of the kind.
 */
export function continuity(university: University, entries: readonly Entry[]): PartCost {
  const roomOf = new Map(entries.map((entry) => [meetingKey(entry), entry.room]));
  const ofKind = Map.groupBy(university.rooms, ({ kind }) => kind);
  let value = 0;
  let most = 0;
  for (const taught of university.classes) {
    for (const [kind, meetings] of Map.groupBy(meetingsOf(taught), ({ part }) => taught.parts[part]?.roomKind ?? '')) {
      const used = new Set(meetings.flatMap((meeting) => roomOf.get(meetingKey(meeting)) ?? []));
      value += Math.max(0, used.size - 1);
      most += Math.max(0, Math.min(meetings.length, ofKind.get(kind)?.length ?? 0) - 1);
    }
  }
  return { value, most };
}

/** The busy periods of each day of each week. */
function busyDays({ days, weeks }: University, entries: readonly Entry[]): Set<number>[] {
  const busy = Array.from({ length: days * weeks }, () => new Set<number>());
  for (const { day, period, length, week } of entries) {
    for (const each of weeksOf(week, weeks)) for (let offset = 0; offset < length; offset += 1) busy[each * days + day]?.add(period + offset);
  }
  return busy;
}

/** What is beyond `limit` in each, when `sum` things fill holders of `size` one after another. */
function beyond(sum: number, size: number, limit: number): number {
  if (size === 0) return 0;
  return Math.floor(sum / size) * Math.max(0, size - limit) + Math.max(0, (sum % size) - limit);
}
