import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { type MailReceiver, startMailReceiver } from '../../bin/embedded/mail-receiver.ts';
import { tell } from '../../services/telling.ts';
import { NOW } from '../services/scene.ts';
import { testCampus, type TestCampus } from '../support/context.ts';

const CHILD = fileURLToPath(new URL('delivering-child.ts', import.meta.url));
const NOTICES = 200;
const PEOPLE = 100;
const KILLS = 5;
/** After a lease has lapsed. */
const MINUTES_BETWEEN = 3;

let campus: TestCampus;
let receiver: MailReceiver;
let child: ChildProcess | undefined;

beforeAll(async () => {
  campus = await testCampus();
  receiver = await startMailReceiver({
    // As slow as a real server, so that a kill meets mails under way.
    message: () => new Promise((resolve) => { setTimeout(() => resolve('accept'), 15); }),
  });
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await receiver?.stop();
  await campus?.close();
});

function startSender(run: number): ChildProcess {
  const at = DateTime.fromISO(NOW, { zone: 'utc' }).plus({ minutes: MINUTES_BETWEEN * run }).toISO()!;
  return spawn(process.execPath, [CHILD, campus.url, receiver.url, at], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Resolves when so many more mails have come. */
async function received(more: number): Promise<void> {
  const wanted = receiver.mails.length + more;
  await receiver.waitFor(() => receiver.mails.length >= wanted);
}

describe('rule 4 a sender that is killed again and again', () => {
  test('no delivery is lost, and only one that was under way at a kill can come twice, once a kill', async () => {
    const { knex } = campus.db;
    const now = new Date(NOW);
    for (const half of ['first', 'second']) {
      await campus.db.transaction((trx) => tell(trx, {
        userIds: Array.from({ length: PEOPLE }, (_, index) => index + 1), kind: 'mailbox-failing',
        params: { failureCode: 'auth', retryAt: NOW }, eventKey: half,
      }, now));
    }
    const underWay = new Map<string, number>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      child = startSender(kill);
      await received(25);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const sending: string[] = await knex('deliveries').where({ status: 'sending' }).pluck('message_id');
      for (const id of sending) underWay.set(id, (underWay.get(id) ?? 0) + 1);
    }
    child = startSender(KILLS);
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);

    const deliveries: { message_id: string; status: string; address: string }[] = await knex('deliveries').orderBy('id').select('message_id', 'status', 'address');
    expect(deliveries).toHaveLength(NOTICES);
    expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set(['sent']));
    const times = new Map<string, number>();
    for (const { parsed } of receiver.mails) times.set(parsed.messageId!, (times.get(parsed.messageId!) ?? 0) + 1);
    expect([...times.keys()].toSorted()).toEqual(deliveries.map(({ message_id: id }) => id).toSorted());
    for (const [id, count] of times) expect(count).toBeLessThanOrEqual(1 + (underWay.get(id) ?? 0));
    expect(underWay.size).toBeGreaterThan(0);

    // To each person in the order in which they were told.
    const firstArrivals = [...times.keys()];
    for (const [, ofOne] of Map.groupBy(deliveries, ({ address }) => address)) {
      const places = ofOne.map(({ message_id: id }) => firstArrivals.indexOf(id));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
  });
});
