// A simulation from an empty database to its figures.
import { randomBytes } from 'node:crypto';
import type { Config } from '../../config.ts';
import { openDatabase } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { demoCampus } from '../../db/seeds/demo-campus.ts';
import type { DemoCampus } from '../../db/seeds/demo-rows.ts';
import { loadDemoCampus } from '../../db/seeds/load-demo-campus.ts';
import type { ServiceContext } from '../../services/context.ts';
import { createSecretBox } from '../../services/secret-box.ts';
import { type Figures, figuresOf } from './figures.ts';
import { insertMailboxes } from './mailboxes.ts';
import { type Clock, playMonth, type Progress, standingClock } from './month.ts';
import { planMonth } from './scenario.ts';
import { CAMPUS_WEEKS } from './scene.ts';
import { keepProgress, keptProgress, type SimulationOptions } from './state.ts';

const POOL_SIZE = 8;

/**
 * Plays a placement month on a demo campus in a database, on a virtual clock, with the processes' timers played instead of
 * Temporal's; goes on where a simulation that was killed had come to.
 * @param folder where progress is kept
 * @throws Error when folder or database hold something else
 */
export async function simulate(
  config: Pick<Config, 'campus' | 'rules'>, options: SimulationOptions, { databaseUrl, folder, say }: { databaseUrl: string; folder: string; say: (line: string) => void },
): Promise<Figures> {
  const campus = demoCampus({ students: options.students, seed: options.seed, from: options.from, weeks: CAMPUS_WEEKS, timeZone: config.campus.timeZone });
  const scenario = planMonth(campus, options);
  const beginning = scenario.happenings[0]!.at.startOf('week').toUTC().toISO()!;
  const kept = keptProgress(folder, options);
  const progress: Progress = kept ?? { clock: beginning, happened: 0, noticeId: 0, timers: [], answers: [] };
  const clock = standingClock(progress.clock);
  const context = contextOf(config, databaseUrl, clock);
  try {
    await migrate(context.db.knex);
    await prepare(context, campus, kept !== undefined);
    keepProgress(folder, options, progress);
    let day = '';
    await playMonth(context, clock, {
      happenings: scenario.happenings, seed: options.seed, progress,
      save: (now) => {
        keepProgress(folder, options, now);
        const today = clock.now().setZone(config.campus.timeZone).toISODate()!;
        if (today !== day) say(today);
        day = today;
      },
    });
    return await figuresOf(context.db.knex, config.rules, scenario, options);
  } finally {
    await context.db.close();
  }
}

function contextOf({ campus, rules }: Pick<Config, 'campus' | 'rules'>, databaseUrl: string, clock: Clock): ServiceContext {
  const secrets = createSecretBox(`simulation:${randomBytes(32).toString('base64')}`, randomBytes(32).toString('base64'));
  return { db: openDatabase(databaseUrl, { poolSize: POOL_SIZE }), now: clock.now, campus, rules, secrets, publicUrl: 'http://127.0.0.1' };
}

/**
 * The campus with a mailbox for every student. So that all remedies have their turn, the policy decides in every second department
 * where nobody answers, and every third one moves a class rather than making it up for fewer than 40.
 */
async function prepare(context: ServiceContext, campus: DemoCampus, hasBegun: boolean): Promise<void> {
  const { knex } = context.db;
  const isThere = (await knex('organisations').first('id')) !== undefined;
  if (hasBegun && !isThere) throw new Error('the simulation that the folder tells of is not in this database: name its database, or delete the folder');
  if (hasBegun) return;
  // One that was killed right after it had made its campus.
  const isFresh = Number((await knex('mailboxes').count({ count: '*' }).first())!.count) === campus.students.length && !(await knex('mail_seen').first('id'));
  if (isThere && !isFresh) throw new Error('the database holds something else already; a simulation needs an empty one');
  if (isThere) return;
  await context.db.transaction(async (trx) => {
    await loadDemoCampus(trx, campus);
    await insertMailboxes(trx, context, campus.students.map(({ id }) => id));
    await trx('departments').whereRaw('id % 2 = 1').update({ decision_policy: 'automatic' });
    await trx('departments').whereRaw('id % 3 = 2').update({ makeup_min_students: 40 });
  });
}
