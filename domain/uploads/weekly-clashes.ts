// Classes of a week that can't both be: one room, one faculty member or one section at overlapping times of one day, in the same weeks.
import { weeksMeet } from '../calendar/term-weeks.ts';
import type { Week } from '../timetabling/university.ts';
import type { RowCode } from './cells.ts';

export interface WeeklyClass {
  weekday: number;
  /** HH:mm on the wall clock; what ends at 10:00 leaves 10:00 free. */
  start: string;
  end: string;
  week: Week;
  roomKey: string;
  facultyKey: string;
  sectionKey: string;
}

export interface Clash<Item> { item: Item; code: Extract<RowCode, `${string}-clash`>; with: Item }

const RESOURCES = [['roomKey', 'room-clash'], ['facultyKey', 'faculty-clash'], ['sectionKey', 'section-clash']] as const;

/**
 * For each class that clashes with one before it in the list, the first clash by room, faculty member and section. Sorted sweeps over
 * each resource's day: O(n log n) but for the clashes themselves.
 */
export function weeklyClashes<Item extends WeeklyClass>(classes: readonly Item[]): Clash<Item>[] {
  const order = new Map(classes.map((item, index) => [item, index]));
  const clashes = RESOURCES.flatMap(([resource, code]) => [...Map.groupBy(classes, (item) => `${item.weekday} ${item[resource]}`).values()].flatMap((group) => {
    const found = new Map<Item, Item>();
    const running: Item[] = [];
    for (const item of group.toSorted((a, b) => a.start.localeCompare(b.start) || order.get(a)! - order.get(b)!)) {
      for (let index = running.length - 1; index >= 0; index -= 1) if (running[index]!.end <= item.start) running.splice(index, 1);
      for (const other of running) {
        if (!weeksMeet(other.week, item.week)) continue;
        const [earlier, later] = order.get(other)! < order.get(item)! ? [other, item] : [item, other];
        const known = found.get(later);
        if (known === undefined || order.get(earlier)! < order.get(known)!) found.set(later, earlier);
      }
      running.push(item);
    }
    return [...found].map(([item, other]) => ({ item, code, with: other }));
  }));
  return clashes.sort((a, b) => order.get(a.item)! - order.get(b.item)!);
}
