// Simulated months in tests: run in this process on a database of their own, checked, and compared without the ids that rows have.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import type { Figures } from '../../bin/simulation/figures.ts';
import { simulate } from '../../bin/simulation/simulate.ts';
import type { SimulationOptions } from '../../bin/simulation/state.ts';
import { readConfig } from '../../config.ts';
import { type Database, openDatabase } from '../../db/connection.ts';
import { feedAddress, feedByToken } from '../../services/calendars.ts';
import { personById } from '../../services/links.ts';
import type { CheckedCampus } from './campus-checker.ts';
import { testContext } from './context.ts';
import { createTestDatabase } from './database.ts';
import { testServers } from './servers.ts';

const { rules, campus } = readConfig({});

export interface Simulated {
  db: Database;
  figures: Figures;
  drop(): Promise<void>;
}

/** Plays a month to its end. */
export async function simulatedMonth(options: SimulationOptions): Promise<Simulated> {
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(testServers().stateDir, 'simulated-'));
  const figures = await simulate({ rules, campus }, options, { databaseUrl: database.url, folder, say: () => {} });
  const db = openDatabase(database.url);
  return {
    db, figures,
    async drop() {
      await db.close();
      await database.drop();
    },
  };
}

/** What the checker needs to look at a month that is over, with the feeds of some who went elsewhere and of some who teach. */
export async function overAt(db: Database, day: string): Promise<CheckedCampus & Required<Pick<CheckedCampus, 'feeds'>>> {
  const context = testContext(db, { now: `${day}T00:00:00Z`, rules });
  const students: number[] = await db.knex('replacements as p').join('students as s', 's.id', 'p.student_id').distinct('s.user_id').orderBy('s.user_id').limit(6).pluck('s.user_id');
  const invited: number[] = await db.knex('student_company_drive as i').join('students as s', 's.id', 'i.student_id').distinct('s.user_id').orderBy('s.user_id', 'desc').limit(4).pluck('s.user_id');
  const faculty: number[] = await db.knex('faculty').orderBy('id').limit(4).pluck('user_id');
  return {
    now: context.now().toJSDate(), rules: context.rules,
    feeds: {
      userIds: [...students, ...invited, ...faculty],
      async feedOf(userId) {
        const { url } = await feedAddress(context, (await personById(context, userId))!);
        return feedByToken(context, /\/feeds\/(.+)\.ics$/.exec(url)![1]!);
      },
    },
  };
}

/** What became of every interview and every class that was hit, and what everybody was told when. */
export async function outcomesOf(knex: Knex): Promise<{ interviews: unknown[]; classes: unknown[]; told: unknown[] }> {
  const section = "concat(a.section_id, ' ', a.subject_id)";
  return {
    interviews: await knex('student_company_drive').orderBy(['student_id', 'company_key', 'date', 'starts_at', 'created_at'])
      .select('student_id', 'company_key', 'date', 'starts_at', 'ends_at', 'status', 'updated_at'),
    classes: await knex('attendance as t')
      .join('schedule as s', 's.id', 't.session_id').join('faculty_assignment as a', 'a.id', 's.assignment_id')
      .leftJoin('replacements as p', (join) => join.on('p.student_id', 't.student_id').andOn('p.instead_of_id', 's.id')).leftJoin('schedule as o', 'o.id', 'p.session_id')
      .orderBy(['t.student_id', 's.starts_at', 's.kind'])
      .select('t.student_id', 't.status', 's.kind', 's.starts_at', { placeKind: 'o.kind', placeAt: 'o.starts_at', placeRoom: 'o.room_id' }, knex.raw(`${section} as course`)),
    told: await knex('notices').orderBy(['created_at', 'user_id', 'kind']).groupBy('created_at', 'user_id', 'kind').select('created_at', 'user_id', 'kind', knex.raw('count(*) as times')),
  };
}
