// From the office's sheets to dated classes, through a real Temporal server.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { SheetKind } from '../../domain/uploads/kinds.ts';
import { personById } from '../../services/links.ts';
import { uploadSheet } from '../../services/uploads/index.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { ensureSchedules, triggerSchedule } from '../../temporal/schedules.ts';
import { eventually, startBeadle } from '../support/beadle.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { type CellValue, xlsx } from '../support/sheets.ts';

const DAY = 86_400;
const WEEK = [['MON', 1], ['TUE', 2], ['WED', 3], ['THU', 4], ['FRI', 5]] as const;

describe('A7 a timetable becomes sessions', () => {
  let campus: TestCampus;
  let context: ServiceContext;
  let office: Person;
  let beadle: Awaited<ReturnType<typeof startBeadle>>;
  beforeAll(async () => {
    campus = await testCampus({ students: 60 });
    context = testContext(campus.db, { now: () => DateTime.fromISO('2026-11-23T01:00:00Z', { zone: 'utc' }) });
    const [registrar] = await campus.db.knex('users').where({ role: 'registrar' }).pluck('id');
    office = (await personById(context, registrar))!;
    beadle = await startBeadle(context);
  });
  afterAll(async () => {
    await beadle?.stop();
    await campus?.close();
  });

  const upload = async (kind: SheetKind, rows: CellValue[][], replace = false) => {
    const bytes = await xlsx(rows);
    const fields = new Map([['year', 'E6'], ['department', 'CSE'], ['replace', String(replace)]]);
    const outcome = await uploadSheet(context, office, kind, () => Promise.resolve({ bytes, fields }));
    expect(outcome.issues).toEqual([]);
    return outcome;
  };
  const sessions = () => campus.db.knex('schedule as s').join('rooms as r', 'r.id', 's.room_id').where('r.name', 'like', 'Quay%').where('s.status', 'scheduled').orderBy('s.starts_at')
    .select<{ date: string; room: string }[]>({ date: 's.date', room: 'r.name' });
  const week = (room: string, days: readonly (readonly [string, number])[] = WEEK): CellValue[][] =>
    [['Day', 'Section', 'Period', 'SubjectCode', 'FacultyId', 'Venue'], ...days.map(([day, period]): CellValue[] => [day, 'K', period, 'QY1', 'QF1', room])];

  test('which follow it when it changes, and when a day becomes a holiday', async () => {
    await upload('subjects', [['code', 'mnemonic', 'name', 'type'], ['QY1', 'QY', 'Quays', 'theory']]);
    await upload('faculties', [['FacultyId', 'FacultyName', 'SubjectCode', 'Section'], ['QF1', 'Mara Quill', 'QY1', 'K']]);
    await upload('default-schedules', week('Quay 1'));
    // Today and the two weeks after it, without the demo's holidays.
    const holidays: string[] = await campus.db.knex('holidays').pluck('date');
    const open = Array.from({ length: 15 }, (_, days) => DateTime.fromISO('2026-11-23').plus({ days })).filter((day) => !holidays.includes(day.toISODate()!));
    const count = (last: number) => open.filter(({ weekday }) => weekday <= last).length;
    await eventually(async () => (await sessions()).length === count(5), `${count(5)} sessions`);
    expect(new Set((await sessions()).map(({ date }) => DateTime.fromISO(date).weekday))).toEqual(new Set([1, 2, 3, 4, 5]));

    await upload('default-schedules', week('Quay 2', WEEK.slice(0, 4)), true);
    await eventually(async () => {
      const now = await sessions();
      return now.length === count(4) && now.every(({ room }) => room === 'Quay 2');
    }, 'the sessions in the other room, without Fridays');

    await ensureSchedules(beadle.client, {
      'sweep-mailboxes': { seconds: DAY }, 'wake-deliveries': { seconds: DAY }, 'keep-house': { seconds: DAY }, 'make-sessions': { seconds: DAY },
    });
    await campus.db.knex('holidays').insert({ organisation_id: 1, date: (await sessions())[0]!.date, name: 'Lantern Day' });
    await triggerSchedule(beadle.client, 'make-sessions');
    await eventually(async () => (await sessions()).length === count(4) - 1, 'the holiday without its session');
  });
});
