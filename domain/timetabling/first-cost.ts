// What a timetable breaks and costs at first, summed from a state's tables once; from then on the state adds what each move changes.
import type { Model } from './model.ts';

/** The tables of `State` that it takes. */
export interface CostTables {
  model: Model;
  slot: Int32Array;
  room: Int32Array;
  clashes: Int16Array;
  cellCount: Int16Array;
  rowBusy: Int32Array;
  courseDays: Int32Array;
  courseRooms: Int32Array;
}

/** All violations, and the weighted sum of all soft parts but extras. */
export function costOfTables({ model, slot: slotOf, room: roomOf, clashes, cellCount, rowBusy, courseDays, courseRooms }: CostTables): { hard: number; soft: number } {
  const { events, placeable, eventKind, kindLength, slots, rooms, rows, days, rowCost, dayCost, slotCost, roomCost, courseDaysCost, problem } = model;
  let pairs = 0;
  let soft = 0;
  for (const event of placeable) {
    const kind = eventKind[event]!;
    const slot = slotOf[event]!;
    for (let at = slot; at < slot + kindLength[kind]!; at++) pairs += clashes[kind * slots + at]! - 1;
    soft += slotCost[kind * slots + slot]! + roomCost[kind * rooms + roomOf[event]!]!;
  }
  let hard = events - placeable.length + pairs / 2;
  for (const count of cellCount) hard += Math.max(0, count - 1);
  for (let row = 0; row < rows; row++) {
    for (let day = 0; day < days; day++) soft += dayCost[rowCost[row]! + rowBusy[row * days + day]!]!;
  }
  for (let course = 0; course < problem.courses; course++) {
    soft += courseDaysCost[course * (days + 1) + courseDays[course]!]!;
    soft += problem.weights.roomStability * Math.max(0, courseRooms[course]! - 1);
  }
  return { hard, soft };
}
