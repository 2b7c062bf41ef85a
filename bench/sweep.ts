// `bench sweep`: one sweep of 2,000 mailboxes, 200 of which have 5 new mails each, against a bare imapflow loop that logs in
// to the same mailboxes under the same cap, asks STATUS and fetches the same messages.
import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { readConfig } from '../config.ts';
import { type Installation, type Login, type Owner, startInstallation, type Worker } from './installation.ts';
import { inMailboxes } from './mailboxes.ts';
import { benchMail } from './mails.ts';
import { median, type Result, rounded, say, secondsOf } from './result.ts';

const MAILBOXES = 2_000;
const FEW = 500;
const WITH_NEW_MAIL = 200;
const NEW_MAILS = 5;
const NEW_MAILS_IN_ALL = WITH_NEW_MAIL * NEW_MAILS;
const ROUNDS = 3;
const FILLERS = 4;
const QUIET_MS = 5_000;

/** Seconds, from the trigger to the end of the workflow, which is after the last commit; rules only. */
export async function sweep(): Promise<Result> {
  const beadle = await startInstallation(MAILBOXES);
  try {
    return await measure(beadle);
  } finally {
    await beadle.stop();
  }
}

interface Round {
  ours: number;
  limit: number;
  /** Processor time of the worker. */
  cpu: number;
}

async function measure(beadle: Installation): Promise<Result> {
  const { connections } = readConfig({}).mail;
  const owners = beadle.owners.slice(0, MAILBOXES);
  const share = MAILBOXES / WITH_NEW_MAIL;
  const groups = Array.from({ length: share }, (_, group) => owners.filter((_owner, index) => index % share === group));
  const peaks = {
    [FEW]: await peakWith(beadle, owners.slice(0, FEW), groups[0]!.slice(0, FEW / share)),
    [MAILBOXES]: await peakWith(beadle, owners, groups[1]!),
  };
  say(`peak memory in MB by mailboxes: ${JSON.stringify(peaks)}`);

  const loop = createLoop(beadle.imap, owners, connections);
  const worker = await beadle.startWorker();
  await loop();
  await beadle.sweep();
  const idle = { ours: await inQuiet(() => beadle.sweep()), limit: await inQuiet(loop) };
  say(`an idle sweep takes ${rounded(idle.ours)} s, an idle loop ${rounded(idle.limit)} s`);
  const rounds: Round[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    // Another group each time: a mail that is like an earlier one would not be extracted again.
    await addMails(beadle.imap, groups[round + 2]!);
    const measured = await measureRound(beadle, worker, loop, round % 2 === 1);
    say(`round ${round}: ${JSON.stringify(inShort(measured))}`);
    // The first is not counted: this worker has compiled nothing yet of what reads a mail; one that runs all day has.
    if (round > 0) rounds.push(measured);
  }
  await worker.end('SIGTERM');

  const ours = median(rounds.map((round) => round.ours));
  const limit = median(rounds.map((round) => round.limit));
  return {
    name: 'sweep', ours: rounded(ours), limit: rounded(limit), ratio: rounded(limit / ours),
    more: {
      mailboxes: MAILBOXES, connections, rounds: rounds.map(inShort), newMailsASecond: Math.round(NEW_MAILS_IN_ALL / ours),
      idle: { ours: rounded(idle.ours), limit: rounded(idle.limit) }, peakMegabytes: peaks,
    },
  };
}

async function measureRound(beadle: Installation, worker: Worker, loop: () => Promise<number>, oursFirst: boolean): Promise<Round> {
  let cpu = 0;
  const ours = async () => {
    const before = await worker.cpuSeconds();
    const seconds = await inQuiet(async () => {
      const counts = await beadle.sweep();
      if (counts.messages !== NEW_MAILS_IN_ALL || counts.failing > 0) throw new Error(`the sweep read ${JSON.stringify(counts)}`);
    });
    cpu = (await worker.cpuSeconds()) - before;
    await beadle.settled();
    return seconds;
  };
  const limit = () => inQuiet(async () => {
    const fetched = await loop();
    if (fetched !== NEW_MAILS_IN_ALL) throw new Error(`the loop fetched ${fetched}`);
  });
  const first = await (oursFirst ? ours() : limit());
  const second = await (oursFirst ? limit() : ours());
  return { ours: oursFirst ? first : second, limit: oursFirst ? second : first, cpu };
}

/** Seconds that `work` takes, begun when what went before has ended: thousands of IMAP processes leave the kernel work for a while. */
async function inQuiet(work: () => Promise<unknown>): Promise<number> {
  await sleep(QUIET_MS);
  return secondsOf(work);
}

const inShort = ({ ours, limit, cpu }: Round) => ({ ours: rounded(ours), limit: rounded(limit), cpuOfWorker: rounded(cpu) });

/** Peak memory of a fresh worker that sweeps so many mailboxes, a tenth of them with new mail, in MB. */
async function peakWith(beadle: Installation, owners: Owner[], withNewMail: Owner[]): Promise<number> {
  await beadle.connect(owners);
  const worker = await beadle.startWorker();
  await beadle.sweep();
  await addMails(beadle.imap, withNewMail);
  await beadle.sweep();
  const peak = await worker.peakMegabytes();
  await worker.end('SIGTERM');
  return peak;
}

/** Puts five new mails into each of these mailboxes. */
async function addMails(imap: Login, owners: Owner[]): Promise<void> {
  const now = DateTime.utc();
  await inMailboxes(imap, owners, FILLERS, async (client, owner) => {
    for (let index = 0; index < NEW_MAILS; index += 1) await client.append('INBOX', benchMail(owner, index, now));
  });
}

/** The limit: the least that any reader of all mailboxes has to do. It remembers where it stood. @returns a run; it gives the number of mails fetched */
function createLoop(imap: Login, owners: Owner[], connections: number): () => Promise<number> {
  const next = new Map<string, number>();
  return async () => {
    let fetched = 0;
    await inMailboxes(imap, owners, connections, async (client, owner) => {
      const status = await client.status('INBOX', { uidNext: true, uidValidity: true, messages: true });
      const uidNext = (status && status.uidNext) || 1;
      const from = next.get(owner.email) ?? uidNext;
      next.set(owner.email, uidNext);
      if (from === uidNext) return;
      await client.mailboxOpen('INBOX', { readOnly: true });
      for await (const message of client.fetch(`${from}:*`, { uid: true, source: true }, { uid: true })) fetched += message.source ? 1 : 0;
    });
    return fetched;
  };
}
