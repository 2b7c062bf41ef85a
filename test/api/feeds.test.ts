// The calendar feed over HTTP: its secret address, what is loaded anew and what not, and zipped.
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ICAL from 'ical.js';
import { startTestApi, type TestApi } from './harness.ts';

let campus: TestApi;
let student: number;
let path: string;
beforeAll(async () => {
  campus = await startTestApi();
  [student] = (await campus.usersOf('student')) as [number];
  path = await addressOf(student);
});
afterAll(() => campus.close());

async function addressOf(userId: number, suffix = ''): Promise<string> {
  const { url, webcal } = (await campus.as(userId, { method: 'POST', url: `/api/calendar-feed${suffix}` })).json();
  expect(webcal).toBe(url.replace('http:', 'webcal:'));
  return new URL(url).pathname;
}
const load = (headers: Record<string, string> = {}, url = path) => campus.api.inject({ url, headers });

describe('D6 calendar feeds', () => {
  test('whoever has the address gets the calendar, without a token', async () => {
    const answer = await load();
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8']);
    expect(answer.headers['cache-control']).toBe('private, no-cache');
    const calendar = new ICAL.Component(ICAL.parse(answer.body));
    expect(calendar.getAllSubcomponents('vevent').length).toBeGreaterThan(0);
    expect(await addressOf(student)).toBe(path);
  });

  test('a client that has it already is told so, until a class changes', async () => {
    const etag = String((await load()).headers['etag']);
    for (const tag of [etag, etag.replace('W/', ''), `"other", ${etag}`, '*']) {
      const answer = await load({ 'if-none-match': tag });
      expect([answer.statusCode, answer.body, answer.headers['etag']]).toEqual([304, '', etag]);
    }
    expect((await load({ 'if-none-match': '"other"' })).statusCode).toBe(200);
    await campus.campus.db.knex('schedule').update({ sequence: 1 });
    const changed = await load({ 'if-none-match': etag });
    expect([changed.statusCode, changed.headers['etag'] === etag]).toEqual([200, false]);
  });

  test('it is zipped for who takes it zipped', async () => {
    const plain = await load();
    for (const encoding of ['gzip', 'deflate, gzip;q=0.5, br', '*', 'GZIP']) {
      const answer = await load({ 'accept-encoding': encoding });
      expect([answer.headers['content-encoding'], answer.headers['vary']]).toEqual(['gzip', 'accept-encoding']);
      expect(gunzipSync(answer.rawPayload).toString()).toBe(plain.body);
      expect(answer.headers['etag']).toBe(plain.headers['etag']);
    }
    for (const encoding of ['', 'identity', 'br', 'gzip;q=0', '*;q=0', 'gzip;q=none']) {
      expect((await load({ 'accept-encoding': encoding })).headers['content-encoding']).toBeUndefined();
    }
  });

  test('HEAD gives the headers alone', async () => {
    const [head, get] = await Promise.all([campus.api.inject({ method: 'HEAD', url: path }), load()]);
    expect([head.statusCode, head.body]).toEqual([200, '']);
    expect([head.headers['etag'], head.headers['content-length']]).toEqual([get.headers['etag'], get.headers['content-length']]);
    expect((await campus.api.inject({ method: 'HEAD', url: path, headers: { 'if-none-match': String(get.headers['etag']) } })).statusCode).toBe(304);
  });

  test('a wrong address is not there, whatever is wrong about it', async () => {
    const token = path.slice('/feeds/'.length, -'.ics'.length);
    const [id, secret] = [token.slice(0, token.indexOf('-')), token.slice(token.indexOf('-') + 1)];
    const wrong = [
      `/feeds/${id}-${secret.slice(1)}${secret[0] === 'a' ? 'b' : 'a'}.ics`, `/feeds/${Number(id) + 1}-${secret}.ics`, `/feeds/${secret}.ics`,
      '/feeds/.ics', '/feeds/x.ics', `/feeds/${token}`, `/feeds/${token}.ics.ics`, `/feeds/${encodeURIComponent(`${id}-${'é'.repeat(32)}`)}.ics`,
    ];
    for (const url of wrong) {
      const answer = await load({}, url);
      expect([url, answer.statusCode, answer.json().error.code]).toEqual([url, 404, 'not-found']);
    }
  });

  test('a renewed address ends the old one', async () => {
    const [other] = (await campus.usersOf('faculty')) as [number];
    const old = await addressOf(other);
    const renewed = await addressOf(other, '/renew');
    expect([(await load({}, old)).statusCode, (await load({}, renewed)).statusCode]).toEqual([404, 200]);
    expect(await addressOf(other)).toBe(renewed);
  });

  test('over real HTTP a calendar program loads it once, and then asks whether it changed', async () => {
    const base = await campus.api.listen({ host: '127.0.0.1', port: 0 });
    const first = await fetch(base + path, { headers: { 'accept-encoding': 'gzip' } });
    expect([first.status, first.headers.get('content-encoding')]).toEqual([200, 'gzip']);
    expect(await first.text()).toBe((await load()).body);
    const again = await fetch(base + path, { headers: { 'if-none-match': first.headers.get('etag')! } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const head = await fetch(base + path, { method: 'HEAD' });
    expect([head.status, head.headers.get('etag')]).toEqual([200, first.headers.get('etag')]);
    expect((await fetch(`${base}/feeds/x.ics`)).status).toBe(404);
  });

  test('the address is in no line of the log', async () => {
    await load();
    await load({}, `${path}x`);
    await load({}, '/feeds/%zz.ics');
    const secret = path.slice(path.indexOf('-') + 1, -'.ics'.length);
    const log = campus.logged.join('');
    expect(log).toContain('/feeds/:token.ics');
    expect(log).not.toContain(secret);
    expect(log).not.toContain(await campus.tokens.mint(student));
    expect(log).not.toMatch(/authorization|bearer/i);
  });
});
