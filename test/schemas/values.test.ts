// The values that requests are made of: what is taken, and what is said of what isn't.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { cursorInQuery, dayInPath, idInPath } from '../../schemas/values.ts';

describe('D8 values in paths and queries', () => {
  test('an id is a whole number from 1 that JavaScript holds exactly', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 999_999_999_999_999 }), (id) => expect(idInPath.parse(String(id))).toBe(id)));
    fc.assert(fc.property(fc.string(), (text) => {
      const read = idInPath.safeParse(text);
      expect(read.success).toBe(/^[1-9]\d{0,14}$/.test(text));
    }));
    for (const text of ['0', '-1', '+1', '1.0', '1e3', ' 1', '1\n', '٣', '9'.repeat(16)]) expect(idInPath.safeParse(text).success).toBe(false);
  });

  test('a cursor begins at 0 when none is named', () => {
    expect([cursorInQuery.parse(undefined), cursorInQuery.parse('0'), cursorInQuery.parse('42')]).toEqual([0, 0, 42]);
    for (const value of ['', '-1', '007', ['1', '2'], null]) expect(cursorInQuery.safeParse(value).success).toBe(false);
  });

  test('a day is one of the calendar, in years that a campus has', () => {
    fc.assert(fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }), (date) => {
      expect(dayInPath.safeParse(date.toISOString().slice(0, 10)).success).toBe(true);
    }));
    for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', '1999-12-31', '2200-01-01', '26-01-01', '2026-01-01T00:00']) {
      expect(dayInPath.safeParse(text).success).toBe(false);
    }
  });

  test('the document says numbers where the wire has digits', () => {
    expect(z.toJSONSchema(z.object({ id: idInPath, after: cursorInQuery }), { io: 'input' })).toMatchObject({
      properties: { id: { type: 'integer', minimum: 1 }, after: { type: 'integer', minimum: 0 } }, required: ['id'],
    });
  });
});
