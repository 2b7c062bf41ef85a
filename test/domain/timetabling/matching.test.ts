// Matching against a search over all assignments, and the witness when there is none.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bitsOf, firstShortage, wordsOf } from '../../../domain/timetabling/matching.ts';

/** Whether each of `edges` can have a place of its own, tried one after another. */
function canAllMatch(edges: readonly (readonly number[])[], used: ReadonlySet<number> = new Set()): boolean {
  const [first, ...rest] = edges;
  return first === undefined || first.some((right) => !used.has(right) && canAllMatch(rest, new Set([...used, right])));
}

/** Places of a unit, as row · 1000 + column. */
const placesOf = (rows: readonly number[], columns: readonly number[], open: readonly (readonly number[])[]) =>
  rows.flatMap((row) => columns.filter((column) => open[row]?.includes(column)).map((column) => row * 1000 + column));

describe('T9 Hall\'s theorem', () => {
  const columns = fc.uniqueArray(fc.constantFrom(0, 1, 31, 32, 33), { maxLength: 3 });
  const open = fc.array(columns, { minLength: 2, maxLength: 2 });
  const units = fc.array(fc.record({ rows: fc.uniqueArray(fc.integer({ min: 0, max: 1 }), { maxLength: 2 }), columns }), { maxLength: 7 });

  test('a shortage is found exactly when not all can be matched, and is one', () => {
    fc.assert(fc.property(open, units, (openColumns, drawn) => {
      const edges = drawn.map((unit) => placesOf(unit.rows, unit.columns, openColumns));
      const table = { rows: 2, columns: 34, open: Int32Array.from(openColumns.flatMap((each) => [...bitsOf(34, each)])) };
      const shortage = firstShortage(table, drawn.map((unit) => ({ rows: unit.rows, columns: bitsOf(34, unit.columns) })));
      expect(shortage === null).toBe(canAllMatch(edges));
      if (shortage === null) return;
      const reachable = new Set(shortage.units.flatMap((unit) => edges[unit] ?? []));
      expect(shortage.places).toBe(reachable.size);
      expect(new Set(shortage.units).size).toBe(shortage.units.length);
      expect(reachable.size).toBeLessThan(shortage.units.length);
    }), { numRuns: 3000 });
  });

  test('long chains of moves are found', () => {
    // Unit i may have places i and i + 1, and the last one only the first: everybody has to move by one.
    const count = 500;
    const units = [...Array.from({ length: count }, (_, index) => ({ rows: [0], columns: bitsOf(count + 1, [index, index + 1]) })), { rows: [0], columns: bitsOf(count + 1, [0]) }];
    expect(firstShortage({ rows: 1, columns: count + 1, open: new Int32Array(wordsOf(count + 1)).fill(-1) }, units)).toBeNull();
  });
});
