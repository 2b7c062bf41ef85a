// The classes of a term that are still to come.
import { describe, expect, test } from '@jest/globals';
import { classesToCome, countingOf, type DatedClass, type WeeklyClass } from '../../../domain/attendance/remaining.ts';

const timeZone = 'Europe/Berlin';
/** Mondays at ten and Wednesdays at two. */
const weekly: WeeklyClass[] = [
  { assignmentId: 4, defaultScheduleId: 1, weekday: 1, startTime: '10:00', endTime: '11:00', week: 'every' },
  { assignmentId: 4, defaultScheduleId: 2, weekday: 3, startTime: '14:00', endTime: '15:00', week: 'every' },
];
const dated = (parts: Partial<DatedClass>): DatedClass => ({
  assignmentId: 4, defaultScheduleId: 1, plannedDate: '2027-03-22', startsAt: new Date('2027-03-22T09:00:00Z'), endsAt: new Date('2027-03-22T10:00:00Z'),
  status: 'scheduled', ...parts,
});
/** A Saturday; the clocks go forward on 28 March. */
const rest = { now: new Date('2027-03-20T08:00:00Z'), timeZone, startsOn: '2027-02-04', endsOn: '2027-04-07', holidays: new Set<string>() };
const starts = (classes: { from: Date }[]) => classes.map(({ from }) => from.toISOString()).sort();

describe('A19 classes to come', () => {
  test('are those of the weekly timetable until the term ends, at their time of day across a change of clocks', () => {
    expect(starts(classesToCome(weekly, [], rest))).toEqual([
      '2027-03-22T09:00:00.000Z', '2027-03-24T13:00:00.000Z', '2027-03-29T08:00:00.000Z', '2027-03-31T12:00:00.000Z',
      '2027-04-05T08:00:00.000Z', '2027-04-07T12:00:00.000Z',
    ]);
  });

  test('in odd and even weeks, counted from the term’s first, are those of theirs', () => {
    const inWeeks = (week: WeeklyClass['week']) => starts(classesToCome(weekly.map((one) => ({ ...one, week })), [], rest));
    expect(inWeeks('odd')).toEqual(['2027-03-29T08:00:00.000Z', '2027-03-31T12:00:00.000Z']);
    expect([...inWeeks('odd'), ...inWeeks('even')].sort()).toEqual(inWeeks('every'));
  });

  test('none on holidays', () => {
    expect(starts(classesToCome(weekly, [], { ...rest, holidays: new Set(['2027-03-29', '2027-04-05']) }))).toHaveLength(4);
  });

  test('a dated class stands for its day, also where it was moved; one called off or over takes its day away', () => {
    const moved = dated({ startsAt: new Date('2027-03-23T09:00:00Z'), endsAt: new Date('2027-03-23T10:00:00Z') });
    expect(starts(classesToCome(weekly, [moved], rest)).slice(0, 2)).toEqual(['2027-03-23T09:00:00.000Z', '2027-03-24T13:00:00.000Z']);
    for (const status of ['cancelled', 'completed'] as const) expect(classesToCome(weekly, [dated({ status })], rest)).toHaveLength(5);
  });

  test('a class beyond the timetable counts, one after the term doesn’t', () => {
    const extra = dated({ defaultScheduleId: null, plannedDate: '2027-03-27', startsAt: new Date('2027-03-27T09:00:00Z'), endsAt: new Date('2027-03-27T10:00:00Z') });
    const late = dated({ defaultScheduleId: null, plannedDate: '2027-04-09', startsAt: new Date('2027-04-09T09:00:00Z'), endsAt: new Date('2027-04-09T10:00:00Z') });
    expect(classesToCome(weekly, [extra, late], rest)).toHaveLength(7);
  });

  test('one that is going on is still to come, one that has ended isn’t', () => {
    expect(classesToCome(weekly, [], { ...rest, now: new Date('2027-03-22T09:30:00Z') })).toHaveLength(6);
    expect(classesToCome(weekly, [], { ...rest, now: new Date('2027-03-22T10:00:00Z') })).toHaveLength(5);
  });

  test('those that an interview or leave overlaps don’t count; what only touches them does nothing', () => {
    const classes = classesToCome(weekly, [], rest);
    const interview = { from: new Date('2027-03-24T12:15:00Z'), to: new Date('2027-03-24T13:05:00Z') };
    const after = { from: new Date('2027-03-22T10:00:00Z'), to: new Date('2027-03-22T11:00:00Z') };
    expect(countingOf(classes, [interview, after])).toHaveLength(classes.length - 1);
  });
});
