// Nothing is booked twice: by the sessions' times, and by the claims, which are exactly what sessions need.
import type { Knex } from 'knex';
import { forbidden } from './sql.ts';

const SLOT_MS = 300_000;

export async function bookingViolations(knex: Knex): Promise<string[]> {
  const overlap = "b.id > a.id and a.status <> 'cancelled' and b.status <> 'cancelled' and a.starts_at < b.ends_at and a.ends_at > b.starts_at";
  return [
    ...await forbidden(knex, 'room $room has sessions $a and $b at once',
      `select a.room_id as room, a.id as a, b.id as b from schedule as a join schedule as b on b.room_id = a.room_id and ${overlap}`),
    ...await forbidden(knex, 'faculty member $faculty has sessions $a and $b at once', `
      select fa.faculty_id as faculty, a.id as a, b.id as b
      from schedule as a
      join faculty_assignment as fa on fa.id = a.assignment_id
      join faculty_assignment as fb on fb.faculty_id = fa.faculty_id
      join schedule as b on b.assignment_id = fb.id and ${overlap}`),
    ...await forbidden(knex, '$kind $resource is still held for session $session',
      'select kind, resource_id as resource, session_id as session from claims where held_until is not null group by kind, resource_id, session_id'),
    ...await claimViolations(knex),
  ];
}

interface Booked {
  kind: string;
  resource: number;
  session: number;
  first: number;
  last: number;
  slots: number;
}

/** Of each session that takes place: faculty member, room and whoever attends it instead of another, for its time; nothing else. */
async function claimViolations(knex: Knex): Promise<string[]> {
  const sessions: { id: number; room: number; faculty: number; startsAt: Date; endsAt: Date }[] = await knex('schedule as s')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id').whereNot('s.status', 'cancelled')
    .select({ id: 's.id', room: 's.room_id', faculty: 'a.faculty_id', startsAt: 's.starts_at', endsAt: 's.ends_at' });
  const byId = new Map(sessions.map((session) => [session.id, session]));
  const places: { student: number; session: number }[] = await knex('replacements').select({ student: 'student_id', session: 'session_id' });
  const claimed: Booked[] = await knex('claims').whereNull('held_until').groupBy('kind', 'resource_id', 'session_id').select(
    knex.raw('kind, resource_id as resource, session_id as session, min(slot) as first, max(slot) as last, count(*) as slots'));
  const named = ({ kind, resource, session }: Pick<Booked, 'kind' | 'resource' | 'session'>) => `${kind} ${resource} for session ${session}`;
  const wanted = new Set([
    ...sessions.flatMap(({ id, room, faculty }) => [named({ kind: 'room', resource: room, session: id }), named({ kind: 'faculty', resource: faculty, session: id })]),
    ...places.filter(({ session }) => byId.has(session)).map(({ student, session }) => named({ kind: 'student', resource: student, session })),
  ]);
  const violations: string[] = [];
  for (const claim of claimed) {
    const session = byId.get(claim.session);
    if (!wanted.delete(named(claim)) || !session) {
      violations.push(`nothing needs the claim of ${named(claim)}`);
      continue;
    }
    const [from, to] = [session.startsAt.getTime() / SLOT_MS, session.endsAt.getTime() / SLOT_MS];
    if (claim.first !== from || claim.last !== to - 1 || claim.slots !== to - from) violations.push(`the claim of ${named(claim)} is not for its time`);
  }
  return [...violations, ...[...wanted].map((name) => `there is no claim of ${name}`)];
}
