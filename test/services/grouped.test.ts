// Work that many ask for at once, done together.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { grouped } from '../../services/grouped.ts';

const soon = () => new Promise((resolve) => setImmediate(resolve));

interface Asked {
  key: number;
  /** Work on it fails, alone or with others. */
  breaks: boolean;
}

describe('I3 batches that come together share a transaction', () => {
  test('each asker gets its own result or its own error; groups are one at a time, never too large, never two of one key; one key in order', async () => {
    const asked = fc.array(fc.record({ key: fc.nat({ max: 6 }), breaks: fc.boolean() }), { maxLength: 40 });
    await fc.assert(fc.asyncProperty(asked, fc.integer({ min: 1, max: 8 }), async (items, most) => {
      const done: Asked[] = [];
      let atWork = 0;
      const ask = grouped(async (group: Asked[]) => {
        atWork += 1;
        expect(atWork).toBe(1);
        expect(group.length).toBeLessThanOrEqual(most);
        expect(new Set(group.map(({ key }) => key)).size).toBe(group.length);
        await soon();
        atWork -= 1;
        if (group.some(({ breaks }) => breaks)) throw new Error('broken');
        done.push(...group);
        return group.map((item) => `did ${items.indexOf(item)}`);
      }, { most, keyOf: ({ key }) => key });
      const results = await Promise.allSettled(items.map(ask));
      results.forEach((result, index) => {
        if (items[index]!.breaks) expect(result.status).toBe('rejected');
        else expect(result).toEqual({ status: 'fulfilled', value: `did ${index}` });
      });
      expect(done).toHaveLength(items.filter(({ breaks }) => !breaks).length);
      for (const ofKey of Map.groupBy(done, ({ key }) => key).values()) {
        const places = ofKey.map((item) => items.indexOf(item));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }
    }), { numRuns: 200 });
  });

  test('who comes in one turn of the event loop goes together, and so does what comes while a group is at work', async () => {
    const sizes: number[] = [];
    const ask = grouped(async (group: number[]) => {
      sizes.push(group.length);
      await soon();
      return group;
    }, { most: 10 });
    const first = Array.from({ length: 12 }, (_, index) => ask(index));
    await soon();
    await Promise.all([...first, ...Array.from({ length: 12 }, (_, index) => ask(index))]);
    expect(sizes).toEqual([10, 10, 4]);
  });
});
