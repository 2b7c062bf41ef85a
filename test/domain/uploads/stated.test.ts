import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stated, type Statement } from '../../../domain/uploads/stated.ts';

const statement = fc.record({ owner: fc.constantFrom('a', 'b', 'c'), key: fc.constantFrom('x', 'y'), content: fc.constantFrom('1', '2') });
const each = ({ owner, key }: Statement) => `${owner} ${key}`;
const distinct = fc.uniqueArray(statement, { selector: each });
const told = (rows: readonly Statement[]) => rows.map(({ owner, key, content }) => `${owner} ${key} ${content}`).sort();

describe('T7 what a sheet says of an owner', () => {
  test('is all that there is of it afterwards; others keep theirs unless the sheet is all there is; again, nothing changes', () => {
    fc.assert(fc.property(distinct, distinct, fc.boolean(), (before, rows, all) => {
      const known = before.map((one, id) => ({ ...one, id }));
      const { created, changed, missing } = stated(known, rows, { all });
      const after = [
        ...known.filter(({ id }) => !missing.includes(id)).map((one) => ({ ...one, ...changed.find(({ id }) => id === one.id)?.row })),
        ...created.map((one, index) => ({ ...one, id: 100 + index })),
      ];
      const owners = new Set(rows.map(({ owner }) => owner));
      expect(told(after)).toEqual(told([...rows, ...(all ? [] : before.filter(({ owner }) => !owners.has(owner)))]));
      expect(stated(after, rows, { all })).toEqual({ created: [], changed: [], missing: [] });
    }));
  });
});
