// What the command line says by itself: help, and what is wrong with a call or a setting.
import { describe, expect, test } from '@jest/globals';
import { beadle } from './run-beadle.ts';

const COMMANDS = ['start', 'worker', 'api', 'bots', 'migrate', 'demo-data', 'token', 'link-code', 'mailbox', 'sweep', 'extract', 'simulate', 'doctor'];

describe('D9 one command line', () => {
  test('--help names every command and needs no server', async () => {
    const { code, out } = await beadle(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(out).toMatch(new RegExp(`^ {2}${command}\\b.* {2}\\S`, 'm'));
  });

  test('the help of a command says its options with their defaults', async () => {
    const [mailbox, demoData] = await Promise.all([beadle(['mailbox', '--help'], { IMAP_HOST: 'imap.example.edu' }), beadle(['demo-data', '--help'])]);
    expect(mailbox.out).toMatch(/--host <host>.*"imap\.example\.edu"/);
    expect(mailbox.out).toMatch(/--port <port>.*993/);
    expect(mailbox.out).toMatch(/standard\s+input/);
    expect(demoData.out).toMatch(/--students <n>.*4000/);
  });

  test('an unknown command is refused with the way to help', async () => {
    const { code, out, err } = await beadle(['migarte']);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/unknown command 'migarte'/);
    expect(err).toMatch(/migrate/);
  });

  test('wrong settings are named, all of them, before anything is done', async () => {
    const { code, out, err } = await beadle(['migrate'], { API_PORT: 'many', DATABASE_URL: 'localhost' });
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/^DATABASE_URL: must be a URL such as mysql:/m);
    expect(err).toMatch(/^API_PORT: must be a port/m);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('without servers it says what to set or to run', async () => {
    const { code, err } = await beadle(['token', 'somebody@campus.example']);
    expect(code).toBe(1);
    expect(err).toMatch(/set DATABASE_URL, or run npm start first/);
  });

  test('with a database of one\'s own the keys have to be one\'s own', async () => {
    const { code, err } = await beadle(['migrate'], { DATABASE_URL: 'mysql://beadle@127.0.0.1:1/beadle', TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(code).toBe(1);
    expect(err).toMatch(/SECRET_KEYS is not set/);
  });
});
