// What happens in the demo: real mails appended over IMAP into the mailboxes of one section, and a sweep after each act.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { DateTime } from 'luxon';
import { sessionsOfStudent, type Session } from '../../db/repositories/sessions.ts';
import { latestRound } from '../../db/repositories/rescheduling.ts';
import { connectMailbox } from '../../services/mailbox-set-up.ts';
import type { ServiceContext } from '../../services/context.ts';
import type { Running } from '../assemble.ts';
import type { Say } from './account.ts';
import { calendarMail, newsletterMail, type Recipient, shortlistMail } from './mails.ts';

const COMPANIES = ['Nightjar Systems', 'Konkan Grid', 'Saffron Analytics', 'Tern Robotics', 'Banyan Health', 'Monsoon Labs'];
const SECTION_SIZE = 60;
const SHORTLISTED = 24;
/** Between the acts, so that one can follow: the second waits for the first to be decided. */
const PAUSE_MS = 45_000;

interface Student extends Recipient {
  id: number;
  userId: number;
  rollNumber: string;
}

export interface SceneDependencies {
  imap: { host: string; port: number; password: string };
  sweep: () => Promise<void>;
  say: Say;
}

export interface Scene extends Running {
  /** The student whose calendar is worth a look. */
  student: Promise<Recipient>;
}

/** Plays the scene once; stopping it leaves out what has not happened yet. */
export function playScene(context: ServiceContext, dependencies: SceneDependencies): Scene {
  const stopped = new AbortController();
  const students = sectionOf(context);
  const playing = students
    .then((section) => play(context, dependencies, section, stopped.signal))
    .catch((error: unknown) => {
      if (!stopped.signal.aborted) dependencies.say('demo', `ended early: ${error instanceof Error ? error.message : String(error)}`);
    });
  return {
    student: students.then((section) => section[0]!),
    async stop() {
      stopped.abort();
      await playing;
    },
  };
}

async function play(context: ServiceContext, dependencies: SceneDependencies, section: Student[], signal: AbortSignal): Promise<void> {
  const { say, sweep } = dependencies;
  const [first, second] = [section.at(-1)!, section.at(-2)!];
  const session = await nextSession(context, section[0]!);
  if (!session) return say('demo', 'the demo term is over; delete the state folder (.beadle) for a new campus');
  await connectAll(context, dependencies, section);
  const company = (offset: number) => COMPANIES[(session.id + offset) % COMPANIES.length]!;
  const start = DateTime.fromJSDate(session.startsAt, { zone: context.campus.timeZone });
  const evening = start.set({ hour: 18, minute: 0 });
  const invitation = (to: Student, offset: number, at: DateTime, sequence = 0, method: 'REQUEST' | 'CANCEL' = 'REQUEST') =>
    ({ to, raw: calendarMail(to, { uid: `${session.id}-${offset}@demo`, sequence, method, company: company(offset), start: at }, context.now()) });
  const messageId = `<${randomUUID()}@campus.example>`;
  const drive = { company: company(0), start, rollNumbers: section.slice(0, SHORTLISTED).map((student) => student.rollNumber), messageId };

  await append(dependencies, [
    ...section.map((to) => ({ to, raw: shortlistMail(to, drive, context.now()) })),
    ...section.map((to) => ({ to, raw: newsletterMail(to, context.now()) })),
    invitation(first, 1, start), invitation(second, 2, evening),
  ]);
  say('mail', `appended over IMAP to ${section.length} mailboxes: a shortlist of ${SHORTLISTED} for ${company(0)}, two calendar invitations, a newsletter`);
  await sweep();
  await sleep(PAUSE_MS, undefined, { signal });

  await append(dependencies, [invitation(first, 1, start.plus({ days: 1, hours: 9 }), 1), invitation(second, 2, evening, 1, 'CANCEL')]);
  say('mail', `appended: ${company(1)} moves its interview, ${company(2)} calls its own off`);
  await sweep();
}

/** The students of the first section. */
async function sectionOf(context: ServiceContext): Promise<Student[]> {
  return context.db.knex('students as s')
    .join('users as u', 'u.id', 's.user_id')
    .where('s.section_id', 1)
    .orderBy('s.id')
    .limit(SECTION_SIZE)
    .select({ id: 's.id', userId: 'u.id', rollNumber: 's.roll_number', name: 'u.name', email: 'u.email' });
}

/** A class from the day after tomorrow on that nobody has been excused from yet. */
async function nextSession(context: ServiceContext, student: Student): Promise<Session | undefined> {
  const from = context.now().plus({ days: 1 }).setZone(context.campus.timeZone).endOf('day');
  for (const session of await sessionsOfStudent(context.db.knex, student.id, from.toJSDate(), from.plus({ days: 21 }).toJSDate())) {
    if (session.subjectType === 'theory' && !(await latestRound(context.db.knex, session.id))) return session;
  }
  return undefined;
}

async function connectAll(context: ServiceContext, { imap }: SceneDependencies, section: Student[]): Promise<void> {
  await context.db.transaction(async (trx) => {
    for (const student of section) {
      await connectMailbox(trx, context, { id: student.id, userId: student.userId }, {
        host: imap.host, port: imap.port, security: 'none', username: student.email, auth: 'password', secret: imap.password,
      });
    }
  });
}

async function append({ imap }: SceneDependencies, mails: { to: Recipient; raw: Buffer }[]): Promise<void> {
  for (const [email, own] of Map.groupBy(mails, (mail) => mail.to.email)) {
    const client = new ImapFlow({ host: imap.host, port: imap.port, secure: false, auth: { user: email, pass: imap.password }, logger: false });
    await client.connect();
    for (const { raw } of own) await client.append('INBOX', raw);
    await client.logout();
  }
}
