// Drafts changed by hand, in MySQL: what is looked at stays as it is, what is moved is moved, and what may not be is refused.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { insertJob } from '../../../db/repositories/generation-jobs.ts';
import { entryRowsOf, findTimetable, insertTimetable, setPublishing, writeWeeklyClasses } from '../../../db/repositories/timetables.ts';
import { entriesToRows } from '../../../domain/timetabling/campus-entries.ts';
import { draftOf } from '../../../domain/timetabling/draft.ts';
import { effectOf, entriesAfter, type Move } from '../../../domain/timetabling/edit.ts';
import { qualityOf } from '../../../domain/timetabling/score.ts';
import type { Entry, University } from '../../../domain/timetabling/university.ts';
import { variants } from '../../../domain/timetabling/variants.ts';
import type { Person, ServiceContext } from '../../../services/context.ts';
import { personById } from '../../../services/links.ts';
import { lookAtMove, moveEntries } from '../../../services/timetables/editing.ts';
import { keepSearchInput } from '../../../services/timetables/inputs.ts';
import { slotIdsOf, universityOf } from '../../../services/timetables/university.ts';
import { testCampus, testContext, type TestCampus } from '../../support/context.ts';

const JOB = 'tt_0123456789ab';
const { name: variantName, weights } = variants[0]!;

describe('T10 a draft edited by hand', () => {
  let campus: TestCampus;
  let context: ServiceContext;
  let office: Person;
  let university: University;
  let timetableId: number;
  const knex = () => campus.db.knex;
  const personOf = async (role: string) => (await personById(context, (await knex()('users').where({ role }).first('id')).id))!;

  beforeAll(async () => {
    campus = await testCampus({ students: 240, weeks: 0 });
    context = testContext(campus.db, { now: '2026-11-25T06:00:00Z' });
    office = await personOf('registrar');
    university = await universityOf(knex(), context, 1);
    await campus.db.transaction(async (trx) => {
      const job = { jobId: JOB, organisationId: office.organisationId, termId: 1, semester: 1, academicYear: '2026-27', seconds: 1, seed: 1, createdById: office.userId };
      await insertJob(trx, job, context.now().toJSDate());
      await keepSearchInput(trx, JOB, { university, clusters: [] });
    });
  });
  beforeEach(async () => { timetableId = await enter(university.previous); });
  afterAll(() => campus?.close());

  /** The draft, anew. */
  async function enter(entries: readonly Entry[]): Promise<number> {
    const rows = entriesToRows(entries, university, await slotIdsOf(knex(), 1));
    const count = university.previous.length - entries.length;
    return campus.db.transaction((trx) => insertTimetable(trx, {
      jobId: JOB, termId: 1, variantName, qualityScore: 1, parts: '[]', unplaced: JSON.stringify({ count, meetings: [] }),
    }, rows, context.now().toJSDate()));
  }

  const unlocked = async (entries: readonly Entry[]) => entriesToRows(entries, university, await slotIdsOf(knex(), 1)).map((row) => ({ ...row, locked: false }));

  /** All places for the first entry that break something, or nothing. */
  function movesThat(breakSomething: boolean): Move[] {
    const draft = draftOf(university, university.previous, weights);
    const { class: id, part, occurrence, day: at, period: from } = university.previous[0]!;
    return university.rooms.flatMap(({ id: room }) => Array.from({ length: university.days * university.periods }, (_, slot): Move => (
      { class: id, part, occurrence, day: Math.floor(slot / university.periods), period: slot % university.periods, room })))
      .filter((move) => move.day !== at || move.period !== from).filter((move) => (effectOf(draft, [move]).broken.length > 0) === breakSomething);
  }

  test('looking at a move says what it does and changes nothing', async () => {
    const before = await entryRowsOf(knex(), timetableId);
    const [move] = movesThat(true);
    const { effect, suggestions } = await lookAtMove(context, office, timetableId, move!);
    expect(effect).toEqual(effectOf(draftOf(university, university.previous, weights), [move!]));
    for (const { broken } of suggestions) expect(broken).toEqual([]);
    expect(await entryRowsOf(knex(), timetableId)).toEqual(before);
  });

  test('a move is carried out: one row changes, and the draft is as good as it says', async () => {
    const before = await entryRowsOf(knex(), timetableId);
    const [move] = movesThat(false);
    const timetable = await moveEntries(context, office, timetableId, [move!]);
    const after = entriesAfter(draftOf(university, university.previous, weights), [move!]);
    const rows = await entryRowsOf(knex(), timetableId);
    expect(rows.filter((row, index) => JSON.stringify(row) !== JSON.stringify(before[index]))).toHaveLength(1);
    expect(rows).toEqual(await unlocked(after));
    const { score, parts } = qualityOf(university, after, weights);
    expect(timetable.qualityScore).toBeCloseTo(score, 2);
    expect(JSON.parse(timetable.parts)).toEqual(parts);
  });

  test('a suggestion\'s two moves are carried out together', async () => {
    let found: readonly Move[] | undefined;
    for (const move of movesThat(true)) {
      const { suggestions } = await lookAtMove(context, office, timetableId, move);
      found = suggestions.find(({ moves }) => moves.length === 2)?.moves;
      if (found) break;
    }
    await moveEntries(context, office, timetableId, found!);
    expect(await entryRowsOf(knex(), timetableId)).toEqual(await unlocked(entriesAfter(draftOf(university, university.previous, weights), found!)));
  });

  test('a meeting without a place is given one, and is no longer told as without', async () => {
    timetableId = await enter(university.previous.slice(1));
    const { class: id, part, occurrence, day, period, room } = university.previous[0]!;
    await moveEntries(context, office, timetableId, [{ class: id, part, occurrence, day, period, room }]);
    expect(JSON.parse((await findTimetable(knex(), timetableId))!.unplaced)).toEqual({ count: 0, meetings: [] });
    expect(await entryRowsOf(knex(), timetableId)).toHaveLength(university.previous.length);
  });

  test('what would break something is refused with how much, and nothing is changed', async () => {
    const before = await entryRowsOf(knex(), timetableId);
    await expect(moveEntries(context, office, timetableId, [movesThat(true)[0]!])).rejects.toMatchObject({ code: 'move-breaks', details: { count: expect.any(Number) } });
    expect(await entryRowsOf(knex(), timetableId)).toEqual(before);
  });

  test('a locked entry stays', async () => {
    const [move] = movesThat(false);
    await knex()('timetable_entries').where({ timetable_id: timetableId }).orderBy('entry_id').limit(1).update({ locked: true });
    await expect(moveEntries(context, office, timetableId, [move!])).rejects.toMatchObject({ code: 'entry-locked' });
    await expect(lookAtMove(context, office, timetableId, move!)).rejects.toMatchObject({ code: 'entry-locked' });
  });

  test('what there isn\'t is not found; others than the office may not', async () => {
    const [move] = movesThat(false);
    await expect(moveEntries(context, office, timetableId, [{ ...move!, room: 'r0' }])).rejects.toMatchObject({ code: 'not-found' });
    await expect(moveEntries(context, office, timetableId, [{ ...move!, day: 9 }])).rejects.toMatchObject({ code: 'not-found' });
    await expect(lookAtMove(context, office, timetableId + 1, move!)).rejects.toMatchObject({ code: 'not-found' });
    for (const role of ['hod', 'faculty', 'student']) await expect(moveEntries(context, await personOf(role), timetableId, [move!])).rejects.toMatchObject({ code: 'not-allowed' });
  });

  test('two moves at once to one place: one is made, the other refused', async () => {
    const [one] = university.previous;
    const alike = university.previous.find((entry) => entry.class !== one!.class && entry.length === one!.length);
    const draft = draftOf(university, university.previous, weights);
    const to = movesThat(false).find((move) => effectOf(draft, [{ ...alike!, day: move.day, period: move.period, room: move.room }]).broken.length === 0)!;
    const { class: id, part, occurrence } = alike!;
    const results = await Promise.allSettled([moveEntries(context, office, timetableId, [to]), moveEntries(context, office, timetableId, [{ ...to, class: id, part, occurrence }])]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('what is being published, or has weekly classes of its own, stays as it is', async () => {
    const [move] = movesThat(false);
    await campus.db.transaction((trx) => setPublishing(trx, timetableId, office.userId));
    await expect(moveEntries(context, office, timetableId, [move!])).rejects.toMatchObject({ code: 'timetable-not-draft' });
    await knex()('timetables').where({ timetable_id: timetableId }).update({ status: 'draft' });
    await campus.db.transaction((trx) => writeWeeklyClasses(trx, timetableId, 0, 10));
    await expect(moveEntries(context, office, timetableId, [move!])).rejects.toMatchObject({ code: 'timetable-not-draft' });
  });
});
