// A simulated lecturer, said to be one: accepts the first slot of an offer over REST, ten seconds after it was made.
import type { ServiceContext } from '../../services/context.ts';
import type { Running } from '../assemble.ts';
import type { Say } from './account.ts';

const LOOK_EVERY_MS = 1_000;
const THINKS_MS = 10_000;

interface Offer {
  round_id: number;
  options: { id: number }[];
}

/** @param tokenOf mints a token for a faculty member's user */
export function startLecturer(context: ServiceContext, apiUrl: string, tokenOf: (userId: number) => Promise<string>, say: Say): Running {
  const seenAt = new Map<number, number>();

  async function look(): Promise<void> {
    const users: number[] = await context.db.knex('rescheduled_class as c')
      .join('schedule as s', 's.id', 'c.session_id')
      .join('faculty_assignment as a', 'a.id', 's.assignment_id')
      .join('faculty as f', 'f.id', 'a.faculty_id')
      .where('c.status', 'offered').distinct().pluck('f.user_id');
    for (const userId of users) {
      const headers = { authorization: `Bearer ${await tokenOf(userId)}`, 'content-type': 'application/json' };
      const response = await fetch(`${apiUrl}/api/reschedules/offers`, { headers });
      const { offers } = (await response.json()) as { offers: Offer[] };
      for (const { round_id: roundId, options } of offers) {
        if (!seenAt.has(roundId)) seenAt.set(roundId, Date.now());
        if (Date.now() - seenAt.get(roundId)! < THINKS_MS) continue;
        seenAt.set(roundId, Infinity);
        const body = JSON.stringify({ choice: 'accept', option_id: options[0]!.id });
        const answer = await fetch(`${apiUrl}/api/reschedules/${roundId}/decision`, { method: 'POST', headers, body });
        say('lecturer', `the simulated lecturer accepts the first slot over REST: HTTP ${answer.status}`);
      }
    }
  }

  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => say('lecturer', `could not look: ${String(error)}`));
  }, LOOK_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
