// A department's rules over REST: what is said, and what is said of what can't be.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from './harness.ts';

let campus: TestApi;
let hod: number;
let url: string;
beforeAll(async () => {
  campus = await startTestApi();
  [hod] = await campus.usersOf('hod') as [number];
  const { departments: [department] } = (await campus.as(hod, '/api/departments/rules')).json();
  url = `/api/departments/${department.department_id}/rules`;
});
afterAll(() => campus.close());

const patch = (payload: object) => campus.as(hod, { method: 'PATCH', url, payload });

describe('I19 the rules of a department over REST', () => {
  test('are changed one by one and read back', async () => {
    const changed = (await patch({ makeup_min_students: 4, decision_policy: 'automatic' })).json();
    expect(changed).toMatchObject({ makeup_min_students: 4, decision_policy: 'automatic', horizon_days: 14 });
    expect((await patch({ makeup_min_students: 4 })).json()).toEqual(changed);
    expect((await campus.as(hod, '/api/departments/rules')).json()).toEqual({ departments: [changed] });
  });

  test.each([
    [{ makeup_min_students: 0 }, 'bad-request', 'makeup_min_students', /must be a whole number from 1 to 200/],
    [{ horizon_days: 1.5 }, 'bad-request', 'horizon_days', /must be a whole number from 1 to 60/],
    [{ decision_policy: 'maybe' }, 'bad-request', 'decision_policy', /'automatic' or 'expire'/],
    [{ code: 'NEW' }, 'bad-request', 'code', /code/],
    [{}, 'bad-request', 'body', /must name a rule/],
    [{ escalation_hours: 2 }, 'hours-out-of-order', 'reminder_hours', /reminder can’t come after/],
  ])('%j is refused with the field and what would be right', async (payload, code, field, right) => {
    const answer = await patch(payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error).toMatchObject({ code, field, message: expect.stringMatching(right) });
  });
});
