// The campus on which slot searches are measured: 100 sections of 60 students, 120 rooms, weekly slots all over the week, and
// an interview for every student.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { startMysql } from '../bin/embedded/mysql.ts';
import { readConfig } from '../config.ts';
import { type Database, openDatabase } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { demoCampus } from '../db/seeds/demo-campus.ts';
import { loadDemoCampus } from '../db/seeds/load-demo-campus.ts';
import { findSession, type Session } from '../db/repositories/sessions.ts';
import { createSecretBox } from '../services/secret-box.ts';
import type { ServiceContext } from '../services/context.ts';
import { SECRET_KEYS, TOKEN_SECRET } from './keys.ts';

const STUDENTS = 6_000;
const ROOMS = 120;
const TIME_ZONE = 'Asia/Kolkata';
const MONDAY = '2026-11-23';
/** Two hours before the first class. */
const NOW = DateTime.fromISO(`${MONDAY}T07:00`, { zone: TIME_ZONE }).toUTC();

export interface SlotsCampus {
  context: ServiceContext;
  /** So many sessions to come of different classes, spread over the two weeks. */
  sessions(count: number): Promise<Session[]>;
  /** Leaves the campus with so many weekly slots of an hour and a half, spread over Monday to Saturday, 8:00 to 20:00. */
  setWeeklySlots(count: number): Promise<void>;
  /** Enrols students of other sections until a session's class has so many; the rooms grow with it. */
  growClass(session: Session, students: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startSlotsCampus(): Promise<SlotsCampus> {
  const stateDir = mkdtempSync(join(tmpdir(), 'beadle-bench-'));
  const mysql = await startMysql({ stateDir: join(stateDir, 'mysql') });
  const db = openDatabase(mysql.url);
  await migrate(db.knex);
  const campus = demoCampus({ students: STUDENTS, seed: 7, from: MONDAY, weeks: 2, timeZone: TIME_ZONE });
  await db.transaction((trx) => loadDemoCampus(trx, { ...campus, rooms: withMoreRooms(campus.rooms) }));
  await addInterviews(db);
  await refreshStatistics(db);
  const config = readConfig({ DATABASE_URL: mysql.url, SECRET_KEYS: SECRET_KEYS, TOKEN_SECRET: TOKEN_SECRET });
  const context: ServiceContext = {
    db, now: () => NOW, campus: config.campus, rules: config.rules, secrets: createSecretBox(SECRET_KEYS, TOKEN_SECRET), publicUrl: 'http://127.0.0.1',
  };
  return {
    context,
    async sessions(count) {
      const ids: number[] = await db.knex('schedule').where('starts_at', '>', NOW.plus({ hours: 6 }).toJSDate()).orderBy('id').pluck('id');
      const step = Math.floor(ids.length / count);
      return Promise.all(Array.from({ length: count }, async (_, index) => (await findSession(db.knex, ids[index * step]!))!));
    },
    async setWeeklySlots(count) {
      await db.knex('weekly_slot').delete();
      await db.knex('weekly_slot').insert(Array.from({ length: count }, (_, index) => weeklySlot(index)));
    },
    async growClass(session, students) {
      await db.knex('rooms').update({ capacity: db.knex.raw('greatest(capacity, ?)', [students]) });
      const held: number[] = await db.knex('student_subject').where({ subject_id: session.subjectId, section_id: session.sectionId }).pluck('student_id');
      const others: number[] = await db.knex('students').whereNotIn('id', held).orderBy('id').limit(students - held.length).pluck('id');
      if (others.length === 0) return;
      await db.knex('student_subject').insert(others.map((student_id) => (
        { student_id, subject_id: session.subjectId, section_id: session.sectionId, valid_from: MONDAY, valid_to: null })));
      await refreshStatistics(db);
    },
    async stop() {
      await db.close();
      await mysql.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** A server does so by itself, some seconds after so many rows have come at once. */
async function refreshStatistics(db: Database): Promise<void> {
  await db.knex.raw('analyze table schedule, claims, faculty_assignment, student_subject, students, student_company_drive, rooms, weekly_slot');
}

type Rooms = ReturnType<typeof demoCampus>['rooms'];

function withMoreRooms(rooms: Rooms): Rooms {
  const hall = rooms.find(({ kind }) => kind === 'theory')!;
  return Array.from({ length: Math.max(ROOMS, rooms.length) }, (_, index) => rooms[index] ?? { ...hall, id: index + 1, name: `X-${index + 1}` });
}

/** Five slots a day begin at each full hour and a half; the next ones are moved by five minutes, and so on. */
function weeklySlot(index: number) {
  const weekday = 1 + (index % 6);
  const place = Math.floor(index / 6);
  const start = 8 * 60 + 90 * (place % 7) + 5 * Math.floor(place / 7);
  const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  return { organisation_id: 1, weekday, start_time: clock(start), end_time: clock(start + 90) };
}

/** One interview of half an hour for every student, some time in the two weeks. */
async function addInterviews(db: Database): Promise<void> {
  const ids: number[] = await db.knex('students').orderBy('id').pluck('id');
  const rows = ids.map((student_id) => {
    const startsAt = NOW.plus({ days: 1 + (student_id % 12), minutes: 60 + 15 * (student_id % 40) });
    return {
      student_id, company_name: 'Company', company_key: 'company', date: startsAt.setZone(TIME_ZONE).toISODate(), starts_at: startsAt.toJSDate(),
      ends_at: startsAt.plus({ minutes: 30 }).toJSDate(), time_zone: TIME_ZONE, status: 'confirmed', confidence: 1, source: 'calendar', mode: 'online',
      origin_key: Buffer.alloc(32, String(student_id)), created_at: NOW.toJSDate(), updated_at: NOW.toJSDate(),
    };
  });
  for (let from = 0; from < rows.length; from += 1_000) await db.knex('student_company_drive').insert(rows.slice(from, from + 1_000));
}
