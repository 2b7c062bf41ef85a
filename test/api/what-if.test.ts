// The effect of a move over REST.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultRateLimits } from '../../api/rate-limits.ts';
import { findSession, type Session } from '../../db/repositories/sessions.ts';
import { NOW, startTestApi, type TestApi } from './harness.ts';

let campus: TestApi;
let session: Session;
beforeAll(async () => {
  campus = await startTestApi({ rateLimits: { ...defaultRateLimits, whatIf: 12 } });
  const [id] = await campus.campus.db.knex('schedule').where('starts_at', '>', NOW.plus({ days: 2 }).toJSDate()).orderBy('id').limit(1).pluck('id');
  session = (await findSession(campus.campus.db.knex, id))!;
});
afterAll(() => campus.close());

const ask = (query: string, userId = session.facultyUserId, id: number | string = session.id) => campus.as(userId, `/api/sessions/${id}/what-if?${query}`);

describe('I22 what-if over REST', () => {
  test('answers with counts, rooms and codes', async () => {
    const answer = await ask(`start=2026-11-27T16:30:00%2B05:30&room=${session.roomId}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      session: { id: session.id, section_name: session.sectionName }, starts_at: '2026-11-27T11:00:00.000Z', room: { id: session.roomId },
      obstacles: [], students: { busy: 0, over_load: 0 }, faculty: { busy: false, over_load: false }, interviews: 0,
    });
    const sunday = (await ask('start=2026-11-29T04:30:00Z')).json();
    expect(sunday).toMatchObject({ room: null, obstacles: [{ code: 'no-weekly-slot' }, { code: 'holiday' }] });
  });

  test('refuses with a code and the field', async () => {
    const refused = async (query: string, status: number, error: object, id?: string) => {
      const answer = await ask(query, session.facultyUserId, id);
      expect([query, answer.statusCode, answer.json().error]).toEqual([query, status, expect.objectContaining(error)]);
    };
    await refused('', 400, { code: 'bad-request', field: 'start' });
    await refused('start=Friday', 400, { code: 'bad-request', field: 'start' });
    await refused('start=2026-11-27T16:30:00', 400, { code: 'bad-request', field: 'start' });
    await refused('start=2026-11-27T11:01:00Z', 400, { code: 'slot-not-aligned' });
    await refused('start=2020-11-27T11:00:00Z', 400, { code: 'time-past' });
    await refused('start=2026-11-27T11:00:00Z&room=0', 400, { code: 'bad-request', field: 'room' });
    await refused('start=2026-11-27T11:00:00Z&room=99999', 404, { code: 'room-unknown' });
    await refused('start=2026-11-27T11:00:00Z', 404, { code: 'not-found' }, '99999');
    await refused('start=2026-11-27T11:00:00Z&place=1', 400, { code: 'bad-request', field: 'place' });
  });

  test('is limited by itself', async () => {
    const statuses = [];
    for (let time = 0; time < 12; time += 1) statuses.push((await ask('start=2026-11-27T11:00:00Z')).statusCode);
    expect(statuses.at(-1)).toBe(429);
    expect((await campus.as(session.facultyUserId, '/api/today')).statusCode).toBe(200);
  });
});
