// `beadle doctor`: looks at each connection and setting, and says how to mend what is wrong.
import { Command } from 'commander';
import { DateTime } from 'luxon';
import { createIdentityVerifier } from '../../api/sign-in/identity.ts';
import type { Config } from '../../config.ts';
import { openDatabase } from '../../db/connection.ts';
import { connectTemporal } from '../../temporal/connection.ts';
import { findDovecot, findMysql, findTemporal } from '../embedded/find.ts';
import { type Places, placesOf } from '../places.ts';

interface Finding {
  what: string;
  /** Null when all is well. */
  mend: string | null;
  note?: string;
}

export function doctorCommand(config: Config): Command {
  return new Command('doctor')
    .description('check connections and settings; exit code 1 when something has to be mended')
    .action(async () => {
      const findings = await examine(config);
      for (const { what, mend, note } of findings) {
        process.stdout.write(`${mend === null ? 'ok  ' : 'MEND'}  ${what}${note ? ` (${note})` : ''}${mend === null ? '' : `: ${mend}`}\n`);
      }
      if (findings.some((finding) => finding.mend !== null)) process.exitCode = 1;
    });
}

async function examine(config: Config): Promise<Finding[]> {
  const embedded: Finding[] = [
    ...(config.database.url ? [] : [program('MariaDB or MySQL for the embedded database', findMysql()?.server, 'set DATABASE_URL, or run npm run setup')]),
    ...(config.temporal.address ? [] : [program("Temporal's command line for the embedded server", findTemporal(), 'set TEMPORAL_ADDRESS, or run npm run setup')]),
    ...(config.imap.host ? [] : [program('Dovecot for the demo mailboxes', findDovecot(), 'set IMAP_HOST, or run npm run setup')]),
  ];
  let places: Places;
  try {
    places = placesOf(config);
  } catch (error) {
    return [...embedded, { what: 'places', mend: (error as Error).message }];
  }
  return [
    ...embedded,
    await check('database', async () => {
      const db = openDatabase(places.databaseUrl, { poolSize: 1 });
      try {
        const [[row]] = await db.knex.raw('select version() as version');
        return `version ${row.version}`;
      } finally {
        await db.close();
      }
    }, 'is the server up, and is DATABASE_URL right?'),
    await check('Temporal', async () => {
      const client = await connectTemporal(places.temporal);
      try {
        await client.workflowService.describeNamespace({ namespace: places.temporal.namespace });
        return `namespace ${places.temporal.namespace}`;
      } finally {
        await client.connection.close();
      }
    }, 'is the server up, are TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE right?'),
    places.identity
      ? await check('sign-in', async () => (await createIdentityVerifier({ ...places.identity!, mailDomains: [] }, () => DateTime.utc()).discover()).issuer, 'is SIGN_IN_ISSUER right, and can it be reached?')
      : setting('sign-in', false, 'SIGN_IN_CLIENT_IDS is not set: nobody can sign in but with a token of beadle token'),
    setting('language model', config.openai !== undefined, 'OPENAI_API_KEY is not set: calendar parts, markup and rules do the whole work'),
    setting('Telegram', config.telegram !== undefined, 'TELEGRAM_BOT_TOKEN is not set: people are told by e-mail'),
    setting('push messages', config.push !== undefined, 'FIREBASE_SERVICE_ACCOUNT is not set: devices that are registered are told nothing'),
    setting('e-mail', places.smtpUrl !== undefined, 'SMTP_URL is not set: nobody is told by e-mail', 'set SMTP_URL'),
    setting('embedded servers', config.database.url !== undefined, 'in use, with the demo and its sign-in: for trying out, on this machine only'),
  ];
}

function program(what: string, path: string | undefined, mend: string): Finding {
  return path === undefined ? { what, mend } : { what, mend: null, note: path };
}

/** A setting that is missing is worth a word; `mend` only where something doesn't work without it. */
function setting(what: string, isSet: boolean, without: string, mend: string | null = null): Finding {
  return isSet ? { what, mend: null } : { what, mend, note: without };
}

async function check(what: string, look: () => Promise<string>, mend: string): Promise<Finding> {
  try {
    return { what, mend: null, note: await look() };
  } catch (error) {
    return { what, mend, note: error instanceof Error ? error.message : String(error) };
  }
}
