// What every move of a class has in common, whoever moves it: its guests' claims go along, and everybody concerned is told.
import type { Trx } from '../db/connection.ts';
import { type Attendee, findSession, type Session } from '../db/repositories/sessions.ts';
import { classAt } from './class-at.ts';
import { tell } from './telling.ts';

/** Those who attend a class instead of another: Beadle has booked it for them. */
export const guestsAmong = (attendees: readonly Attendee[]): number[] =>
  attendees.filter(({ insteadOfId }) => insteadOfId !== null).map(({ studentId }) => studentId);

/** Tells those who attend a class, and who takes it, where and when it is now. @returns the class as it is now */
export async function tellThatItMoved(trx: Trx, before: Session, attendees: readonly Attendee[], now: Date): Promise<Session> {
  const after = (await findSession(trx, before.id))!;
  await tell(trx, {
    userIds: [...attendees.map(({ userId }) => userId), after.facultyUserId], kind: 'class-moved',
    params: {
      ...classAt(after), sessionId: after.id, sequence: after.sequence,
      oldStart: before.startsAt.toISOString(), oldEnd: before.endsAt.toISOString(), oldRoom: before.roomName,
    },
    eventKey: `session/${after.id}/v${after.sequence}`,
  }, now);
  return after;
}
