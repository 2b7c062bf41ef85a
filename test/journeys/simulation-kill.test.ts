// kill -9 of a simulation, and of its database server, at random moments: what comes out is what comes out without.
// BEADLE_KILL_SIMULATION=full runs it at its full size, which takes minutes.
import { mkdtempSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmbeddedMysql, startMysql } from '../../bin/embedded/mysql.ts';
import { openDatabase } from '../../db/connection.ts';
import { beadle, startBeadle } from '../bin/commands/run-beadle.ts';
import { checkCampus } from '../support/campus-checker.ts';
import { testServers } from '../support/servers.ts';
import { outcomesOf, overAt, simulatedMonth, type Simulated } from '../support/simulation.ts';

const isFull = process.env.BEADLE_KILL_SIMULATION === 'full';
const { students, drives, kills, playedMs } = isFull ? { students: 1500, drives: 16, kills: 50, playedMs: 300 } : { students: 600, drives: 8, kills: 5, playedMs: 400 };
/** Every so many kills it is the database server that is killed. */
const SERVER_EVERY = isFull ? 10 : 5;
const OPTIONS = { students, drives, seed: 11, from: '2026-08-03' };

describe(`a simulation that is killed ${kills} times, its database server with it now and then`, () => {
  let undisturbed: Simulated;
  let mysql: EmbeddedMysql;
  const stateDir = mkdtempSync(join(testServers().stateDir, 'killed-server-'));
  const folder = mkdtempSync(join(testServers().stateDir, 'killed-simulation-'));

  beforeAll(async () => {
    undisturbed = await simulatedMonth(OPTIONS);
    mysql = await startMysql({ stateDir });
  }, 300_000);
  afterAll(async () => {
    await undisturbed?.drop();
    await mysql?.stop();
  });

  const args = () => ['simulate', '--json', '--students', String(students), '--drives', String(drives), '--seed', String(OPTIONS.seed), '--from', OPTIONS.from, '--database', mysql.url, '--state', folder];
  const notedAt = (): number => statSync(join(folder, 'simulation.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;

  test('goes on where it was: the same figures, the same outcome for everybody, nobody told twice', async () => {
    for (let kill = 1; kill <= kills; kill += 1) {
      const before = notedAt();
      const running = startBeadle(args(), {});
      // The first is killed while it makes its campus.
      if (kill === 1) await sleep(800 + Math.random() * 800);
      else {
        while (notedAt() === before) await sleep(5);
        await sleep(Math.random() * playedMs);
      }
      const killsServer = kill % SERVER_EVERY === 0;
      if (killsServer) process.kill(mysql.pid, 'SIGKILL');
      if (killsServer) await sleep(50);
      const { code } = await running.end('SIGKILL');
      expect(code).not.toBe(0);
      if (killsServer) mysql = await startMysql({ stateDir });
    }
    const { code, out, err } = await beadle(args());
    expect([code, err.split('\n').filter((line) => !/^[\d-]*$/.test(line))]).toEqual([0, []]);
    expect(JSON.parse(out)).toEqual(undisturbed.figures);

    const db = openDatabase(mysql.url);
    try {
      expect(await checkCampus(db.knex, await overAt(db, '2026-08-31'))).toEqual([]);
      const [outcomes, wanted] = [await outcomesOf(db.knex), await outcomesOf(undisturbed.db.knex)];
      expect(outcomes).toEqual(wanted);
    } finally {
      await db.close();
    }
  }, isFull ? 1_200_000 : 180_000);
});
