// `bench upload`: sheets of 4,000 students, 500 subjects, 300 faculty members, 600 assignments and 3,000 weekly classes over HTTP until they are
// committed. The limit is what reading the students' sheet and one INSERT of as many rows take, twice.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { pino } from 'pino';
import { readSheet } from 'read-excel-file/node';
import writeXlsxFile from 'write-excel-file/node';
import { createApi } from '../api/server.ts';
import { createTokens } from '../api/tokens.ts';
import { startMysql } from '../bin/embedded/mysql.ts';
import { readConfig } from '../config.ts';
import { type Database, openDatabase } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { createSecretBox } from '../services/secret-box.ts';
import { SECRET_KEYS, TOKEN_SECRET } from './keys.ts';
import { median, type Result, rounded, say, secondsOf } from './result.ts';

const NOW = DateTime.fromISO('2026-11-23T02:00:00Z', { zone: 'utc' });
const ROUNDS = 7;
const SECTIONS = 100;
const SUBJECTS_OF_SECTION = 6;
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];
const COUNTS = { students: 4000, subjects: 500, faculties: 300, 'faculty-assignments': 600, 'default-schedules': 3000 } as const;

type Row = (string | number)[];

export async function upload(): Promise<Result> {
  const stateDir = mkdtempSync(join(tmpdir(), 'beadle-bench-'));
  const mysql = await startMysql({ stateDir: join(stateDir, 'mysql') });
  const db = openDatabase(mysql.url);
  try {
    await migrate(db.knex);
    return await measure(db, mysql.url);
  } finally {
    await db.close();
    await mysql.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

async function measure(db: Database, url: string): Promise<Result> {
  const office = await found(db);
  const config = readConfig({ DATABASE_URL: url, SECRET_KEYS: SECRET_KEYS, TOKEN_SECRET: TOKEN_SECRET });
  const now = () => NOW;
  const tokens = createTokens(TOKEN_SECRET, now);
  const context = { db, now, campus: config.campus, rules: config.rules, secrets: createSecretBox(SECRET_KEYS, TOKEN_SECRET), publicUrl: 'http://127.0.0.1' };
  const api = await createApi({ context, tokens, log: pino({ level: 'silent' }), sweep: async () => {} });
  const origin = await api.listen({ port: 0, host: '127.0.0.1' });
  const authorization = `Bearer ${await tokens.mint(office)}`;
  const sheets = await sheetsOf();
  const send = async (kind: keyof typeof COUNTS): Promise<number> => {
    const body = new FormData();
    body.set('file', new Blob([new Uint8Array(sheets[kind])]), `${kind}.xlsx`);
    let answer: { created?: number; rows?: unknown[] } = {};
    const seconds = await secondsOf(async () => {
      const response = await fetch(`${origin}/api/${kind}/upload`, { method: 'POST', headers: { authorization }, body });
      answer = (await response.json()) as typeof answer;
    });
    if (answer.created !== COUNTS[kind]) throw new Error(`${kind}: ${JSON.stringify(answer).slice(0, 500)}`);
    return seconds;
  };
  const times = new Map<string, number[]>();
  const note = (name: string, seconds: number) => times.set(name, [...(times.get(name) ?? []), seconds]);
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      await empty(db);
      note('parse', await secondsOf(() => readSheet(sheets.students)));
      note('insert', await insertAlone(db));
      for (const kind of ['students', 'subjects', 'faculties', 'faculty-assignments', 'default-schedules'] as const) note(kind, await send(kind));
    }
  } finally {
    await api.close();
  }
  const medians = Object.fromEntries([...times].map(([name, seconds]) => [name, rounded(median(seconds), 4)]));
  say(`medians of ${ROUNDS} rounds, in seconds: ${JSON.stringify(medians)}; of students each: ${times.get('students')!.map((seconds) => rounded(seconds, 3)).join(' ')}`);
  const [ours, limit] = [medians['students']!, 2 * (medians['parse']! + medians['insert']!)];
  return { name: 'upload', ours: rounded(ours, 4), limit: rounded(limit, 4), ratio: rounded(limit / ours), more: { ...medians, rounds: ROUNDS, rows: COUNTS } };
}

/** An institution with a term, departments and a registrar. @returns the registrar's id */
async function found({ knex }: Database): Promise<number> {
  await knex('organisations').insert({ id: 1, code: 'BENCH', name: 'Bench', time_zone: 'Asia/Kolkata', locale: 'en-IN', mail_domain: 'bench.example' });
  await knex('departments').insert(['CSE', 'ECE', 'ME', 'CE', 'EEE'].map((code) => ({ organisation_id: 1, code, name: code })));
  await knex('terms').insert({ organisation_id: 1, academic_year: '2026-27', semester: 1, starts_on: '2026-11-01', ends_on: '2027-03-31' });
  const [id] = await knex('users').insert({ organisation_id: 1, email: 'registrar@bench.example', name: 'Registrar', role: 'registrar' });
  return id!;
}

async function empty({ knex }: Database): Promise<void> {
  for (const table of ['default_schedule', 'student_subject', 'faculty_assignment', 'students', 'faculty', 'sections', 'subjects', 'rooms']) await knex(table).delete();
  await knex('users').whereNot('role', 'registrar').delete();
}

/** As many users by one statement, committed; then deleted again. */
async function insertAlone({ knex }: Database): Promise<number> {
  const rows = Array.from({ length: COUNTS.students }, (_, index) => [1, 1, `alone${index}@bench.example`, `Student ${index}`, 'student']);
  const seconds = await secondsOf(async () => { await knex.raw('insert into users (organisation_id, department_id, email, name, role) values ?', [rows as unknown as string[]]); });
  await knex('users').where('email', 'like', 'alone%').delete();
  return seconds;
}

/** Sections are 5 departments × 4 years × 5 letters. */
const placeOf = (section: number): [year: string, department: string, name: string] =>
  [`E${1 + (section % 4)}`, ['CSE', 'ECE', 'ME', 'CE', 'EEE'][Math.floor(section / 4) % 5]!, 'ABCDE'[Math.floor(section / 20)]!];
const subjectOf = (section: number, k: number) => `S${(section * SUBJECTS_OF_SECTION + k) % COUNTS.subjects}`;
/** Each teaches two sections, at different times. */
const lecturerOf = (section: number, k: number) => `F${(section % (SECTIONS / 2)) * SUBJECTS_OF_SECTION + k}`;

async function sheetsOf(): Promise<Record<keyof typeof COUNTS, Buffer>> {
  const sections = Array.from({ length: SECTIONS }, (_, section) => section);
  const taught = Array.from({ length: SUBJECTS_OF_SECTION }, (_, k) => k);
  const many = (count: number, row: (index: number) => Row) => Array.from({ length: count }, (_, index) => row(index));
  return {
    students: await xlsx(['id', 'name', 'roll_number', 'year', 'department', 'section'], many(COUNTS.students, (index) =>
      [`B${100_000 + index}`, `Student ${index}`, `R${index}`, ...placeOf(index % SECTIONS)])),
    subjects: await xlsx(['code', 'mnemonic', 'name', 'type'], many(COUNTS.subjects, (index) => [`S${index}`, `M${index}`, `Subject ${index}`, 'theory'])),
    faculties: await xlsx(['FacultyId', 'FacultyName', 'Department'], many(COUNTS.faculties, (index) => [`F${index}`, `Lecturer ${index}`, 'CSE'])),
    'faculty-assignments': await xlsx(['FacultyId', 'SubjectCode', 'Year', 'Department', 'Section'],
      sections.flatMap((section) => taught.map((k) => [lecturerOf(section, k), subjectOf(section, k), ...placeOf(section)]))),
    'default-schedules': await xlsx(['Day', 'Period', 'SubjectCode', 'FacultyId', 'Venue', 'Year', 'Department', 'Section'], sections.flatMap((section) =>
      DAYS.flatMap((day, index) => taught.map((period) => {
        const k = (period + index + (section < SECTIONS / 2 ? 0 : SUBJECTS_OF_SECTION / 2)) % SUBJECTS_OF_SECTION;
        return [day, period + 1, subjectOf(section, k), lecturerOf(section, k), `Room ${section}`, ...placeOf(section)];
      })))),
  };
}

async function xlsx(headings: string[], rows: Row[]): Promise<Buffer> {
  return writeXlsxFile([headings, ...rows]).toBuffer();
}
