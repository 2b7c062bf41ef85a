// A term's timetable from the registrar's wish to what is in force, through a real Temporal server.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { hardViolations } from '../../domain/timetabling/hard-violations.ts';
import type { Entry } from '../../domain/timetabling/university.ts';
import { placeOf } from '../../domain/timetabling/teaching-week.ts';
import { personById } from '../../services/links.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { cancelGeneration, generateTimetable, generationProgress, generationResult } from '../../services/timetables/generating.ts';
import { publishTimetable, unpublishTimetable } from '../../services/timetables/publishing.ts';
import { slotIdsOf, universityOf } from '../../services/timetables/university.ts';
import { eventually, startBeadle } from '../support/beadle.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';

const SECONDS = 3;

describe('T1–T6 a timetable is made, published and taken back', () => {
  let campus: TestCampus;
  let context: ServiceContext;
  let office: Person;
  let admin: Person;
  let beadle: Awaited<ReturnType<typeof startBeadle>>;
  let term: { organisation: string; academicYear: string; semester: number };
  beforeAll(async () => {
    campus = await testCampus({ students: 240 });
    context = testContext(campus.db, { now: () => DateTime.fromISO('2026-11-23T01:00:00Z', { zone: 'utc' }) });
    const personOf = async (role: string) => (await personById(context, (await campus.db.knex('users').where({ role }).first('id')).id))!;
    [office, admin] = [await personOf('registrar'), await personOf('admin')];
    const { code, academic_year, semester } = await campus.db.knex('terms as t').join('organisations as o', 'o.id', 't.organisation_id').first('code', 'academic_year', 'semester');
    term = { organisation: code, academicYear: academic_year, semester };
    beadle = await startBeadle(context);
  });
  afterAll(async () => {
    await beadle?.stop();
    await campus?.close();
  });

  const ended = (jobId: string) => eventually(async () => {
    const progress = await generationProgress(context, office, jobId);
    return progress.completedAt && progress;
  }, 'the end of the job');

  /** A draft's rows as entries of the university. */
  async function entriesOf(timetableId: number): Promise<Entry[]> {
    const rows = await campus.db.knex('timetable_entries').where({ timetable_id: timetableId });
    const week = await slotIdsOf(campus.db.knex, 1);
    return rows.map((row) => ({
      class: `a${row.assignment_id}`, part: row.part, occurrence: row.occurrence, week: row.week, room: `r${row.room_id}`,
      ...placeOf(week, { weekday: row.day, start: row.start_time, end: row.end_time })!,
    }));
  }

  test('five drafts that break nothing; what is under way is given again; the number is what was done', async () => {
    const [{ jobId, isNew }, ...again] = [
      await generateTimetable(context, office, { ...term, seconds: SECONDS, seed: 4 }),
      ...await Promise.all(Array.from({ length: 20 }, () => generateTimetable(context, admin, { ...term, seconds: SECONDS }))),
    ];
    expect(isNew).toBe(true);
    expect(jobId).toMatch(/^tt_[0-9a-f]{12}$/);
    expect(again).toEqual(again.map(() => ({ jobId, isNew: false })));
    const seen: number[] = [];
    await eventually(async () => {
      const { progress, completedAt } = await generationProgress(context, office, jobId);
      if (seen.at(-1) !== progress) seen.push(progress);
      return completedAt;
    }, 'the end of the job');
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(100);
    expect(seen.length).toBeGreaterThan(3);
    const { status, timetables } = await generationResult(context, office, jobId);
    expect(status).toBe('completed');
    expect(timetables.map(({ variantName }) => variantName).sort()).toEqual(['Balanced', 'Faculty-First', 'Room-Efficient', 'Student-Compact', 'Workload-Balanced']);
    const university = await universityOf(campus.db.knex, context, 1);
    for (const { timetableId, unplaced, qualityScore } of timetables) {
      expect(unplaced.count).toBe(0);
      expect(qualityScore).toBeGreaterThan(0);
      expect(hardViolations(university, await entriesOf(timetableId))).toEqual([]);
    }
    expect(await campus.db.knex('generation_searches').where({ job_id: jobId })).toEqual([]);
    expect(await campus.db.knex('notices').where({ user_id: office.userId, kind: 'timetable-made' })).toHaveLength(1);
  });

  test('one that is called off ends, and another can begin', async () => {
    const { jobId } = await generateTimetable(context, office, { ...term, seconds: 60 });
    await eventually(async () => (await generationProgress(context, office, jobId)).progress > 20, 'its searches');
    expect((await cancelGeneration(context, office, jobId)).status).toBe('cancelled');
    expect((await cancelGeneration(context, office, jobId)).status).toBe('cancelled');
    await eventually(async () => (await beadle.client.workflow.getHandle(`timetable/${jobId}`).describe()).status.name !== 'RUNNING', 'the end of its process');
    expect(await campus.db.knex('timetables').where({ generation_job_id: jobId })).toEqual([]);
    const next = await generateTimetable(context, office, { ...term, seconds: 1 });
    expect(next.isNew).toBe(true);
    expect((await ended(next.jobId)).status).toBe('completed');
  });

  test('what is published is in force as a whole, once, and can be taken back', async () => {
    const { knex } = campus.db;
    const weekly = () => knex('weekly_classes').orderBy('id').pluck('id');
    const before = await weekly();
    const { timetable_id: timetableId } = await knex('timetables').orderBy('timetable_id').first('timetable_id');
    await Promise.all(Array.from({ length: 10 }, () => publishTimetable(context, admin, timetableId)));
    await eventually(async () => (await knex('terms').where({ id: 1 }).first('timetable_id')).timetable_id === timetableId, 'the timetable in force');
    const entries = await knex('timetable_entries').where({ timetable_id: timetableId });
    expect(await weekly()).toHaveLength(entries.length);
    const told = async () => (await knex('notices').where({ kind: 'timetable-published' }).pluck('user_id')) as number[];
    const members = await knex('users').where({ active: true }).whereIn('role', ['student', 'cr', 'faculty', 'hod']).pluck('id');
    await eventually(async () => (await told()).length === members.length, 'everybody told');
    expect(new Set(await told())).toEqual(new Set(members));
    expect((await unpublishTimetable(context, admin, timetableId)).status).toBe('draft');
    expect(await weekly()).toEqual(before);
  });
});
