// Matching against a search over all assignments, and the witness when there is none.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firstShortage } from '../../../domain/timetabling/matching.ts';

/** Whether each of `edges` can have a place of its own, tried one after another. */
function canAllMatch(edges: readonly (readonly number[])[], used: ReadonlySet<number> = new Set()): boolean {
  const [first, ...rest] = edges;
  return first === undefined || first.some((right) => !used.has(right) && canAllMatch(rest, new Set([...used, right])));
}

describe('T9 Hall\'s theorem', () => {
  test('a shortage is found exactly when not all can be matched, and is one', () => {
    fc.assert(fc.property(fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }), { maxLength: 7 }), (edges) => {
      const shortage = firstShortage(edges.length, 6, (left) => edges[left] ?? []);
      expect(shortage === null).toBe(canAllMatch(edges));
      if (shortage === null) return;
      const reachable = new Set(shortage.left.flatMap((left) => edges[left] ?? []));
      expect(new Set(shortage.right)).toEqual(reachable);
      expect(new Set(shortage.left).size).toBe(shortage.left.length);
      expect(reachable.size).toBeLessThan(shortage.left.length);
    }), { numRuns: 2000 });
  });
});
