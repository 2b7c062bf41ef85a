import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findDecision, optionsOf } from '../../db/repositories/offers.ts';
import { latestRound } from '../../db/repositories/rescheduling.ts';
import { applyDecision } from '../../services/applying.ts';
import { decide } from '../../services/deciding.ts';
import { takeLeave } from '../../services/faculty-leave.ts';
import { personById } from '../../services/links.ts';
import { planRound } from '../../services/rescheduling.ts';
import { testContext, type TestCampus } from '../support/context.ts';
import { hitBy, parallelCampus, studentsOf, theoryClasses } from './parallel.ts';
import { NOW } from './scene.ts';

let campus: TestCampus;
const context = () => testContext(campus.db, { now: NOW });

beforeAll(async () => {
  campus = await parallelCampus({ seats: 30 });
});
afterAll(() => campus?.close());

describe('I19 leave that is taken while an offer stands', () => {
  test('a time on its days is refused, and other times are offered', async () => {
    const { knex } = campus.db;
    const [session] = await theoryClasses(campus, '2026-11-30');
    await hitBy(context(), session!, (await studentsOf(context(), session!)).slice(0, 3));
    const { id } = (await latestRound(knex, session!.id))!;
    expect(await planRound(context(), id)).toBe('offered');
    const [first] = await optionsOf(knex, id, 1);
    const day = first!.startsAt.toISOString().slice(0, 10);
    const lecturer = (await personById(context(), session!.facultyUserId))!;
    await takeLeave(context(), lecturer, { from: day, to: day });

    const { decisionId } = await decide(context(), lecturer, id, { choice: 'accept', optionId: first!.id });
    expect(await applyDecision(context(), decisionId)).toBe('refused');
    expect(await findDecision(knex, decisionId)).toMatchObject({ outcome: 'refused', refusalCode: 'faculty-taken' });
    expect(await planRound(context(), id)).toBe('offered');
    for (const option of await optionsOf(knex, id, 2)) expect(option.startsAt.toISOString().slice(0, 10)).not.toBe(day);
  });
});
