// Commands on the records: migrate, demo-data, token, link-code, mailbox, sweep.
import { ScheduleNotFoundError } from '@temporalio/client';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DateTime } from 'luxon';
import { createTokens } from '../../api/tokens.ts';
import type { Config } from '../../config.ts';
import { migrate } from '../../db/migrate.ts';
import { demoCampus } from '../../db/seeds/demo-campus.ts';
import { loadDemoCampus } from '../../db/seeds/load-demo-campus.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { makeLinkCode, personByEmail } from '../../services/links.ts';
import { connectMailbox } from '../../services/mailbox-set-up.ts';
import { connectProcesses, createLog, openContext } from '../assemble.ts';
import { type Places, placesOf } from '../places.ts';

const DEMO_WEEKS = 4;

export function addRecords(program: Command, config: Config): void {
  program.command('migrate')
    .description('bring the database to the schema of this version')
    .action(() => withContext(config, async (context) => {
      const ran = await migrate(context.db.knex);
      print(ran.length === 0 ? 'The schema is up to date.' : `Applied: ${ran.join(', ')}`);
    }));

  program.command('demo-data')
    .description('load a demo campus into an empty database')
    .option('--students <n>', 'how many students', wholeNumber, 4000)
    .option('--seed <n>', 'the same seed gives the same campus', wholeNumber, 7)
    .option('--from <date>', "a Monday; default this week's", monday)
    .action((options: { students: number; seed: number; from?: string }) => withContext(config, async (context) => {
      await loadDemo(context, { ...options, from: options.from ?? thisMonday(config) });
      print(`Loaded ${options.students} students from ${options.from ?? thisMonday(config)} on.`);
    }));

  program.command('token')
    .description('mint a token for the REST API')
    .argument('<user>', 'the e-mail address of a user')
    .action((email: string) => withContext(config, async (context, places) => {
      const user = await userOf(context, email);
      print(await createTokens(places.tokenSecret, context.now).mint(user.userId));
    }));

  program.command('link-code')
    .description('make a one-time code that links a chat to a user')
    .argument('<user>', 'the e-mail address of a user')
    .action((email: string) => withContext(config, async (context) => {
      print((await makeLinkCode(context, await userOf(context, email))).code);
    }));

  program.command('mailbox')
    .description("connect a consenting student's mailbox; the password (or refresh token) is read from standard input")
    .argument('<student>', "the student's e-mail address")
    .requiredOption('--username <name>', 'the name to log in with')
    .option('--host <host>', 'IMAP server', config.imap.host)
    .option('--port <port>', 'its port', wholeNumber, config.imap.host === undefined ? 993 : config.imap.port)
    .addOption(new Option('--security <security>').choices(['tls', 'starttls', 'none']).default(config.imap.security))
    .addOption(new Option('--auth <auth>', 'password, or oauth2 with a refresh token').choices(['password', 'oauth2']).default('password'))
    .action((email: string, way: MailboxOptions) => withContext(config, async (context) => {
      const { studentId, userId } = await userOf(context, email);
      if (studentId === null) throw new Error(`${email} is no student`);
      const { host } = way;
      if (!host) throw new Error('--host: name the IMAP server, or set IMAP_HOST');
      const secret = (await readStandardInput()).trim();
      if (!secret) throw new Error('no password on standard input');
      await context.db.transaction((trx) => connectMailbox(trx, context, { id: studentId, userId }, { ...way, host, secret }));
      print(`Connected the mailbox of ${email}.`);
    }));

  program.command('sweep')
    .description('read the mailboxes now')
    .action(() => withContext(config, async (context, places) => {
      const processes = await connectProcesses(context, places, createLog(config));
      try {
        await processes.sweep();
      } catch (error) {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
        throw new Error('nothing sweeps yet: run a worker first, which sets the sweeps up', { cause: error });
      } finally {
        await processes.stop();
      }
      print('A sweep is on its way; its counts are in the Temporal UI.');
    }));
}

interface MailboxOptions {
  username: string;
  host: string | undefined;
  port: number;
  security: 'tls' | 'starttls' | 'none';
  auth: 'password' | 'oauth2';
}

export async function withContext(config: Config, work: (context: ServiceContext, places: Places) => Promise<void>): Promise<void> {
  const places = placesOf(config);
  const context = openContext(config, places);
  try {
    await work(context, places);
  } finally {
    await context.db.close();
  }
}

/** @throws Error when the database holds a campus already */
export async function loadDemo(context: ServiceContext, options: { students: number; seed: number; from: string }): Promise<void> {
  const held = await context.db.knex('organisations').first('id');
  if (held) throw new Error('the database holds a campus already; demo data goes into an empty one');
  const campus = demoCampus({ ...options, weeks: DEMO_WEEKS, timeZone: context.campus.timeZone });
  await context.db.transaction((trx) => loadDemoCampus(trx, campus));
}

export function thisMonday(config: Config): string {
  return DateTime.now().setZone(config.campus.timeZone).startOf('week').toISODate()!;
}

export async function userOf(context: ServiceContext, email: string): Promise<Person> {
  const user = await personByEmail(context, email);
  if (!user) throw new Error(`no active user has the address ${email}`);
  return user;
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('it must be a whole number.');
  return Number(text);
}

export function monday(text: string): string {
  if (DateTime.fromISO(text).weekday !== 1 || text.length !== 10) throw new InvalidArgumentError('it must be a Monday, as YYYY-MM-DD.');
  return text;
}

async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
