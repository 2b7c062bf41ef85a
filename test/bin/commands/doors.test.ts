// The parts of an installation as processes: they serve, and end in peace when they are told to.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findFreePort } from '../../../bin/embedded/port.ts';
import { testCampus, type TestCampus } from '../../support/context.ts';
import { beadle, type Settings, settingsFor, startBeadle } from './run-beadle.ts';

let campus: TestCampus;
let settings: Settings;

beforeAll(async () => {
  campus = await testCampus({ students: 60 });
  settings = settingsFor(campus.url);
});
afterAll(() => campus.close());

describe('D8 the API as a process', () => {
  test('a token from the command line opens it, and it ends on SIGTERM with its connections open', async () => {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const api = startBeadle(['api'], { ...settings, API_PORT: String(port) });
    const minted = await beadle(['token', 'admin@campus.example'], settings);
    expect(minted).toMatchObject({ code: 0, err: '' });
    await api.says(/the API listens/);

    const authorization = `Bearer ${minted.out.trim()}`;
    const me = await fetch(`${url}/api/me`, { headers: { authorization } });
    expect(me.status).toBe(200);
    expect(await me.json()).toMatchObject({ email: 'admin@campus.example', role: 'admin' });
    expect((await fetch(`${url}/api/me`, { headers: { authorization: `${authorization}x` } })).status).toBe(401);

    const ended = await api.end('SIGTERM');
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.out).not.toContain(minted.out.trim());
  });

  test('a token for an unknown address is refused', async () => {
    const { code, out, err } = await beadle(['token', 'nobody@campus.example'], settings);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/no active user has the address/);
  });
});

describe('I2 workers as processes', () => {
  test('a worker makes the schedules, lets a sweep be started by hand, and ends in peace on a Ctrl-C that npm passes on once more', async () => {
    const worker = startBeadle(['worker', '--queue', 'mail', 'notify'], settings);
    await worker.says(/workers run/);
    expect(await beadle(['sweep'], settings)).toMatchObject({ code: 0, out: expect.stringContaining('A sweep is on its way') });
    const ended = worker.end('SIGINT');
    await sleep(5);
    await worker.end('SIGINT');
    expect(await ended).toMatchObject({ code: 0, err: '' });
  });
});

describe('D1 bots as processes', () => {
  test('without a token there is no bot to run', async () => {
    const { code, err } = await beadle(['bots'], settings);
    expect(code).toBe(1);
    expect(err).toMatch(/set TELEGRAM_BOT_TOKEN/);
  });
});
