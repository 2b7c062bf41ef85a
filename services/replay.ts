// A session replayed (A21): who was expected in it as was known then, how each mark came about, and what was changed since.
import { namesOf } from '../db/repositories/people.ts';
import { awayFrom, type ChangeOfMark, changesOf, type Receipt, receiptsOf, type TakingRecord, takingRecord } from '../db/repositories/replay.ts';
import { rosterOf, type Session } from '../db/repositories/sessions.ts';
import { reaches } from './access.ts';
import { addressText } from './addresses.ts';
import type { Person, ServiceContext } from './context.ts';
import { belongingOf, reachableSession } from './reachable.ts';

export interface ExpectedStudent {
  studentKey: string;
  rollNumber: string;
  name: string;
  /** Enrolled on the day; came instead of another class; or only the mark says that they were expected. */
  because: 'enrolled' | 'instead' | 'marked';
  /** The class that this one was attended instead of; and the one that was attended instead of this. */
  insteadOfId: number | null;
  awayAtId: number | null;
  /** Null where there is no mark. Its address is null for who may not see addresses. */
  receipt: (Omit<Receipt, 'studentId' | 'address'> & { address: string | null }) | null;
  changes: Omit<ChangeOfMark, 'studentId'>[];
}

export interface Replay {
  session: Session;
  /** Null before attendance was taken. */
  taking: TakingRecord | null;
  /** By roll number. */
  students: ExpectedStudent[];
}

/** @throws Refusal not-allowed; not-found for a session out of reach */
export async function replayOf(context: ServiceContext, actor: Person, sessionId: number): Promise<Replay> {
  const { knex } = context.db;
  const session = await reachableSession(knex, actor, 'rosters.see', sessionId);
  const showsAddresses = reaches(actor, 'addresses.see', belongingOf(session));
  const [taking, roster, receipts, changes, away] = await Promise.all([
    takingRecord(knex, sessionId), rosterOf(knex, sessionId), receiptsOf(knex, sessionId), changesOf(knex, sessionId), awayFrom(knex, sessionId),
  ]);
  const onRoster = new Map(roster.map((attendee) => [attendee.studentId, attendee]));
  const receiptOf = new Map(receipts.map((receipt) => [receipt.studentId, receipt]));
  const changesOfStudent = Map.groupBy(changes, ({ studentId }) => studentId);
  const known = (session.status === 'completed' ? [] : [...onRoster.keys()]).concat([...receiptOf.keys()], [...changesOfStudent.keys()]);
  const names = await namesOf(knex, [...new Set(known)]);
  const students = [...names].map(([studentId, { studentKey, rollNumber, name }]): ExpectedStudent => {
    const attendee = onRoster.get(studentId);
    const receipt = receiptOf.get(studentId);
    return {
      studentKey, rollNumber, name, insteadOfId: attendee?.insteadOfId ?? null, awayAtId: away.get(studentId) ?? null,
      because: !attendee ? 'marked' : attendee.insteadOfId === null ? 'enrolled' : 'instead',
      receipt: receipt ? { ...receipt, address: showsAddresses && receipt.address ? addressText(receipt.address) : null } : null,
      changes: changesOfStudent.get(studentId) ?? [],
    };
  });
  return { session, taking: taking ?? null, students: students.sort((a, b) => (a.rollNumber < b.rollNumber ? -1 : 1)) };
}
