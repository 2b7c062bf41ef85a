// `bench sweep`: one sweep of 2,000 mailboxes, 200 of which have 5 new mails each, against a bare imapflow loop that logs in
// to the same mailboxes under the same cap, asks STATUS and fetches the same messages.
import { ImapFlow } from 'imapflow';
import { DateTime } from 'luxon';
import { readConfig } from '../config.ts';
import { type Installation, type Login, type Owner, startInstallation } from './installation.ts';
import { benchMail } from './mails.ts';
import { median, type Result, rounded, say, secondsOf } from './result.ts';

const MAILBOXES = 2_000;
const FEW = 500;
const WITH_NEW_MAIL = 200;
const NEW_MAILS = 5;
const ROUNDS = 3;
const FILLERS = 4;

/** Seconds, from the trigger to the end of the workflow, which is after the last commit; rules only, one worker process. */
export async function sweep(): Promise<Result> {
  const beadle = await startInstallation(MAILBOXES);
  try {
    return await measure(beadle);
  } finally {
    await beadle.stop();
  }
}

async function measure(beadle: Installation): Promise<Result> {
  const { connections } = readConfig({}).mail;
  const owners = beadle.owners.slice(0, MAILBOXES);
  const peak500 = await peakWith(beadle, owners.slice(0, FEW));
  say(`peak memory with ${FEW} mailboxes: ${peak500} MB`);

  await beadle.connect(owners);
  const worker = await beadle.startWorker();
  const loop = createLoop(beadle.imap, owners, connections);
  await beadle.sweep();
  await loop();
  const idle = await secondsOf(() => beadle.sweep());
  say(`idle sweep: ${rounded(idle)} s`);

  const rounds: { ours: number; limit: number; cpu: number }[] = [];
  await worker.forgetPeak();
  for (let round = 1; round <= ROUNDS; round += 1) {
    await addMails(beadle.imap, owners, round);
    let cpu = 0;
    const ours = async () => {
      const before = await worker.cpuSeconds();
      const seconds = await secondsOf(async () => {
        const counts = await beadle.sweep();
        if (counts.messages !== WITH_NEW_MAIL * NEW_MAILS || counts.failing > 0) throw new Error(`the sweep read ${JSON.stringify(counts)}`);
      });
      cpu = (await worker.cpuSeconds()) - before;
      return seconds;
    };
    const limit = () => secondsOf(async () => {
      const fetched = await loop();
      if (fetched !== WITH_NEW_MAIL * NEW_MAILS) throw new Error(`the loop fetched ${fetched}`);
    });
    const oursFirst = round % 2 === 1;
    const first = await (oursFirst ? ours() : limit());
    const second = await (oursFirst ? limit() : ours());
    const measured = { ours: oursFirst ? first : second, limit: oursFirst ? second : first, cpu };
    say(`round ${round}: ours ${rounded(measured.ours)} s (${rounded(cpu)} s of processor), limit ${rounded(measured.limit)} s`);
    rounds.push(measured);
  }
  const peak2000 = await worker.peakMegabytes();
  await worker.end('SIGTERM');

  const ours = median(rounds.map((round) => round.ours));
  const limit = median(rounds.map((round) => round.limit));
  const [{ interviews }] = await beadle.db.knex('student_company_drive').count({ interviews: '*' }) as [{ interviews: number }];
  return {
    name: 'sweep', ours: rounded(ours), limit: rounded(limit), ratio: rounded(limit / ours),
    more: {
      mailboxes: MAILBOXES, connections, rounds: rounds.map((round) => ({ ours: rounded(round.ours), limit: rounded(round.limit), workerCpu: rounded(round.cpu) })),
      peakMegabytes: { [FEW]: peak500, [MAILBOXES]: peak2000 }, idleSweepSeconds: rounded(idle),
      newMailsASecond: Math.round((WITH_NEW_MAIL * NEW_MAILS) / ours), interviews,
    },
  };
}

/** Peak memory of a worker that has swept so many mailboxes, a tenth of them with new mail, in MB. */
async function peakWith(beadle: Installation, owners: Owner[]): Promise<number> {
  await beadle.connect(owners);
  await addMails(beadle.imap, owners, 0);
  const worker = await beadle.startWorker();
  await beadle.sweep();
  const peak = await worker.peakMegabytes();
  await worker.end('SIGTERM');
  return peak;
}

/** Puts five new mails into each tenth mailbox. */
async function addMails(imap: Login, owners: Owner[], round: number): Promise<void> {
  const now = DateTime.utc();
  const left = owners.filter((_, index) => index % (MAILBOXES / WITH_NEW_MAIL) === round).values();
  await Promise.all(Array.from({ length: FILLERS }, async () => {
    for (const owner of left) {
      await withClient(imap, owner, async (client) => {
        for (let index = 0; index < NEW_MAILS; index += 1) await client.append('INBOX', benchMail(owner, round * NEW_MAILS + index, now));
      });
    }
  }));
}

/** The limit: the least that any reader of all mailboxes has to do. It remembers where it stood. @returns a run; it gives the number of mails fetched */
function createLoop(imap: Login, owners: Owner[], connections: number): () => Promise<number> {
  const next = new Map<string, number>();
  return async () => {
    let fetched = 0;
    const left = owners.values();
    await Promise.all(Array.from({ length: connections }, async () => {
      for (const owner of left) {
        await withClient(imap, owner, async (client) => {
          const status = await client.status('INBOX', { uidNext: true, uidValidity: true, messages: true });
          const uidNext = (status && status.uidNext) || 1;
          const from = next.get(owner.email) ?? uidNext;
          next.set(owner.email, uidNext);
          if (from === uidNext) return;
          await client.mailboxOpen('INBOX', { readOnly: true });
          for await (const message of client.fetch(`${from}:*`, { uid: true, source: true }, { uid: true })) fetched += message.source ? 1 : 0;
        });
      }
    }));
    return fetched;
  };
}

async function withClient(imap: Login, owner: Owner, work: (client: ImapFlow) => Promise<void>): Promise<void> {
  const client = new ImapFlow({
    host: imap.host, port: imap.port, secure: false, auth: { user: owner.email, pass: imap.password }, logger: false, disableAutoIdle: true,
  });
  await client.connect();
  await work(client);
  await client.logout();
}
