// Names go out in snake_case, instants as text, and everything else as it is.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { snakeCased } from '../../api/snake-case.ts';

describe('D8 answers in snake_case', () => {
  test('names, at any depth', () => {
    expect(snakeCased({ startsAt: new Date('2027-01-31T04:30:00Z'), options: [{ roomId: 3, text: 'leaveThisAlone' }], nothing: null })).toEqual({
      starts_at: '2027-01-31T04:30:00.000Z', options: [{ room_id: 3, text: 'leaveThisAlone' }], nothing: null,
    });
  });

  test('the same data comes out, whatever its shape', () => {
    const leaf = fc.oneof(fc.constantFrom('', 'leaveThisAlone'), fc.integer(), fc.boolean(), fc.constant(null));
    const name = fc.stringMatching(/^[a-z]{1,5}([A-Z][a-z]{1,5}){0,2}$/);
    const { value } = fc.letrec((tie) => ({ value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value')), fc.dictionary(name, tie('value'))) }));
    const camelCased = (text: string) =>
      text.replace(/"[a-z_]+":/g, (quoted) => quoted.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
    fc.assert(fc.property(value, (data) => {
      const text = JSON.stringify(snakeCased(data));
      expect(text).not.toMatch(/"[^"]*[A-Z][^"]*":/);
      expect(camelCased(text)).toBe(JSON.stringify(data));
    }));
  });
});
