// A campus's term read from MySQL as a university, and its timetable back to rows.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compile, entriesOf } from '../../../domain/timetabling/compile.ts';
import { entriesToRows } from '../../../domain/timetabling/campus-entries.ts';
import { hardCount, hardViolations } from '../../../domain/timetabling/hard-violations.ts';
import { infeasibilities } from '../../../domain/timetabling/infeasibilities.ts';
import { modelOf } from '../../../domain/timetabling/model.ts';
import { noWeights } from '../../../domain/timetabling/problem.ts';
import { search } from '../../../domain/timetabling/search.ts';
import { universityIssues } from '../../../domain/timetabling/university-issues.ts';
import { variants } from '../../../domain/timetabling/variants.ts';
import type { ServiceContext } from '../../../services/context.ts';
import { slotIdsOf, universityOf } from '../../../services/timetables/university.ts';
import { bothServers, type TestServer } from '../../support/both-servers.ts';
import { testCampus, testContext, type TestCampus } from '../../support/context.ts';

describe.each(bothServers)('T7 a campus’s term as a university, on %s', (_, startServer) => {
  let server: TestServer;
  let campus: TestCampus;
  let context: ServiceContext;
  beforeAll(async () => {
    server = await startServer();
    campus = await testCampus({ students: 400, weeks: 0, serverUrl: server.url });
    context = testContext(campus.db, { now: '2026-11-25T06:00:00Z' });
  });
  afterAll(async () => {
    await campus?.close();
    await server?.stop();
  });

  const knex = () => campus.db.knex;
  const read = () => universityOf(knex(), context, 1);

  test('the demo campus has nothing wrong in it, and nothing that makes a timetable impossible', async () => {
    const university = await read();
    expect(universityIssues(university)).toEqual([]);
    expect(infeasibilities(university)).toEqual([]);
    expect(university).toMatchObject({ days: 5, periods: 6, breaks: [{ after: 3, minutes: 65 }], changeMinutes: 5, weeks: 1 });
    expect(university.enrolments).toEqual([]);
    expect(university.sections.reduce((sum, { size }) => sum + size, 0)).toBe(400);
  });

  test('its ordinary week is the timetable so far, whole, and breaks nothing', async () => {
    const university = await read();
    const { n } = (await knex()('weekly_classes').count({ n: '*' }).first())!;
    expect(university.previous).toHaveLength(Number(n));
    expect(hardViolations(university, university.previous)).toEqual([]);
  });

  test('a short search finds a timetable that breaks nothing, and its rows say when and where', async () => {
    const university = await read();
    const compiled = compile({ ...university, previous: [] }, variants[0]!.weights);
    const onlyPossible = modelOf({ ...compiled.problem, weights: noWeights });
    const found = search(onlyPossible, 1, { progress: (iterations) => iterations / 1_000_000, report: () => undefined });
    const entries = entriesOf(university, compiled, found);
    const week = await slotIdsOf(knex(), 1);
    expect(hardCount(hardViolations(university, entries))).toBe(0);
    const rows = entriesToRows(entries, university, week);
    expect(rows).toHaveLength(university.previous.length);
    const slots = new Map((await knex()('weekly_slot')).map((slot) => [slot.id, slot]));
    for (const { time_slot_id: id, day, start_time: start } of rows) expect(slots.get(id)).toMatchObject({ purpose: 'period', weekday: day, start_time: start });
    const assignments = new Map((await knex()('faculty_assignment')).map((row) => [row.id, row]));
    for (const { assignment_id: id, course_id: subject, faculty_id: faculty } of rows) expect(assignments.get(id)).toMatchObject({ subject_id: subject, faculty_id: faculty });
  });
});
