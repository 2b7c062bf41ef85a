// The running account of `npm start`: what was found and done, a line each, once it has settled.
import { DateTime } from 'luxon';
import { deliveriesSince, interviewsChangedSince, mailsSeenSince, roundsChangedSince } from '../../db/repositories/account.ts';
import type { ServiceContext } from '../../services/context.ts';
import type { Running } from '../assemble.ts';

const LOOK_EVERY_MS = 500;

export type Say = (label: string, line: string) => void;

/** Begins the account. It reads rows; it changes nothing. */
export function startAccount(context: ServiceContext, say: Say): Running {
  const since = context.now().toJSDate();
  const said = new Set<string>();
  let before = new Map<string, string>();

  async function look(): Promise<void> {
    const now = new Map((await linesSince(context, since)).map(({ label, line }) => [`${label} ${line}`, label]));
    for (const [line, label] of now) {
      // What still changes (a count that grows) is said when it has come to rest.
      if (!before.has(line) || said.has(line)) continue;
      said.add(line);
      say(label, line.slice(label.length + 1));
    }
    before = now;
  }

  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => say('account', `can't be read: ${String(error)}`));
  }, LOOK_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

async function linesSince(context: ServiceContext, since: Date): Promise<{ label: string; line: string }[]> {
  const { knex } = context.db;
  const when = (at: Date) => DateTime.fromJSDate(at, { zone: context.campus.timeZone }).toFormat('ccc d LLL HH:mm');
  const mails = await mailsSeenSince(knex, since);
  const lines: { label: string; line: string }[] = [];
  if (mails.outcomes.length > 0) {
    const parts = mails.outcomes.map(({ outcome, mails: count }) => `${count} ${outcome.replace('_', ' ')}`);
    lines.push({ label: 'read', line: `mails: ${parts.join(', ')}; each distinct mail was read once: ${mails.extractions} extractions` });
  }
  const verbs = { asked: 'the student is asked about', confirmed: 'interview', cancelled: 'called off: interview', rejected: 'not an interview: one' };
  for (const found of await interviewsChangedSince(knex, since)) {
    const verb = found.status === 'confirmed' && found.sequence > 0 ? 'moved: interview' : verbs[found.status];
    const at = found.startsAt ? when(found.startsAt) : found.date;
    const how = `${found.source}, confidence ${found.confidence.toFixed(2)}`;
    lines.push({ label: 'found', line: `${verb} with ${found.company}, ${at}: ${plural(found.students, 'student')} (${how})` });
  }
  for (const round of await roundsChangedSince(knex, since)) {
    const session = `${round.subject} ${round.section} of ${when(round.originalStartsAt)}`;
    lines.push({ label: 'hit', line: `${session}: ${plural(round.hit, 'student')} excused provisionally` });
    if (round.seated > 0) lines.push({ label: 'placed', line: `${session}: ${plural(round.seated, 'student')} in other sections that week` });
    const outcomes: Record<string, string> = {
      offered: `${session}: ${plural(round.options, 'slot')} for ${round.remedy === 'makeup' ? 'a makeup' : 'the whole class'} offered to the lecturer`,
      made_up: `${session}: a makeup for ${plural(round.madeUp, 'student')}${round.makeupStartsAt ? `, ${when(round.makeupStartsAt)}` : ''}`,
      undone: `${session}: the interviews are off, what was done is undone`,
      moved: `${session} is now on ${when(round.startsAt)} in ${round.room}`,
      on_duty: `${session} stays; the excuse stands and the lecturer was told why`,
      declined: `${session} stays: the lecturer declined`,
      withdrawn: `${session} stays: nobody is hit any more`,
      expired: `${session} stays: nobody decided in time`,
    };
    const outcome = outcomes[round.status];
    if (outcome) lines.push({ label: round.status === 'offered' ? 'offered' : 'decided', line: outcome });
  }
  for (const { kind, channel, status, people } of await deliveriesSince(knex, since)) {
    if (status === 'sent' || status === 'failed') lines.push({ label: 'told', line: `${kind}: ${people} by ${channel}${status === 'failed' ? ', FAILED' : ''}` });
  }
  return lines;
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
