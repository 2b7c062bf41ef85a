// Plays a planned month on a virtual clock: whatever comes next happens, its consequences follow, progress is written down. Killed
// at any moment it goes on from there: all that happens is safe to happen again.
import { DateTime } from 'luxon';
import { finishIntents, type Intent } from '../../db/repositories/intents.ts';
import { Refusal } from '../../domain/refusal.ts';
import { cancelClass } from '../../services/classes.ts';
import { withdrawConsent } from '../../services/consent.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { decide } from '../../services/deciding.ts';
import { settleDoubt } from '../../services/doubts.ts';
import { takeLeave } from '../../services/faculty-leave.ts';
import { personById } from '../../services/links.ts';
import { answerInterview, correctInterview, deleteInterview } from '../../services/reviewing.ts';
import { createDelivery } from './mailboxes.ts';
import { type Answer, ANSWERED_KINDS, answerTo } from './people.ts';
import { playProcesses, type Timer } from './processes.ts';
import type { Happening } from './scene.ts';

/** How far a month has come. */
export interface Progress {
  /** The virtual clock, ISO 8601. */
  clock: string;
  /** How many of the planned happenings are over. */
  happened: number;
  /** The last message that people have seen. */
  noticeId: number;
  timers: Timer[];
  answers: Answer[];
}

export interface Clock {
  now(): DateTime;
  moveTo(millis: number): void;
}

/** A clock that stands, and never goes back. */
export function standingClock(at: string): Clock {
  let now = DateTime.fromISO(at, { zone: 'utc' });
  return {
    now: () => now,
    moveTo: (millis) => { now = DateTime.max(now, DateTime.fromMillis(millis, { zone: 'utc' })); },
  };
}

interface Next {
  at: number;
  run: () => Promise<void>;
  /** Notes in `progress` that it has happened. */
  done: () => void;
  /** What may only be forgotten once that is written down. */
  afterwards?: () => Promise<void>;
}

/**
 * Plays from where `progress` stands until nothing comes any more: mails, processes, timers, people's answers, in the order of
 * their times. `progress` is changed in place; `save` is called after each of them.
 */
export async function playMonth(
  context: ServiceContext, clock: Clock, { happenings, seed, progress, save }: { happenings: Happening[]; seed: number; progress: Progress; save: (progress: Progress) => void },
): Promise<void> {
  const processes = playProcesses(context, progress.timers);
  const deliver = createDelivery(context);

  for (;;) {
    const next = await nextOf();
    if (!next) return;
    clock.moveTo(next.at);
    await next.run();
    next.done();
    await noteMessages(context, progress, seed);
    progress.timers = processes.timers();
    progress.clock = clock.now().toISO()!;
    save(progress);
    await next.afterwards?.();
  }

  /** Of several at one moment: what processes are told, then their timers, then people, then the plan. */
  async function nextOf(): Promise<Next | undefined> {
    const [intent, timer, happening] = [await nextIntent(context), processes.nextTimer(), happenings[progress.happened]];
    const answer = progress.answers.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))[0];
    const coming: (Next | undefined)[] = [
      intent && {
        at: intent.dueAt.getTime(), run: () => processes.take(intent), done: () => {},
        afterwards: () => finishIntents(context.db.knex, [intent.id], context.now().toJSDate()),
      },
      timer && { at: timer.at, run: () => processes.timeOut(timer), done: () => {} },
      answer && { at: Date.parse(answer.at), run: () => act(context, answer), done: () => { progress.answers = progress.answers.filter((other) => other !== answer); } },
      happening && {
        at: happening.at.toMillis(), done: () => { progress.happened += 1; },
        run: () => (happening.kind === 'mails' ? deliver(happening.mails, happening.at) : happen(context, happening)),
      },
    ];
    return coming.filter((one) => one !== undefined).reduce<Next | undefined>((first, one) => (first && first.at <= one.at ? first : one), undefined);
  }
}

/** The intent that is due first. Nobody is sent anything: what wakes deliveries is finished at once. */
async function nextIntent(context: ServiceContext): Promise<(Intent & { dueAt: Date }) | undefined> {
  for (;;) {
    const rows = await context.db.knex('intents').whereNull('done_at').orderBy(['due_at', 'id']).limit(20)
      .select({ id: 'id', process: 'process', workflowId: 'workflow_id', message: 'message', payload: 'payload', attempts: 'attempts', dueAt: 'due_at' });
    const wakes = rows.filter(({ process }) => process === 'deliver').map(({ id }) => Number(id));
    if (wakes.length > 0) await finishIntents(context.db.knex, wakes, context.now().toJSDate());
    const next = rows.find(({ process }) => process !== 'deliver');
    if (next) return { ...next, payload: JSON.parse(next.payload) };
    if (rows.length === 0) return undefined;
  }
}

/** Shows people what they were told since, and notes what they will do about it. */
async function noteMessages(context: ServiceContext, progress: Progress, seed: number): Promise<void> {
  const rows = await context.db.knex('notices').where('id', '>', progress.noticeId).whereIn('kind', ANSWERED_KINDS).orderBy('id')
    .select({ id: 'id', userId: 'user_id', kind: 'kind', params: 'params', at: 'created_at' });
  for (const { params, at, ...row } of rows) {
    const answer = answerTo({ ...row, params: JSON.parse(params), at: DateTime.fromJSDate(at) }, { seed, zone: context.campus.timeZone });
    if (answer) progress.answers.push(answer);
    progress.noticeId = row.id;
  }
}

async function act(context: ServiceContext, answer: Answer): Promise<void> {
  await unlessRefused(context, answer.userId, async (person) => {
    if (answer.does === 'decide') {
      const { roundId, choice, optionId } = answer;
      await decide(context, person, roundId, choice === 'accept' ? { choice, optionId: optionId! } : { choice });
    } else if (answer.does === 'call-off') await cancelClass(context, person, answer.sessionId);
    else if (answer.does === 'settle') await settleDoubt(context, person, answer.doubtId, answer.interviewId);
    else if (answer.does === 'set-time') await correctInterview(context, person, answer.interviewId, { start: new Date(answer.start) });
    else if (answer.does === 'delete') await deleteInterview(context, person, answer.interviewId);
    else await answerInterview(context, person, answer.interviewId, answer.does === 'confirm' ? 'yes' : 'no');
  });
}

async function happen(context: ServiceContext, happening: Exclude<Happening, { kind: 'mails' }>): Promise<void> {
  await unlessRefused(context, happening.userId, async (person) => {
    if (happening.kind === 'class-off') await cancelClass(context, person, happening.sessionId);
    else if (happening.kind === 'leave') await takeLeave(context, person, happening);
    else await withdrawConsent(context, person);
  });
}

/** People also ask for what is no longer possible; they are told so, and that is that. @throws Refusal busy, and whatever else breaks */
async function unlessRefused(context: ServiceContext, userId: number, work: (person: Person) => Promise<void>): Promise<void> {
  try {
    await work((await personById(context, userId))!);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'busy') throw error;
  }
}
