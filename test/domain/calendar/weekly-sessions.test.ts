// A day's sessions by the weekly timetable.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { weekParity } from '../../../domain/calendar/term-weeks.ts';
import { daysAhead, type MadeSession, planDay, type PlannedSession, type WeeklyClass } from '../../../domain/calendar/weekly-sessions.ts';

const LONG_AGO = new Date(0);
const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const weekly = fc.record({
  weekday: fc.integer({ min: 1, max: 7 }), roomId: fc.integer({ min: 1, max: 3 }), facultyId: fc.integer({ min: 1, max: 3 }), sectionId: fc.integer({ min: 1, max: 3 }),
  assignmentId: fc.integer({ min: 1, max: 4 }), week: fc.constantFrom('every', 'odd', 'even'), timetableId: fc.constant(0), termStartsOn: fc.constant('2026-01-08'),
  from: fc.integer({ min: 0, max: 250 }), long: fc.integer({ min: 1, max: 36 }),
}).map(({ from, long, ...rest }) => ({ ...rest, start: clock(from * 5), end: clock((from + long) * 5) }));
const week: fc.Arbitrary<WeeklyClass[]> = fc.array(weekly, { maxLength: 12 }).map((classes) => classes.map((one, index) => ({ ...one, id: index + 1 })));
const zone = fc.constantFrom('Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Africa/Casablanca');
const date = fc.integer({ min: 0, max: 900 }).map((days) => DateTime.fromISO('2026-01-01', { zone: 'utc' }).plus({ days }).toISODate()!);

const asMade = (planned: PlannedSession, of: readonly WeeklyClass[], id: number, more: Partial<MadeSession> = {}): MadeSession => {
  const { assignmentId, start, end, timetableId } = of.find((one) => one.id === planned.weeklyId)!;
  return {
    id, weeklyId: planned.weeklyId, assignmentId, start, end, timetableId, replaced: false, roomId: planned.roomId, startsAt: planned.startsAt, endsAt: planned.endsAt,
    status: 'scheduled', untouched: true, excused: false, retired: false, ...more,
  };
};
const plain: WeeklyClass = {
  id: 1, assignmentId: 1, weekday: 1, roomId: 1, facultyId: 1, sectionId: 1, start: '09:00', end: '10:00', week: 'every', termStartsOn: '2026-01-08', timetableId: 0,
};
const nothing = { adopt: [], make: [], change: [], callOff: [], retire: [] };

describe('A7 sessions from the weekly timetable', () => {
  test('begin and end at their time on the wall clock, on their weekday, across clock changes', () => {
    fc.assert(fc.property(week, zone, date, (classes, inZone, onDay) => {
      const plan = planDay({ date: onDay, zone: inZone, isHoliday: false, now: LONG_AGO }, classes, []);
      const day = DateTime.fromISO(onDay, { zone: inZone });
      for (const { weeklyId, startsAt, endsAt } of plan.make) {
        const { weekday, start, end } = classes.find(({ id }) => id === weeklyId)!;
        expect(weekday).toBe(day.weekday);
        for (const [instant, time] of [[startsAt, start], [endsAt, end]] as const) {
          const local = DateTime.fromJSDate(instant, { zone: inZone });
          // A time that the clock skips has no other place than after the gap.
          const exists = DateTime.fromISO(`${onDay}T${time}`, { zone: inZone }).toFormat('HH:mm') === time;
          expect([local.toISODate(), exists ? local.toFormat('HH:mm') : time]).toEqual([onDay, time]);
        }
      }
      const { make } = plan;
      const expected = classes.filter(({ weekday, week: of, termStartsOn }) => weekday === day.weekday && (of === 'every' || of === weekParity(termStartsOn, onDay)));
      for (const { weeklyId } of make) expect(expected.map(({ id }) => id)).toContain(weeklyId);
      expect(make.length).toBeGreaterThanOrEqual(expected.filter(({ start }) => start >= '05:00').length);
      expect(new Set(make.map(({ weeklyId }) => weeklyId)).size).toBe(make.length);
    }));
  });

  test('in Berlin keep nine o’clock when the clock goes forward and back', () => {
    const nine = { ...plain, weekday: 7 };
    const at = (onDay: string) => planDay({ date: onDay, zone: 'Europe/Berlin', isHoliday: false, now: LONG_AGO }, [nine], []).make[0]!.startsAt.toISOString();
    expect(['2026-03-22', '2026-03-29', '2026-10-18', '2026-10-25'].map(at)).toEqual([
      '2026-03-22T08:00:00.000Z', '2026-03-29T07:00:00.000Z', '2026-10-18T07:00:00.000Z', '2026-10-25T08:00:00.000Z',
    ]);
  });

  test('are never made twice, on a holiday, or for what has begun', () => {
    fc.assert(fc.property(week, zone, date, fc.integer({ min: -600, max: 2000 }), (classes, inZone, onDay, minutes) => {
      const now = DateTime.fromISO(onDay, { zone: inZone }).plus({ minutes }).toJSDate();
      const day = { date: onDay, zone: inZone, now };
      const { make } = planDay({ ...day, isHoliday: false }, classes, []);
      expect(make.every(({ startsAt }) => startsAt > now)).toBe(true);
      const made = make.map((planned, index) => asMade(planned, classes, index + 1));
      expect(planDay({ ...day, isHoliday: false }, classes, made)).toEqual(nothing);
      expect(planDay({ ...day, isHoliday: true }, classes, [])).toEqual(nothing);
      expect(planDay({ ...day, isHoliday: true }, classes, made)).toEqual({ ...nothing, callOff: made.map(({ id }) => id) });
    }));
  });

  test('follow a changed timetable only where nobody has touched them', () => {
    fc.assert(fc.property(week, week, date, fc.infiniteStream(fc.boolean()), (before, changed, onDay, touched) => {
      const day = { date: onDay, zone: 'Asia/Kolkata', isHoliday: false, now: LONG_AGO };
      const after = changed.map((one) => ({ ...one, assignmentId: one.assignmentId + 10 }));
      const made = planDay(day, before, []).make.map((planned, index) => asMade(planned, before, index + 1, { untouched: touched.next().value === false }));
      const plan = planDay(day, after, made);
      expect([plan.adopt, plan.retire]).toEqual([[], []]);
      const changedIds = new Set([...plan.change.map(({ before: { id } }) => id), ...plan.callOff]);
      for (const session of made) {
        const wanted = planDay(day, after, []).make.find(({ weeklyId }) => weeklyId === session.weeklyId);
        const same = wanted && wanted.roomId === session.roomId && +wanted.startsAt === +session.startsAt && +wanted.endsAt === +session.endsAt;
        expect([session.id, changedIds.has(session.id)]).toEqual([session.id, session.untouched && !same]);
        expect(plan.make.some(({ weeklyId }) => weeklyId === session.weeklyId)).toBe(false);
      }
    }));
  });

  test('that were called off with their weekly class come back with it; those from which students are excused keep their time', () => {
    const one = plain;
    const day = { date: '2026-11-23', zone: 'Asia/Kolkata', isHoliday: false, now: LONG_AGO };
    const [planned] = planDay(day, [one], []).make;
    expect(planDay(day, [one], [asMade(planned!, [one], 7, { status: 'cancelled' })]).change).toHaveLength(1);
    expect(planDay(day, [one], [asMade(planned!, [one], 7, { status: 'cancelled', untouched: false })]).change).toEqual([]);
    expect(planDay(day, [{ ...one, end: '10:30' }], [asMade(planned!, [one], 7, { excused: true })]).change).toEqual([]);
    expect(planDay(day, [{ ...one, roomId: 2 }], [asMade(planned!, [one], 7, { excused: true })]).change).toHaveLength(1);
  });

  test('are made from today on, so many weeks, whatever the clock does', () => {
    const days = daysAhead(DateTime.fromISO('2026-10-24T23:30:00Z'), 'Europe/Berlin', 2);
    expect([days[0], days.at(-1), days.length, new Set(days).size]).toEqual(['2026-10-25', '2026-11-08', 15, 15]);
  });
});

describe('T4 sessions when another timetable comes into force', () => {
  const day = { date: '2026-11-23', zone: 'Asia/Kolkata', isHoliday: false, now: LONG_AGO };
  const published = { ...plain, id: 5, timetableId: 3 };
  const made = (more: Partial<MadeSession> = {}) => asMade(planDay(day, [plain], []).make[0]!, [plain], 7, { replaced: true, ...more });
  const adopt = [{ weeklyId: 5, sessionId: 7 }];

  test('what is in both at the same time goes on, also where somebody has changed it; in another room it changes rooms', () => {
    expect(planDay(day, [published], [made()])).toEqual({ ...nothing, adopt });
    expect(planDay(day, [{ ...published, roomId: 2 }], [made()])).toMatchObject({ ...nothing, adopt, change: [{ weeklyId: 5, roomId: 2, before: { id: 7 } }] });
    const moved = made({ untouched: false, startsAt: new Date('2026-11-24T08:00:00Z'), endsAt: new Date('2026-11-24T09:00:00Z') });
    expect(planDay(day, [{ ...published, roomId: 2 }], [moved])).toEqual({ ...nothing, adopt });
    expect(planDay(day, [published], [made({ status: 'cancelled', untouched: false })])).toEqual({ ...nothing, adopt });
  });

  test('what is no more is retired, but for what somebody has changed or students are excused from', () => {
    const elsewhere = { ...published, start: '11:00', end: '12:00' };
    const plan = (more: Partial<MadeSession> = {}) => planDay(day, [elsewhere], [made(more)]);
    expect(plan()).toMatchObject({ ...nothing, make: [{ weeklyId: 5 }], retire: [7] });
    expect([plan({ untouched: false }), plan({ excused: true }), plan({ status: 'cancelled' })].map(({ retire, callOff }) => [retire, callOff])).toEqual([[[], []], [[], []], [[], []]]);
  });

  test('from one timetable to any other and back: the sessions are those of it each time, and those that were there first are there again', () => {
    /** What carrying out a plan leaves. */
    const carriedOut = (sessions: readonly MadeSession[], classes: readonly WeeklyClass[]): MadeSession[] => {
      const { adopt: adopted, make, change, callOff, retire } = planDay(day, classes, sessions);
      const weeklyOf = new Map(adopted.map(({ sessionId, weeklyId }) => [sessionId, classes.find(({ id }) => id === weeklyId)!]));
      const changes = new Map(change.map((one) => [one.before.id, one]));
      const after = sessions.map((session): MadeSession => {
        const weekly = weeklyOf.get(session.id);
        const changed = changes.get(session.id);
        const isOff = callOff.includes(session.id) || retire.includes(session.id);
        return {
          ...session, ...(weekly && { weeklyId: weekly.id, timetableId: weekly.timetableId }),
          ...(changed && { roomId: changed.roomId, startsAt: changed.startsAt, endsAt: changed.endsAt, status: 'scheduled', retired: false }),
          ...(isOff && { status: 'cancelled', retired: retire.includes(session.id) }),
        };
      });
      return [...after, ...make.map((planned, index) => asMade(planned, classes, 1 + sessions.length + index))];
    };
    const inForce = (sessions: readonly MadeSession[], timetableId: number) => sessions.map((session) => ({ ...session, replaced: session.timetableId !== timetableId }));
    const placed = (sessions: readonly MadeSession[]) => sessions.filter(({ status }) => status === 'scheduled').map(({ weeklyId, roomId, startsAt }) => `${weeklyId} ${roomId} ${+startsAt}`).sort();
    /** An assignment has one class at a time. */
    const timetable = (number: number) => week.map((classes) => [...new Map(classes.map((one) => [`${one.assignmentId} ${one.weekday} ${one.start}`, one])).values()]
      .map((one) => ({ ...one, id: one.id + 100 * number, timetableId: number })));
    fc.assert(fc.property(timetable(0), timetable(1), timetable(2), (zero, one, two) => {
      const first = carriedOut([], zero);
      let sessions = first;
      for (const classes of [one, two, one, zero]) {
        const number = [zero, one, two].indexOf(classes);
        sessions = carriedOut(inForce(sessions, number), classes);
        expect(placed(sessions)).toEqual(placed(carriedOut([], classes)));
        expect(planDay(day, classes, inForce(sessions, number))).toEqual(nothing);
      }
      const wanted = new Set(first.map(({ id }) => id));
      expect(sessions.filter(({ status }) => status === 'scheduled').map(({ id }) => id).filter((id) => !wanted.has(id))).toEqual([]);
    }));
  });
});
