// Brings a database to the schema of this version, or back.
import type { Knex } from 'knex';
import * as organisation from './migrations/01-organisation.ts';
import * as people from './migrations/02-people.ts';
import * as curriculum from './migrations/03-curriculum.ts';
import * as roomsAndWeeks from './migrations/04-rooms-and-weeks.ts';
import * as sessions from './migrations/05-sessions.ts';
import * as claims from './migrations/06-claims.ts';
import * as mail from './migrations/07-mail.ts';
import * as interviews from './migrations/08-interviews.ts';
import * as rescheduling from './migrations/09-rescheduling.ts';
import * as intents from './migrations/10-intents.ts';
import * as notices from './migrations/11-notices.ts';
import * as doors from './migrations/12-doors.ts';
import * as audit from './migrations/13-audit.ts';
import * as attendance from './migrations/14-attendance.ts';
import * as signIn from './migrations/15-sign-in.ts';
import * as pushAndBroadcasts from './migrations/16-push-and-broadcasts.ts';
import * as studentLeave from './migrations/17-student-leave.ts';
import * as timetables from './migrations/18-timetables.ts';

const migrations: Record<string, Knex.Migration> = {
  '01-organisation': organisation,
  '02-people': people,
  '03-curriculum': curriculum,
  '04-rooms-and-weeks': roomsAndWeeks,
  '05-sessions': sessions,
  '06-claims': claims,
  '07-mail': mail,
  '08-interviews': interviews,
  '09-rescheduling': rescheduling,
  '10-intents': intents,
  '11-notices': notices,
  '12-doors': doors,
  '13-audit': audit,
  '14-attendance': attendance,
  '15-sign-in': signIn,
  '16-push-and-broadcasts': pushAndBroadcasts,
  '17-student-leave': studentLeave,
  '18-timetables': timetables,
};

const settings: Knex.MigratorConfig = {
  migrationSource: {
    getMigrations: () => Promise.resolve(Object.keys(migrations)),
    getMigrationName: (name: string) => name,
    getMigration: (name: string) => Promise.resolve(migrations[name]!),
  },
  // DDL commits by itself on MySQL; a migration that stopped half-way runs again instead (each checks what is there).
  disableTransactions: true,
};

const LOCK_WAIT_SECONDS = 120;

/**
 * Applies what is missing; of several who do at once, one after the other. A migration that was killed is begun anew.
 * @returns the names of the migrations that it ran
 */
export async function migrate(knex: Knex): Promise<string[]> {
  // Of the connection: however it ends, the server gives the lock free.
  const connection: unknown = await knex.client.acquireConnection();
  const lock = (call: string) => knex.raw(`select ${call} as done`).connection(connection);
  try {
    const [[{ done }]] = await lock(`get_lock(concat('beadle ', md5(database())), ${LOCK_WAIT_SECONDS})`);
    if (done !== 1) throw new Error('another process has been migrating this database for two minutes: wait for it, or end it');
    // knex's own lock is a row: who was killed while migrating has left it taken.
    await knex.migrate.forceFreeMigrationsLock(settings);
    const [, ran] = (await knex.migrate.latest(settings)) as [number, string[]];
    return ran;
  } finally {
    await lock("release_lock(concat('beadle ', md5(database())))");
    await knex.client.releaseConnection(connection);
  }
}

/** Takes every migration back: drops all tables. */
export async function migrateDown(knex: Knex): Promise<void> {
  await knex.migrate.rollback(settings, true);
}
