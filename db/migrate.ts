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

/** Applies what is missing. @returns the names of the migrations that it ran */
export async function migrate(knex: Knex): Promise<string[]> {
  const [, ran] = (await knex.migrate.latest(settings)) as [number, string[]];
  return ran;
}

/** Takes every migration back: drops all tables. */
export async function migrateDown(knex: Knex): Promise<void> {
  await knex.migrate.rollback(settings, true);
}
