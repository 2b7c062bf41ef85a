import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { weeksMeet } from '../../../domain/calendar/term-weeks.ts';
import { weeklyChanges, weeklyKey } from '../../../domain/uploads/weekly-changes.ts';

const place = fc.record({ assignmentId: fc.constantFrom(1, 2), weekday: fc.constantFrom(1, 2), start: fc.constantFrom('09:00', '10:00'), week: fc.constantFrom('every', 'odd', 'even') });
const row = fc.record({ place, roomId: fc.integer({ min: 1, max: 3 }), end: fc.constantFrom('10:55', '11:55') }).map(({ place: of, ...rest }) => ({ ...of, ...rest }));
const distinctly = <Row extends Parameters<typeof weeklyKey>[0]>(rows: readonly Row[]) => [...new Map(rows.map((one) => [weeklyKey(one), one])).values()];
/** As clash checks leave them: no two in force at once. */
const consistent = <Row extends Parameters<typeof weeklyKey>[0]>(rows: readonly Row[]) => distinctly(rows)
  .filter((one, index, all) => !all.slice(0, index).some((other) => weeklyKey({ ...one, week: other.week }) === weeklyKey(other) && weeksMeet(one.week, other.week)));

type Known = Parameters<typeof weeklyChanges>[0][number];
const known = fc.array(fc.tuple(row, fc.boolean()), { maxLength: 10 }).map((rows) => {
  const classes = distinctly(rows.map(([one, active]) => ({ ...one, active })));
  const active = new Set(consistent(classes.filter((one) => one.active)));
  return classes.filter((one) => !one.active || active.has(one)).map((one, index): Known => ({ ...one, id: index + 1 }));
});

function carriedOut(before: readonly Known[], { created, changed, ended }: ReturnType<typeof weeklyChanges>): Known[] {
  const changes = new Map(changed.map((one) => [one.id, one]));
  return [
    ...before.map((one) => ({ ...one, ...changes.get(one.id), active: changes.has(one.id) || (one.active && !ended.includes(one.id)) })),
    ...created.map((one, index) => ({ ...one, active: true, id: 100 + index })),
  ];
}

describe('A6 weekly classes of a sheet in odd and even weeks', () => {
  const one = { assignmentId: 1, weekday: 1, start: '09:00', end: '09:55', roomId: 4 };

  test('a row that names other weeks changes the class, two rows share its place, and one row takes the place of two', () => {
    const every = { ...one, week: 'every' as const, id: 1, active: true };
    const [odd, even] = (['odd', 'even'] as const).map((week) => ({ ...one, week }));
    expect(weeklyChanges([every], [odd!])).toEqual({ created: [], changed: [{ id: 1, roomId: 4, end: '09:55', week: 'odd' }], ended: [] });
    expect(weeklyChanges([every], [odd!, even!])).toEqual({ created: [even], changed: [{ id: 1, roomId: 4, end: '09:55', week: 'odd' }], ended: [] });
    const two = [{ ...odd!, id: 1, active: true }, { ...even!, id: 2, active: true }];
    expect(weeklyChanges(two, [{ ...one, week: 'every' }])).toEqual({ created: [], changed: [{ id: 1, roomId: 4, end: '09:55', week: 'every' }], ended: [2] });
    expect(weeklyChanges([two[1]!], [odd!])).toEqual({ created: [odd], changed: [], ended: [] });
  });

  test('afterwards there is what the sheet says, nothing else in its place, and all keys are different; again, nothing changes', () => {
    fc.assert(fc.property(known, fc.array(row, { maxLength: 6 }).map(consistent), (before, rows) => {
      const after = carriedOut(before, weeklyChanges(before, rows));
      const inForce = after.filter(({ active }) => active);
      expect(new Set(after.map(weeklyKey)).size).toBe(after.length);
      expect(consistent(inForce)).toHaveLength(inForce.length);
      for (const wanted of rows) expect(inForce.filter((now) => weeklyKey(now) === weeklyKey(wanted))).toEqual([expect.objectContaining(wanted)]);
      for (const stays of before.filter(({ active }) => active)) {
        const isInPlace = rows.some((wanted) => weeklyKey({ ...stays, week: wanted.week }) === weeklyKey(wanted) && weeksMeet(stays.week, wanted.week));
        if (!isInPlace) expect(inForce).toContainEqual(stays);
      }
      expect(weeklyChanges(after, rows)).toEqual({ created: [], changed: [], ended: [] });
    }));
  });
});
