// `bench drive`: one company's mail reaches 300 students of 12 sections; measured until every class that it hits is planned for.
// The limit: as many empty workflows on the same server.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DateTime } from 'luxon';
import { sessionsOfStudent } from '../db/repositories/sessions.ts';
import { workflowIds } from '../domain/processes/index.ts';
import { startPollingProcess } from '../test/support/worker-process.ts';
import { type Installation, type Owner, startInstallation, type Worker } from './installation.ts';
import { inMailboxes } from './mailboxes.ts';
import { driveMail } from './mails.ts';
import { median, type Result, rounded, say, secondsOf } from './result.ts';

const SECTIONS = 12;
const STUDENTS = 300;
const QUIET_SECONDS = 2;
const ROUNDS = 3;
const TIME_ZONE = 'Asia/Kolkata';
const BUFFER_MINUTES = 15;
const LOOK_EVERY_MS = 50;
const STARTED_AT_ONCE = 20;
const FILLERS = 8;
const PAUSE_MS = 5_000;

/** Seconds, from the first commit of an interview to the last plan, without the wait for quiet. */
export async function drive(): Promise<Result> {
  const beadle = await startInstallation(SECTIONS * 60, {
    RESCHEDULE_QUIET_SECONDS: String(QUIET_SECONDS), MAIL_SETTLE_SECONDS: '0', INTERVIEW_BUFFER_MINUTES_ONLINE: String(BUFFER_MINUTES),
  });
  try {
    return await measure(beadle);
  } finally {
    await beadle.stop();
  }
}

interface Round {
  ours: number;
  limit: number;
  /** Seconds until all interviews were rows, and until all students had joined the rounds of their classes. */
  entered: number;
  joined: number;
  /** Processor time of the worker, in seconds. */
  cpu: number;
  interviews: number;
  classes: number;
  /** Classes of students that interviews hit. */
  hits: number;
  slotSearches: number;
  intents: number;
}

async function measure(beadle: Installation): Promise<Result> {
  const invited = await studentsOfEachSection(beadle);
  await beadle.connect(invited);
  const worker = await beadle.startWorker(['mail', 'campus', 'notify']);
  const emptyWorker = await startPollingProcess(beadle.client, beadle.stateDir, {
    command: [fileURLToPath(new URL('./empty-worker.ts', import.meta.url))],
    environment: { TEMPORAL_ADDRESS: beadle.temporalAddress }, queues: ['solver'],
  });
  const rounds: Round[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const measured = await measureRound(beadle, worker, invited, round);
    say(`round ${round}: ${JSON.stringify(measured)}`);
    // The first is not counted: this worker has compiled nothing yet of what follows an interview.
    if (round > 0) rounds.push(measured);
  }
  const peakMegabytes = await worker.peakMegabytes();
  await Promise.all([worker.end('SIGTERM'), emptyWorker.end('SIGTERM')]);
  const ours = median(rounds.map((round) => round.ours));
  const limit = median(rounds.map((round) => round.limit));
  return { name: 'drive', ours: rounded(ours), limit: rounded(limit), ratio: rounded(limit / ours), more: { students: invited.length, rounds, peakMegabytes } };
}

/** 25 students of each section. */
async function studentsOfEachSection({ owners, context }: Installation): Promise<Owner[]> {
  const sections: { id: number; section_id: number }[] = await context.db.knex('students').orderBy('id').select('id', 'section_id');
  const chosen = [...Map.groupBy(sections, ({ section_id }) => section_id).values()].flatMap((section) => section.slice(0, STUDENTS / SECTIONS));
  const ids = new Set(chosen.map(({ id }) => id));
  return owners.filter(({ studentId }) => ids.has(studentId));
}

/** A drive on another day of the week to come each time: Monday to Thursday, 10 to 11. */
async function measureRound(beadle: Installation, worker: Worker, invited: Owner[], round: number): Promise<Round> {
  const { context, imap } = beadle;
  const { knex } = context.db;
  const at = DateTime.fromISO(`${beadle.from}T10:00`, { zone: TIME_ZONE }).plus({ days: 7 + round });
  const company = `${['Cobalt', 'Heron', 'Juniper', 'Marigold'][round]!} Robotics`;
  const hits = await hitsToCome(beadle, invited, at);
  const before = await counts(beadle);
  await inMailboxes(imap, invited, FILLERS, async (client, owner) => void (await client.append('INBOX', driveMail(owner, company, at, DateTime.utc()))));
  await sleep(PAUSE_MS);

  const cpuBefore = await worker.cpuSeconds();
  const swept = beadle.sweep();
  const until = async (isSo: (now: Counts) => boolean) => {
    while (!isSo(await counts(beadle))) await sleep(LOOK_EVERY_MS);
    return Date.now();
  };
  const entered = await until((now) => now.interviews - before.interviews === invited.length);
  const joined = await until((now) => now.hits - before.hits === hits);
  const planned = await until((now) => now.gathering === 0 && now.open === 0);
  const cpu = (await worker.cpuSeconds()) - cpuBefore;
  await swept;
  const [{ began }] = await knex('student_company_drive').where({ company_name: company }).min({ began: 'created_at' }) as [{ began: Date }];
  const after = await counts(beadle);
  const classes = after.rounds - before.rounds;
  const slotSearches = await checkPlans(beadle, before.rounds);
  await sleep(PAUSE_MS);
  const workflows = invited.length + classes;
  const limit = await runEmpty(beadle, workflows, round);
  const since = (time: number) => rounded((time - began.getTime()) / 1000);
  return {
    ours: rounded(since(planned) - QUIET_SECONDS), limit: rounded(limit), entered: since(entered), joined: since(joined), cpu: rounded(cpu), interviews: invited.length, classes,
    hits, slotSearches, intents: after.intents - before.intents,
  };
}

/** How many classes of how many students an interview at that time hits. */
async function hitsToCome({ context }: Installation, invited: Owner[], at: DateTime): Promise<number> {
  const [from, to] = [at.minus({ minutes: BUFFER_MINUTES }), at.plus({ minutes: 60 + BUFFER_MINUTES })];
  let hits = 0;
  for (const { studentId } of invited) hits += (await sessionsOfStudent(context.db.knex, studentId, from.toJSDate(), to.toJSDate())).length;
  return hits;
}

type Counts = Record<'interviews' | 'hits' | 'rounds' | 'gathering' | 'intents' | 'open', number>;

/** What there is, by one statement. */
async function counts({ context }: Installation): Promise<Counts> {
  const [[row]] = await context.db.knex.raw(`select
    (select count(*) from student_company_drive) as interviews, (select count(*) from rescheduled_class_student) as hits,
    (select count(*) from rescheduled_class) as rounds, (select count(*) from rescheduled_class where status = 'gathering') as gathering,
    (select count(*) from intents) as intents, (select count(*) from intents where done_at is null and process <> 'deliver') as open`);
  return row;
}

/** Checks that each round was planned exactly once, by the history of its process. @returns how many plans searched for slots */
async function checkPlans({ context, client }: Installation, skip: number): Promise<number> {
  const rounds: { session_id: number; round: number; status: string; offer: number; blocked: string | null }[] =
    await context.db.knex('rescheduled_class').orderBy('id').offset(skip).limit(1_000_000);
  for (const { session_id: sessionId, round, status, offer } of rounds) {
    const { events } = await client.workflow.getHandle(workflowIds.reschedule(sessionId)).fetchHistory();
    const plans = events!.filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'planRound').length;
    if (plans !== 1 || round !== 1 || (status === 'offered') !== (offer === 1)) {
      throw new Error(`session ${sessionId}: ${plans} plans in round ${round}, ${status}, offer ${offer}`);
    }
  }
  return rounds.filter(({ offer, blocked }) => offer > 0 || (blocked !== null && blocked !== '[]')).length;
}

/** Starts empty workflows, as many at once as the dispatcher does, and waits for the last. @returns the seconds that they took */
async function runEmpty({ client }: Installation, workflows: number, round: number): Promise<number> {
  const completed = async () => (await client.workflow.count("WorkflowType = 'emptyWorkflow' AND ExecutionStatus = 'Completed'")).count;
  const before = await completed();
  const numbers = Array.from({ length: workflows }, (_, index) => index).values();
  return secondsOf(async () => {
    await Promise.all(Array.from({ length: STARTED_AT_ONCE }, async () => {
      for (const number of numbers) {
        await client.workflow.start('emptyWorkflow', { workflowId: `empty/${round}/${number}`, taskQueue: 'solver', args: [] });
      }
    }));
    while ((await completed()) < before + workflows) await sleep(LOOK_EVERY_MS);
  });
}
