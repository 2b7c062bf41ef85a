// `beadle start`: everything in one process. With nothing set, on embedded servers and with a demo; with a .env, the real thing.
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { createTokens } from '../../api/tokens.ts';
import { createTelegramBot } from '../../bots/telegram/bot.ts';
import type { Config } from '../../config.ts';
import { migrate } from '../../db/migrate.ts';
import { feedAddress } from '../../services/calendars.ts';
import type { ServiceContext } from '../../services/context.ts';
import { personByEmail } from '../../services/links.ts';
import { connectProcesses, createLog, openContext, type Running, runApi, runWorkers } from '../assemble.ts';
import { holdClass } from '../demo/attendance.ts';
import { startAccount } from '../demo/account.ts';
import { startLecturer } from '../demo/lecturer.ts';
import { playScene } from '../demo/scene.ts';
import { startIdentityProvider } from '../embedded/identity-provider.ts';
import { startEmbedded } from '../embedded/start.ts';
import { findFreePort } from '../embedded/port.ts';
import { forgetRunning, noteRunning, type Places, placesOf } from '../places.ts';
import { runUntilStopped } from '../run.ts';
import { loadDemo, thisMonday } from './records.ts';

const DEMO_STUDENTS = 4000;
const DEMO_SEED = 7;
const SUGGESTED = ['admin@campus.example', 'registrar@campus.example'];
/** In the demo, nobody wants to wait ten minutes for quiet. */
const DEMO_WAITS = { settleSeconds: 1, quietSeconds: 4 };

export function startCommand(given: Config): Command {
  return new Command('start')
    .description('run everything: embedded servers and a demo where nothing else is set')
    .option('--no-demo', 'load no campus, drop no mails')
    .action(({ demo }: { demo: boolean }) => start(given, demo));
}

async function start(given: Config, wantsDemo: boolean): Promise<void> {
  const isEmbedded = given.database.url === undefined;
  const showsDemo = wantsDemo && isEmbedded;
  const config = showsDemo ? { ...given, rules: { ...given.rules, ...DEMO_WAITS } } : given;
  mkdirSync(config.stateDir, { recursive: true, mode: 0o755 });
  const logFile = join(config.stateDir, 'beadle.log');
  const log = createLog(config, createWriteStream(logFile, { flags: 'a' }));
  const parts: Running[] = [];
  const endsWhileStarting = endOnSignals();
  try {
    say('start', 'bringing up what this machine has to run itself …');
    const port = await findFreePort(config.api.port);
    const embedded = await startEmbedded(config, `http://${config.api.host}:${port}`, (line) => log.info(line), (mail) => say('e-mail', mail));
    parts.push(embedded);
    noteRunning(config, embedded.places);
    let places = placesOf(config, embedded.places);
    const context = openContext(config, places, log);
    parts.push({ stop: () => context.db.close() });
    await migrate(context.db.knex);
    const isEmpty = (await context.db.knex('organisations').first('id')) === undefined;
    if (showsDemo && isEmpty) {
      say('start', `loading a demo campus of ${DEMO_STUDENTS} students …`);
      await loadDemo(context, { students: DEMO_STUDENTS, seed: DEMO_SEED, from: thisMonday(config) });
    }
    if (isEmbedded && !places.identity) {
      const provider = await startDemoSignIn(config, context);
      parts.push(provider);
      places = { ...places, identity: provider.identity };
      noteRunning(config, { ...embedded.places, identity: provider.identity });
    }
    const processes = await connectProcesses(context, places, log);
    parts.push(processes);
    parts.push(await runWorkers(config, places, context, processes, log));
    const api = await runApi(config, places, context, processes, log, port);
    parts.push(api);
    if (config.telegram) {
      const bot = createTelegramBot({ ...config.telegram, context, log });
      await bot.start();
      parts.push(bot);
      say('start', 'the Telegram bot runs');
    }
    say('start', `API          ${api.url}/openapi.json`);
    if (places.identity) say('start', `sign-in      ${new URL('/auth/sign-in', places.publicUrl).href}`);
    if (!places.smtpUrl) say('start', 'SMTP_URL is not set: nobody is told by e-mail');
    if (places.temporalUi) say('start', `Temporal UI  ${places.temporalUi}`);
    say('start', `log          ${logFile}`);
    if (showsDemo) {
      const admin = (await personByEmail(context, 'admin@campus.example'))!;
      const tokens = createTokens(places.tokenSecret, context.now);
      const tokenOf = (userId: number) => tokens.mint(userId, { ttlSeconds: 60 });
      parts.push(startAccount(context, say), startLecturer(context, api.url, tokenOf, say), holdClass(context, { apiUrl: api.url, tokenOf, say }));
      say('start', `an admin's token for the API: npm run --silent beadle -- token ${admin.email}`);
      const term = await context.db.knex('terms').orderBy('id').first('academic_year', 'semester');
      say('start', `a timetable: npm run --silent beadle -- timetable generate --year ${term.academic_year} --semester ${term.semester} --seconds 10 --as ${admin.email}`);
      if (embedded.imap) {
        const scene = playScene(context, { imap: embedded.imap, sweep: processes.sweep, say });
        parts.push(scene);
        const student = (await personByEmail(context, (await scene.student).email))!;
        say('start', `calendar feed of a student who is hit: ${(await feedAddress(context, student)).url}`);
      } else {
        say('start', `to read a mailbox on ${config.imap.host}: npm run --silent beadle -- mailbox STUDENT --username NAME`);
      }
    }
  } catch (error) {
    for (const part of parts.toReversed()) await part.stop();
    throw error;
  }
  endsWhileStarting.noMore();
  await runUntilStopped(parts, () => say('stop', 'stopping; a second start goes on where this one was'));
  forgetRunning(config);
}

/** A sign-in that asks for nothing but the address of one of the demo's people; on the loopback address, like the database that it belongs to. */
async function startDemoSignIn(config: Config, context: ServiceContext): Promise<Running & { identity: Places['identity'] }> {
  const { issuer, clientId, clientSecret, stop } = await startIdentityProvider({
    port: config.signIn.embeddedPort,
    redirectUri: new URL('/auth/callback', context.publicUrl).href,
    findPerson: (email) => personByEmail(context, email),
    suggestions: SUGGESTED,
  });
  return { identity: { issuer, jwksUrl: undefined, clientIds: [clientId], clientSecret }, stop };
}

/** While servers come up there is nothing to drain: a signal ends this process by way of its exit handlers, which end them. */
function endOnSignals(): { noMore: () => void } {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const end = (): void => process.exit(130);
  for (const signal of signals) process.on(signal, end);
  return { noMore: () => signals.forEach((signal) => process.off(signal, end)) };
}

function say(label: string, line: string): void {
  const time = new Date().toLocaleTimeString('en-GB');
  process.stdout.write(`${time}  ${label.padEnd(9)} ${line}\n`);
}
