// A round that waits for a faculty member's word, for the tests of the doors that carry it.
import { insertOptions, optionsOf } from '../../db/repositories/offers.ts';
import { openRound, setRoundStatus } from '../../db/repositories/rescheduling.ts';
import { findSession, type Session } from '../../db/repositories/sessions.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { personById } from '../../services/links.ts';

export interface TestOffer {
  session: Session;
  roundId: number;
  optionIds: number[];
  faculty: Person;
}

/** Offers two times for a session: the next two Saturdays at the same hour, in the same room. */
export async function offerFor(context: ServiceContext, sessionId: number): Promise<TestOffer> {
  const session = (await findSession(context.db.knex, sessionId))!;
  const now = context.now().toJSDate();
  const saturdays = 6 - new Date(session.startsAt).getUTCDay();
  const after = (date: Date, days: number) => new Date(date.getTime() + days * 86_400_000);
  return context.db.transaction(async (trx) => {
    const roundId = await openRound(trx, session, 1, now);
    await insertOptions(trx, roundId, 1, [saturdays, saturdays + 7].map((days) => ({
      startsAt: after(session.startsAt, days), endsAt: after(session.endsAt, days), roomId: session.roomId,
      reasons: [{ code: 'everyone-free', students: 58 }, { code: 'same-room' }],
    })));
    await setRoundStatus(trx, roundId, 'offered', now, { offer: 1, remedy: 'move', offeredAt: now });
    const optionIds = (await optionsOf(trx, roundId, 1)).map((option) => option.id);
    return { session, roundId, optionIds, faculty: (await personById(context, session.facultyUserId))! };
  });
}
