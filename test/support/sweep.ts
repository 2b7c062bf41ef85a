// A sweep's activities run one after another as the workflow calls them, without a workflow; and mailboxes to sweep.
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { DateTime } from 'luxon';
import { createMailboxActivities, type MailboxSettings } from '../../activities/mailboxes.ts';
import type { MailboxSetUp } from '../../services/mailbox-set-up.ts';
import { connectMailbox } from '../../services/mailbox-set-up.ts';
import type { ServiceContext } from '../../services/context.ts';
import { mailSettings } from './beadle.ts';
import { type MailboxLogin, newMailbox } from './imap.ts';

export interface TestStudent {
  id: number;
  userId: number;
  name: string;
  email: string;
  rollNumber: string;
  login: MailboxLogin;
  mailboxId: number;
}

/** Connects the mailboxes of `count` students who have none yet. `way` says how each is reached, where not plainly. */
export async function studentsWithMailboxes(context: ServiceContext, count: number, way: Partial<MailboxSetUp> = {}): Promise<TestStudent[]> {
  const { db } = context;
  const free: Omit<TestStudent, 'login' | 'mailboxId'>[] = await db.knex('students as s')
    .join('users as u', 'u.id', 's.user_id').leftJoin('mailboxes as m', 'm.student_id', 's.id').whereNull('m.id').orderBy('s.id').limit(count)
    .select({ id: 's.id', userId: 's.user_id', name: 'u.name', email: 'u.email', rollNumber: 's.roll_number' });
  if (free.length < count) throw new Error('too few students without a mailbox');
  return Promise.all(free.map(async (student) => {
    const login = newMailbox(`student${student.id}`);
    await db.transaction((trx) => connectMailbox(trx, context, { id: student.id, userId: student.userId }, {
      host: login.host, port: login.port, security: 'none', username: login.user, auth: 'password', secret: login.password, ...way,
    }));
    const { id: mailboxId } = await db.knex('mailboxes').where({ student_id: student.id }).first('id');
    return { ...student, login, mailboxId };
  }));
}

export interface SweepResult { mailboxes: number; failing: number; messages: number; candidates: number; interviews: number }

let activityIds = 0;

/** What an activity of this id is run in. */
export function activityEnvironment(activityId: string): MockActivityEnvironment {
  return new MockActivityEnvironment({ activityId }, { logger: new DefaultLogger('ERROR') });
}

/** Runs one activity with a context of its own. */
export function inActivity<A extends unknown[], R>(work: (...args: A) => Promise<R>, ...args: A): Promise<R> {
  return activityEnvironment(String((activityIds += 1))).run(work, ...args);
}

/** Counts, then reads until nobody has new mail: what the workflow does. */
export async function sweepOnce(context: ServiceContext, overrides: Partial<MailboxSettings> = {}): Promise<SweepResult> {
  const activities = createMailboxActivities(context, { ...mailSettings, ...overrides });
  const total: SweepResult = { mailboxes: 0, failing: 0, messages: 0, candidates: 0, interviews: 0 };
  const add = (counts: Partial<SweepResult>) => {
    for (const key of Object.keys(total) as (keyof SweepResult)[]) total[key] += counts[key] ?? 0;
  };
  let after = 0;
  for (const upTo of await inActivity(activities.planSweep)) {
    add(await inActivity(activities.countNewMail, after, upTo));
    after = upTo;
  }
  for (let more = true; more; ) {
    const { more: next, ...counts } = await inActivity(activities.readMailboxes);
    add(counts);
    more = next;
  }
  return total;
}

/** A clock that goes with the real one and can be put forward. */
export function movableClock(now: () => DateTime): { now: () => DateTime; forward(minutes: number): void } {
  let minutes = 0;
  return { now: () => now().plus({ minutes }), forward: (by) => { minutes += by; } };
}
