// A class in the demo: its lecturer opens it, sixty simulated students mark themselves over REST, a few of them cheating, the lecturer
// completes it. All of it by the doors that everybody uses.
import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import type { ServiceContext } from '../../services/context.ts';
import type { Running } from '../assemble.ts';
import type { Say } from './account.ts';

const MINUTES = 50;
const STEP_SECONDS = 6;
/** Between two students. */
const PACE_MS = 300;
const LOOK_MS = 2_000;
const CLASSES_TRIED = 12;
/** Students at the end of the class's list, and what they do. */
const ABSENT = 6;
const BORROWING = 2;
const GUESSING = 1;
const FORWARDED = 1;

export interface ClassDependencies {
  apiUrl: string;
  /** Mints a token for a user. */
  tokenOf: (userId: number) => Promise<string>;
  say: Say;
}

interface Taught {
  assignmentId: number;
  sectionId: number;
  subjectId: number;
  userId: number;
  subject: string;
  /** The lecturer's. */
  email: string;
}

interface Answer {
  status: number;
  body: { otp?: string; schedule_id?: number; status?: string; summary?: Record<string, number>; error?: { code: string; message: string }; students?: { flags: { kind: string }[] }[] };
}

/** Holds one class; stopping leaves out what has not happened yet. */
export function holdClass(context: ServiceContext, dependencies: ClassDependencies): Running {
  const stopped = new AbortController();
  const held = hold(context, dependencies, stopped.signal).catch((error: unknown) => {
    if (!stopped.signal.aborted) dependencies.say('class', `ended early: ${error instanceof Error ? error.message : String(error)}`);
  });
  return {
    async stop() {
      stopped.abort();
      await held;
    },
  };
}

async function hold(context: ServiceContext, { apiUrl, tokenOf, say }: ClassDependencies, signal: AbortSignal): Promise<void> {
  const ask = async (userId: number, method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await fetch(`${apiUrl}${path}`, {
      method, signal, headers: { authorization: `Bearer ${await tokenOf(userId)}`, 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  };
  const begun = await addClass(context, ask);
  if (!begun) return say('class', 'no class could be added now');
  const { sessionId, taught } = begun;
  const opened = await ask(taught.userId, 'POST', '/api/faculty/generate-otp', { session_id: sessionId, step_seconds: STEP_SECONDS });
  if (opened.status !== 200) throw new Error(opened.body.error?.message);
  say('class', `${taught.subject}: the lecturer opens session ${sessionId}; a new code every ${STEP_SECONDS} s, on the projector and as a QR code`);
  say('class', `projector: ${new URL(`/projector?session=${sessionId}`, context.publicUrl).href} (sign in as ${taught.email})`);

  const students: { user_id: number; student_id: string }[] = await context.db.knex('student_subject as e').join('students as s', 's.id', 'e.student_id')
    .where({ 'e.section_id': taught.sectionId, 'e.subject_id': taught.subjectId }).whereNull('e.valid_to').orderBy('s.id').select('s.user_id', 's.student_id');
  const honest = students.slice(0, -(ABSENT + BORROWING + GUESSING + FORWARDED));
  const [guesser, forwarded, ...borrowing] = students.slice(honest.length, students.length - ABSENT);
  let seen = { code: '', at: -Infinity };
  /** What the students see: the projector, looked at every other second. */
  const shown = async (): Promise<string> => {
    if (performance.now() - seen.at > LOOK_MS) {
      seen = { code: (await ask(taught.userId, 'GET', `/api/attendance/session/${sessionId}/code`)).body.otp ?? '', at: performance.now() };
    }
    return seen.code;
  };
  const mark = (userId: number, code: string, device: string) => ask(userId, 'POST', '/api/student/mark-attendance', { code, device_id: `demo-phone-of-${device}` });
  const first = await shown();

  let marked = 0;
  for (const { user_id: userId, student_id: number } of honest) {
    const { status } = await mark(userId, await shown(), number);
    if (status === 201) marked += 1;
    await sleep(PACE_MS, undefined, { signal });
  }
  say('class', `${marked} of ${students.length} students marked themselves`);
  const cheat = async (who: string, { user_id: userId, student_id: number }: (typeof students)[number], code: string, device = number) => {
    const { status, body } = await mark(userId, code, device);
    say('class', `${who}: HTTP ${status} ${body.error?.code ?? body.status}`);
  };
  for (const student of borrowing) await cheat('one comes with the phone of another', student, await shown(), honest[0]!.student_id);
  await cheat('one was sent a code that is no longer shown', forwarded!, first);
  for (let tries = 0; tries < 6; tries += 1) await cheat('one guesses', guesser!, '000000');

  await sleep(PACE_MS * 5, undefined, { signal });
  const completed = await ask(taught.userId, 'POST', '/api/faculty/complete-session', { session_id: sessionId, topic_discussed: 'Who is here' });
  const summary = Object.entries(completed.body.summary ?? {}).map(([status, count]) => `${count} ${status}`).join(', ');
  say('class', `the lecturer completes the session: ${summary}; who is too low now is warned`);
  const roll = await ask(taught.userId, 'GET', `/api/attendance/session/${sessionId}`);
  const flags = (roll.body.students ?? []).flatMap((student) => student.flags).map(({ kind }) => kind);
  say('class', `flagged for the lecturer to judge: ${flags.length === 0 ? 'nothing' : flags.join(', ')}`);
}

/** Adds a class that begins within five minutes, of the first lecturer who is free, in the first room that is. */
async function addClass(
  context: ServiceContext, ask: (userId: number, method: string, path: string, body: object) => Promise<Answer>,
): Promise<{ sessionId: number; taught: Taught } | null> {
  const { knex } = context.db;
  const zone = context.campus.timeZone;
  const start = DateTime.fromMillis(Math.ceil(context.now().toMillis() / 300_000) * 300_000, { zone });
  const times = { date: start.toISODate()!, start_time: start.toFormat('HH:mm'), end_time: start.plus({ minutes: MINUTES }).toFormat('HH:mm') };
  const taught: Taught[] = await knex('faculty_assignment as a').join('faculty as f', 'f.id', 'a.faculty_id').join('subjects as b', 'b.id', 'a.subject_id')
    .join('users as u', 'u.id', 'f.user_id').where('b.subject_type', 'theory').andWhere('a.section_id', '>', 1).orderBy('a.section_id').orderBy('a.id').limit(CLASSES_TRIED)
    .select({ assignmentId: 'a.id', sectionId: 'a.section_id', subjectId: 'a.subject_id', userId: 'f.user_id', email: 'u.email' })
    .select<Taught[]>(knex.raw("concat(b.subject_code, ' ', b.subject_name) as subject"));
  const rooms: string[] = await knex('rooms').where({ kind: 'theory' }).orderBy('id').limit(taught.length).pluck('name');
  for (const [index, one] of taught.entries()) {
    const { status, body } = await ask(one.userId, 'POST', '/api/faculty/schedule/create', { assignment_id: one.assignmentId, venue: rooms[index], ...times });
    if (status === 201) return { sessionId: body.schedule_id!, taught: one };
  }
  return null;
}
