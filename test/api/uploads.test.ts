// Sheets uploaded over HTTP: what they bring, what is wrong with which row or file, and what stays.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CellValue, form, rawXlsx, textCell, xlsx } from '../support/sheets.ts';
import { startTestApi, type TestApi } from './harness.ts';

let campus: TestApi;
let office: number;
beforeAll(async () => {
  campus = await startTestApi();
  [office] = (await campus.usersOf('registrar')) as [number];
});
afterAll(() => campus.close());

type Rows = readonly (readonly CellValue[])[];
type Kind = 'students' | 'faculties' | 'subjects' | 'faculty-assignments' | 'default-schedules' | 'periods' | 'subject-parts' | 'faculty-times';

const upload = async (kind: Kind, file: Buffer | Rows, fields: Record<string, string> = {}) => {
  const answer = await campus.as(office, { method: 'POST', url: `/api/${kind}/upload`, ...form(Buffer.isBuffer(file) ? file : await xlsx(file as Rows), fields) });
  return { status: answer.statusCode, ...answer.json() };
};
const knex = () => campus.campus.db.knex;
const count = async (table: string) => Number((await knex()(table).count({ n: '*' }).first())!.n);
/** What is wrong, shortly. */
const wrong = ({ rows }: { rows: { row: number; column: string | null; code: string }[] }) =>
  rows.map(({ row, column, code }) => [row, column, code]).sort((a, b) => Number(a[0]) - Number(b[0]) || String(a[1]).localeCompare(String(b[1])));

const STUDENTS: Rows = [
  ['Section', 'ROLL NO', 'Student Name', 'Id', 'E-Mail'],
  ['Z', '1', 'Bashir Quill', 'n900001', null],
  ['z', '2', '=Calla()', 'N900002', 'calla@campus.example'],
];

describe('A6 uploads of sheets', () => {
  test('students are taken over by headings in any order and case, sections are made, and the same file again changes nothing', async () => {
    const fields = { year: 'E2', department: 'cse' };
    const first = await upload('students', STUDENTS, fields);
    expect(first).toMatchObject({ status: 200, success: true, created: 2, updated: 0, unchanged: 0, sections_created: ['CSE-2Z'], rows_wrong: 0 });
    const rows = await knex()('students as s').join('users as u', 'u.id', 's.user_id').join('sections as x', 'x.id', 's.section_id')
      .where('x.name', 'Z').orderBy('s.id').select('s.student_id', 's.roll_number', 'u.name', 'u.email', 'x.year', 'u.role');
    expect(rows).toEqual([
      { student_id: 'N900001', roll_number: '1', name: 'Bashir Quill', email: 'n900001@campus.example', year: 2, role: 'student' },
      { student_id: 'N900002', roll_number: '2', name: '=Calla()', email: 'calla@campus.example', year: 2, role: 'student' },
    ]);
    expect(await upload('students', STUDENTS, fields)).toMatchObject({ status: 200, created: 0, updated: 0, unchanged: 2, ended: 0 });
  });

  test('a guardian’s address is kept as long as a sheet says nothing of it, and taken away by an empty cell', async () => {
    const fields = { year: 'E2', department: 'cse' };
    const sheet = (...guardians: (string | null)[]): Rows =>
      [['id', 'name', 'roll', 'section', 'Parent Mail ID'], ...guardians.map((guardian, index) => [`N93000${index}`, `Ward ${index}`, `W${index}`, 'W', guardian])];
    const guardians = () => knex()('students').where('student_id', 'like', 'N93000%').orderBy('student_id').pluck('guardian_email');
    const first = sheet('Guardian.One@mail.example', null);
    expect(await upload('students', first, fields)).toMatchObject({ status: 200, created: 2 });
    expect(await guardians()).toEqual(['guardian.one@mail.example', null]);
    expect(await upload('students', first, fields)).toMatchObject({ updated: 0, unchanged: 2 });
    expect(await upload('students', first.map((row) => row.slice(0, 4)), fields)).toMatchObject({ updated: 0, unchanged: 2 });
    expect(await guardians()).toEqual(['guardian.one@mail.example', null]);
    expect(wrong(await upload('students', sheet('nobody', null), fields))).toEqual([[2, 'Parent Mail ID', 'not-email']]);
    expect(await upload('students', sheet(null, 'two@mail.example'), fields)).toMatchObject({ updated: 2 });
    expect(await guardians()).toEqual([null, 'two@mail.example']);
  });

  test('names every wrong row by its number in the sheet, its heading and the reason, and writes nothing', async () => {
    const before = await count('users');
    const answer = await upload('students', [
      ['Students of the first year'], [],
      ['id', 'name', 'roll_number', 'section', 'email', 'department', 'year'],
      ['N910001', 'Dorrit Vane', 11, 'Y', 'dorrit@campus.example', 'CSE', 1],
      ['N910001', 'Ewan Lark', 12, 'Y', 'ewan@elsewhere.example', 'CSE', 1],
      [null, 'Fern Moss', 11, 'Y', 'no address', 'CSE', 1],
      ['N910003', 'Gus Thorn', 13, new Date('2026-02-01'), null, 'ASTROLOGY', 'E12'],
      ['N910004', 'Hale Briar', 14, 'Y', 'admin@campus.example', 'NONE', 1],
    ]);
    expect([answer.status, answer.error.code, answer.rows_wrong]).toEqual([422, 'rows-wrong', answer.rows.length]);
    expect(wrong(answer)).toEqual([
      [5, 'email', 'email-outside'], [5, 'id', 'twice-in-file'],
      [6, 'email', 'not-email'], [6, 'id', 'required'],
      [7, 'section', 'is-date'], [7, 'year', 'not-year'],
      [8, 'department', 'department-unknown'], [8, 'email', 'taken'],
    ]);
    expect(await count('users')).toBe(before);
  });

  test('takes the good rows alone when it is asked to', async () => {
    const answer = await upload('subjects', [
      ['Type', 'Name', 'Mnemonic', 'Code'], ['theory', 'Tides and Currents', 'TC', 'oc101'], ['seminar', 'Reefs', 'R', 'OC102'], ['LAB', 'Reef Laboratory', 'RL', 'OC103'],
    ], { partial: 'true' });
    expect(answer).toMatchObject({ status: 200, created: 2, rows_wrong: 1 });
    expect(wrong(answer)).toEqual([[3, 'Type', 'not-type']]);
    expect(await knex()('subjects').whereIn('subject_code', ['OC101', 'OC102', 'OC103']).orderBy('id').pluck('subject_type')).toEqual(['theory', 'lab']);
  });

  test('a whole term comes from five sheets, with the headings of others too', async () => {
    const fields = { year: 'E6', department: 'CSE' };
    await upload('subjects', [['code', 'mnemonic', 'name', 'type'], ['WX1', 'WX', 'Waves', 'theory'], ['WX2', 'WXL', 'Waves Laboratory', 'lab']]);
    const students = Array.from({ length: 5 }, (_, index) => [`N92000${index}`, `Student ${index}`, index + 1, 'Q']);
    await upload('students', [['id', 'name', 'roll_number', 'section'], ...students], fields);
    const teaching: Rows = [
      ['FacultyId', 'FacultyName', 'SubjectCode', 'Department', 'Year', 'Section'],
      ['W01', 'Iris Fell', 'WX1', 'CSE', 'E6', 'Q'], ['W01', 'Iris Fell', 'WX2', 'CSE', 'E6', 'Q'],
    ];
    expect(await upload('faculties', teaching)).toMatchObject({ status: 200, created: 3, unchanged: 0 });
    const enrolled = () => knex()('student_subject as e').join('students as s', 's.id', 'e.student_id').where('s.student_id', 'N920003').whereNull('e.valid_to').pluck('e.valid_from');
    const [{ starts_on: startsOn }] = await knex()('terms').select('starts_on');
    expect(await enrolled()).toEqual([startsOn, startsOn]);

    const week: Rows = [
      ['Day', 'Section', 'Period', 'SubjectCode', 'FacultyId', 'Venue'],
      ['MON', 'Q', 2, 'WX1', 'W01', 'Harbour 1'], ['Tuesday', 'Q', 5, 'WX2', 'W01', 'Harbour 2'],
    ];
    const weekly = await upload('default-schedules', week, fields);
    expect(weekly).toMatchObject({ status: 200, created: 2, rooms_created: ['Harbour 1', 'Harbour 2'] });
    const made = await knex()('default_schedule as w').join('rooms as r', 'r.id', 'w.room_id').where('r.name', 'like', 'Harbour%').orderBy('w.id')
      .select('w.weekday', 'w.start_time', 'w.end_time', 'r.kind', 'r.capacity');
    expect(made).toEqual([
      { weekday: 1, start_time: '09:30', end_time: '10:30', kind: 'theory', capacity: 5 }, { weekday: 2, start_time: '13:40', end_time: '16:40', kind: 'lab', capacity: 5 },
    ]);
    for (const [kind, rows] of [['faculties', teaching], ['default-schedules', week]] as [Kind, Rows][]) {
      expect(await upload(kind, rows, fields)).toMatchObject({ created: 0, updated: 0, ended: 0 });
    }

    const clashing = await upload('default-schedules', [
      ['Day', 'Section', 'Period', 'SubjectCode', 'FacultyId', 'Venue'],
      ['MON', 'Q', 3, 'WX2', 'W01', 'Harbour 2'], ['WED', 'Q', 1, 'WX1', 'W01', 'Harbour 1'], ['WED', 'Q', 1, 'WX2', 'W01', 'Harbour 2'],
      ['MON', 'Q', 1, 'WX2', 'W01', 'harbour 1'], ['THU', 'Q', 6, 'WX2', 'W01', 'Harbour 2'], ['FRI', 'Q', 1, 'WX9', 'W09', 'Harbour 2'],
    ], fields);
    expect(wrong(clashing)).toEqual([
      [2, 'Period', 'lab-crosses-lunch'], [4, 'FacultyId', 'faculty-clash'], [4, 'Section', 'section-clash'],
      [5, 'FacultyId', 'faculty-clash'], [5, 'Section', 'section-clash'], [5, 'Venue', 'room-clash'],
      [6, 'Period', 'lab-too-late'], [7, 'FacultyId', 'faculty-unknown'], [7, 'SubjectCode', 'subject-unknown'],
    ]);

    const replaced = await upload('default-schedules', week.slice(0, 2), { ...fields, replace: 'true' });
    expect(replaced).toMatchObject({ created: 0, unchanged: 1, ended: 1 });
    const inWeeks = (...rows: CellValue[][]) => upload('default-schedules', [
      ['Day', 'Section', 'Period', 'SubjectCode', 'FacultyId', 'Venue', 'Odd/Even'], ...rows.map((row) => ['MON', 'Q', 2, ...row])], fields);
    expect(wrong(await inWeeks(['WX1', 'W01', 'Harbour 1', 'odd'], ['WX2', 'W01', 'Harbour 2', 'never']))).toEqual([[3, 'Odd/Even', 'not-week']]);
    expect(wrong(await inWeeks(['WX1', 'W01', 'Harbour 1', 'odd'], ['WX2', 'W01', 'Harbour 2', '']))).toEqual([[3, 'FacultyId', 'faculty-clash'], [3, 'Section', 'section-clash']]);
    const shared = [['WX1', 'W01', 'Harbour 1', 'odd'], ['WX2', 'W01', 'Harbour 1', 'even']];
    expect(await inWeeks(...shared)).toMatchObject({ status: 200, created: 1, updated: 1 });
    expect(await inWeeks(...shared)).toMatchObject({ created: 0, updated: 0, unchanged: 2, ended: 0 });
    const listed = (await campus.as(office, { method: 'GET', url: '/api/default-schedules?section=Q' })).json();
    expect(listed.default_schedules.filter(({ active }: { active: boolean }) => active)).toMatchObject([{ subject_code: 'WX1', week: 'odd' }, { subject_code: 'WX2', week: 'even' }]);
    expect(await upload('faculty-assignments', [['faculty', 'subject', 'section'], ['W01', 'WX1', 'Q']], { ...fields, replace: 'true' })).toMatchObject({ unchanged: 1, ended: 1 });
    expect(await enrolled()).toHaveLength(1);
  });

  test('a student who comes to another section is enrolled there from the first day of the term on that is to come, and was where they were until today', async () => {
    const { id, student_id: key, section_id: from } = await knex()('students').where('section_id', 1).orderBy('id', 'desc').first('id', 'student_id', 'section_id');
    const { id: toId, name: to, year, code: department } = await knex()('sections as x').join('departments as d', 'd.id', 'x.department_id')
      .join('faculty_assignment as a', 'a.section_id', 'x.id').whereNot('x.id', from).first('x.id', 'x.name', 'x.year', 'd.code');
    const held = await knex()('student_subject').where({ student_id: id }).count({ n: '*' }).first();
    const answer = await upload('students', [['id', 'name', 'roll', 'section'], [key, 'Moved Student', 'M1', to]], { year: String(year), department });
    expect(answer).toMatchObject({ status: 200, updated: 1 });
    const today = '2026-11-22';
    const ended = await knex()('student_subject').where({ student_id: id, section_id: from }).select('valid_to');
    expect([ended.length, new Set(ended.map((row) => row.valid_to))]).toEqual([Number(held!.n), new Set([today])]);
    expect(new Set(await knex()('student_subject').where({ student_id: id, section_id: toId }).pluck('valid_from'))).toEqual(new Set(['2026-11-23']));
  });

  test('by replace, who is missing leaves as of today, and what has been stays', async () => {
    const fields = { year: '2', department: 'CSE', replace: 'true' };
    await upload('students', STUDENTS, { ...fields, replace: 'false' });
    const before = await count('student_subject');
    const answer = await upload('students', STUDENTS.slice(0, 2), fields);
    expect(answer.ended).toBeGreaterThan(0);
    expect(await count('student_subject')).toBe(before);
    expect(await knex()('students as s').join('users as u', 'u.id', 's.user_id').where('s.student_id', 'N900002').pluck('u.active')).toEqual([0]);
    expect(await upload('students', STUDENTS, fields)).toMatchObject({ updated: 1, unchanged: 1, ended: 0 });
  });

  test('merged cells spoil the rows that they join; formulas count as what they gave', async () => {
    const head = `<row r="1">${textCell('A1', 'code')}${textCell('B1', 'mnemonic')}${textCell('C1', 'name')}${textCell('D1', 'type')}</row>`;
    const formula = `<row r="2">${textCell('A2', 'FX1')}<c r="B2" t="str"><f>LEFT("FXX",2)</f><v>FX</v></c>${textCell('C2', 'Formulas')}${textCell('D2', 'theory')}</row>`;
    const joined = `<row r="3">${textCell('A3', 'FX2')}${textCell('B3', 'FY')}${textCell('C3', 'Joined')}${textCell('D3', 'theory')}</row>`;
    const sheet = (rows: string, after = '') => rawXlsx(`<sheetData>${head}${rows}</sheetData>${after}`);
    const spoiled = await upload('subjects', sheet(formula + joined, '<mergeCells count="1"><mergeCell ref="D3:D4"/></mergeCells>'));
    expect(wrong(spoiled)).toEqual([[3, null, 'merged']]);
    expect(await upload('subjects', sheet(formula))).toMatchObject({ status: 200, created: 1 });
    expect(await knex()('subjects').where({ subject_code: 'FX1' }).pluck('subject_mnemonic')).toEqual(['FX']);
  });

  describe('a file that is none', () => {
    const bomb = () => {
      const file = rawXlsx(`<sheetData>${' '.repeat(70_000_000)}</sheetData>`);
      expect(file.length).toBeLessThan(200_000);
      return file;
    };
    const long = () => rawXlsx(`<sheetData>${Array.from({ length: 200_000 }, (_, row) => `<row r="${row + 1}"><c r="A${row + 1}"><v>1</v></c></row>`).join('')}</sheetData>`);
    const latin = Buffer.from('id,name,roll_number,section\r\nN1,J\u00f6rg,1,A\r\n', 'latin1');
    const files: [string, () => Buffer | Promise<Buffer>, string][] = [
      ['text', () => Buffer.from('hello'), 'file-not-xlsx'],
      ['nothing', () => Buffer.alloc(0), 'file-not-xlsx'],
      ['a CSV in Windows-1252 called .xlsx', () => latin, 'file-is-csv'],
      ['an old workbook', () => Buffer.from('d0cf11e0a1b11ae1000000', 'hex'), 'file-is-xls'],
      ['a zip bomb', bomb, 'file-unpacks-too-large'],
      ['200,000 rows', long, 'sheet-too-long'],
      ['a cell far to the right', () => rawXlsx(`<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>`), 'sheet-too-wide'],
      ['half a file', async () => (await xlsx(STUDENTS)).subarray(0, 900), 'file-not-xlsx'],
      ['another archive', () => Buffer.from('504b03040000', 'hex'), 'file-not-xlsx'],
      ['an empty sheet', () => rawXlsx('<sheetData/>'), 'sheet-empty'],
      ['headings only', () => xlsx([STUDENTS[0]!]), 'sheet-empty'],
      ['no heading', () => xlsx([['N1', 'A Name', '1', 'A']]), 'columns-missing'],
      ['a heading twice', () => xlsx([['id', 'name', 'roll', 'section', 'Name'], ['N1', 'A', '1', 'A', 'B']]), 'columns-twice'],
    ];
    test.each(files)('%s is refused by its own name', async (_, file, code) => {
      const answer = await upload('students', await file(), { year: '1', department: 'CSE' });
      expect([answer.status, answer.error.code, answer.error.message.includes('{{')]).toEqual([422, code, false]);
    });

    test('one that lies about its size stops where it said it would', async () => {
      const file = rawXlsx(`<sheetData>${' '.repeat(3_000_000)}</sheetData>`);
      // Its size, in the directory's entry of the sheet (PKWARE APPNOTE 4.3.12).
      const entry = file.lastIndexOf('PK\u0001\u0002', undefined, 'latin1');
      file.writeUInt32LE(100, entry + 24);
      expect((await upload('students', file)).error.code).toBe('file-not-xlsx');
    });

    test('one that is too large, none at all, and a field that can’t be', async () => {
      const large = await upload('students', Buffer.alloc(10_000_001, 'x'));
      expect([large.status, large.error.code]).toEqual([413, 'file-too-large']);
      const none = await campus.as(office, { method: 'POST', url: '/api/students/upload', ...form(null) });
      expect([none.statusCode, none.json().error.code]).toEqual([400, 'file-missing']);
      expect((await upload('students', STUDENTS, { year: 'E77', department: 'CSE' })).error).toMatchObject({ code: 'bad-request', field: 'year' });
    });
  });

  describe('T7 what timetables are made from', () => {
    test('periods are added where they are cut as the others are, and with replace they are the sheet’s', async () => {
      const inForce = async () => (await knex()('weekly_slot').where({ purpose: 'period', active: true }).orderBy(['weekday', 'start_time'])).map((one) => `${one.weekday} ${one.start_time}–${one.end_time}`);
      const before = await inForce();
      const rows = (...periods: CellValue[][]) => [['Day', 'From', 'To'], ...periods];
      expect(wrong(await upload('periods', rows(['SAT', '9:30', '10:25'], ['SAT', '12:00', '12:55'], ['SUN', '20:00', '19:00']))))
        .toEqual([[2, 'From', 'periods-cross'], [4, 'To', 'times-order']]);
      expect(await upload('periods', rows(['SAT', '12:00', '12:55']))).toMatchObject({ status: 200, created: 1, ended: 0 });
      expect(await inForce()).toEqual([...before, '6 12:00–12:55']);
      const others = rows(['MON', '08:00', '08:50'], ['MON', '09:00', '09:50'], ['TUE', '08:00', '08:50']);
      expect(await upload('periods', others, { replace: 'true' })).toMatchObject({ created: 3, ended: before.length + 1 });
      expect(await upload('periods', others, { replace: 'true' })).toMatchObject({ created: 0, updated: 0, unchanged: 3, ended: 0 });
      expect(await inForce()).toEqual(['1 08:00–08:50', '1 09:00–09:50', '2 08:00–08:50']);
      const back = rows(...before.map((one) => [['MON', 'TUE', 'WED', 'THU', 'FRI'][Number(one[0]) - 1]!, one.slice(2, 7), one.slice(8)]));
      expect(await upload('periods', back, { replace: 'true' })).toMatchObject({ created: 0, updated: before.length, ended: 3 });
      expect(await inForce()).toEqual(before);
    });

    test('what a sheet says of a subject is all that it needs, and others stay', async () => {
      await upload('subjects', [['code', 'mnemonic', 'name', 'type'], ['KL1', 'KL', 'Kilns', 'theory']]);
      const parts = () => knex()('subject_parts as p').join('subjects as s', 's.id', 'p.subject_id').where('s.subject_code', 'KL1').orderBy('p.id')
        .select('p.kind', 'p.meetings', 'p.periods', 'p.room_kind', 'p.equipment', 'p.week');
      const others = await count('subject_parts');
      const heading = ['Subject', 'L/T/P', 'Meetings a week', 'Periods each', 'Equipment', 'Week'];
      const sheet: Rows = [heading, ['KL1', 'Lecture', 3, 1, 'projector; wood fire', ''], ['KL1', 'practical', 1, 2, null, 'odd']];
      expect(await upload('subject-parts', sheet)).toMatchObject({ status: 200, created: 2, ended: 0 });
      expect(await upload('subject-parts', sheet)).toMatchObject({ created: 0, updated: 0, unchanged: 2, ended: 0 });
      const lecture = { kind: 'lecture', meetings: 3, periods: 1, room_kind: 'theory', equipment: '["projector","wood fire"]', week: 'every' };
      expect(await parts()).toEqual([lecture, { kind: 'lab', meetings: 1, periods: 2, room_kind: 'lab', equipment: '[]', week: 'odd' }]);
      expect(await upload('subject-parts', [heading, ['KL1', 'lecture', 2, 1, 'projector; wood fire', 'every']])).toMatchObject({ created: 0, updated: 1, ended: 1 });
      expect(await parts()).toEqual([{ ...lecture, meetings: 2 }]);
      expect(await count('subject_parts')).toBe(others + 1);
      expect(wrong(await upload('subject-parts', [heading, ['KL1', 'seminar', 3, 1], ['KL1', 'lab', 0, 1], ['KL9', 'lab', 1, 2], ['KL1', 'lecture', 1, 1], ['KL1', 'lecture', 2, 1]])))
        .toEqual([[2, 'L/T/P', 'not-part'], [3, 'Meetings a week', 'not-number'], [4, 'Subject', 'subject-unknown'], [6, 'L/T/P', 'twice-in-file']]);
    });

    test('what a sheet says of a faculty member’s times is all that there is', async () => {
      const [{ id, faculty_id: key }] = await knex()('faculty').orderBy('id', 'desc').limit(1).select('id', 'faculty_id');
      const times = () => knex()('faculty_times').where({ faculty_id: id }).orderBy('weekday').select('weekday', 'start_time', 'end_time', 'cost');
      const sheet: Rows = [['FacultyId', 'Day', 'From', 'To', 'Dislike'], [key, 'MON', '9:00', '13:00', 4], [key, 'FRI', '14:00', '16:00', null]];
      await upload('faculty-times', sheet);
      expect(await times()).toEqual([{ weekday: 1, start_time: '09:00', end_time: '13:00', cost: 4 }, { weekday: 5, start_time: '14:00', end_time: '16:00', cost: null }]);
      expect(await upload('faculty-times', sheet)).toMatchObject({ created: 0, updated: 0, unchanged: 2, ended: 0 });
      expect(await upload('faculty-times', [...sheet.slice(0, 1), [key, 'MON', '9:00', '13:00', '']])).toMatchObject({ created: 0, updated: 1, ended: 1 });
      expect(await times()).toEqual([{ weekday: 1, start_time: '09:00', end_time: '13:00', cost: null }]);
      expect(wrong(await upload('faculty-times', [...sheet.slice(0, 1), ['NOBODY', 'MON', '9:00', '8:00', 10]]))).toEqual([[2, 'Dislike', 'not-number']]);
    });
  });

  test('a template has the headings that its upload takes', async () => {
    for (const kind of ['students', 'faculties', 'subjects', 'faculty-assignments', 'default-schedules', 'periods', 'subject-parts', 'faculty-times'] as const) {
      const template = await campus.as(office, `/api/${kind}/template`);
      expect(template.headers['content-type']).toContain('spreadsheetml');
      const answer = await upload(kind, template.rawPayload, { partial: 'true' });
      expect([kind, answer.status]).toEqual([kind, 200]);
    }
  });

  test('two of the same file at once are taken over once', async () => {
    const rows: Rows = [['id', 'name', 'roll', 'section'], ...Array.from({ length: 50 }, (_, index) => [`N93${index}`, `Twice ${index}`, index + 1, 'W'])];
    const answers = await Promise.all([1, 2, 3].map(() => upload('students', rows, { year: '1', department: 'CSE' })));
    expect(answers.map(({ created, unchanged }) => [created, unchanged]).sort(([a], [b]) => a - b)).toEqual([[0, 50], [0, 50], [50, 0]]);
  });
});
