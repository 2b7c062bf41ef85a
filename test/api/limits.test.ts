// Limits, headers, origins and the log.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultRateLimits } from '../../api/rate-limits.ts';
import { startTestApi, type TestApi } from './harness.ts';

describe('D13 rate limits', () => {
  let limited: TestApi;
  afterEach(() => limited.close());
  const start = async () => {
    const roles = { ...defaultRateLimits.roles, student: 3, admin: 5 };
    limited = await startTestApi({ rateLimits: { ...defaultRateLimits, roles, anonymous: 2, linkCode: 1, feed: 2 } });
  };
  const statuses = async (ask: () => Promise<{ statusCode: number }>, times: number) => {
    const seen: number[] = [];
    for (let time = 0; time < times; time += 1) seen.push((await ask()).statusCode);
    return seen;
  };

  test('count each person by role, over all routes', async () => {
    await start();
    const [one, other] = (await limited.usersOf('student')) as [number, number];
    expect(await statuses(() => limited.as(one, '/api/me'), 2)).toEqual([200, 200]);
    expect(await statuses(() => limited.as(one, '/api/today'), 2)).toEqual([200, 429]);
    expect(await statuses(() => limited.as(other, '/api/me'), 1)).toEqual([200]);
    const [admin] = (await limited.usersOf('admin')) as [number];
    expect(await statuses(() => limited.as(admin, '/api/me'), 6)).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = await limited.as(one, '/api/me');
    expect(refused.json().error).toMatchObject({ code: 'too-many-requests', requestId: refused.headers['x-request-id'] });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('count who is nobody by address, wrong tokens and unknown routes included', async () => {
    await start();
    const nobody = (url: string) => () => limited.api.inject({ url, headers: { authorization: 'Bearer x' } });
    expect(await statuses(nobody('/api/me'), 3)).toEqual([401, 401, 429]);
    expect(await statuses(nobody('/nowhere'), 1)).toEqual([429]);
    const [student] = (await limited.usersOf('student')) as [number];
    expect((await limited.as(student, '/api/me')).statusCode).toBe(200);
  });

  test('count costly routes by themselves', async () => {
    await start();
    const [student] = (await limited.usersOf('student')) as [number];
    expect(await statuses(() => limited.as(student, { method: 'POST', url: '/api/chat-links/code' }), 2)).toEqual([200, 429]);
    expect((await limited.as(student, '/api/me')).statusCode).toBe(200);
    expect(await statuses(() => limited.api.inject('/feeds/x.ics'), 3)).toEqual([404, 404, 429]);
  });
});

describe('D13 what every answer carries', () => {
  let campus: TestApi;
  beforeAll(async () => {
    campus = await startTestApi({ corsOrigins: ['https://pages.campus.example'], uiUrl: 'http://127.0.0.1:8233' });
  });
  afterAll(() => campus.close());

  test.each(['/health', '/api/me', '/feeds/x.ics', '/nowhere', '/%zz'])('%s: a request id and headers that keep browsers careful', async (url) => {
    const { headers } = await campus.api.inject(url);
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['cache-control']).toBe('no-store');
    if (url === '/%zz') return;
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-powered-by']).toBeUndefined();
  });

  test('only the origins that are named may call from a page', async () => {
    const originFor = async ({ api }: TestApi, origin: string) =>
      (await api.inject({ url: '/health', headers: { origin } })).headers['access-control-allow-origin'];
    expect(await originFor(campus, 'https://pages.campus.example')).toBe('https://pages.campus.example');
    expect(await originFor(campus, 'https://evil.example')).toBeUndefined();
    const closed = await startTestApi();
    expect(await originFor(closed, 'https://pages.campus.example')).toBeUndefined();
    await closed.close();
  });

  test('who starts a sweep is told where to watch it', async () => {
    const [admin] = (await campus.usersOf('admin')) as [number];
    expect((await campus.as(admin, { method: 'POST', url: '/api/sweeps' })).json().ui_url).toBe('http://127.0.0.1:8233');
  });

  test('the log has a line for each request: route, status and who, never the address or what was sent', async () => {
    const [student] = (await campus.usersOf('student')) as [number];
    const answer = await campus.as(student, { url: '/api/notices?after=4711', headers: { cookie: 'session=secret-cookie' } });
    const lines = campus.logged.map((line) => JSON.parse(line)).filter((line) => line.requestId === answer.headers['x-request-id']);
    expect(lines).toMatchObject([
      { msg: 'request', method: 'GET', route: '/api/notices', status: 200, userId: student, milliseconds: expect.any(Number) },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/4711|secret-cookie|Bearer/);
  });
});
