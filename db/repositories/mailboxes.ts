// Students' mailboxes: what is due, who reads which, how far each was read, and which mails were seen.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export interface Mailbox {
  id: number;
  studentId: number;
  host: string;
  port: number;
  security: 'tls' | 'starttls' | 'none';
  username: string;
  auth: 'password' | 'oauth2';
  secret: Buffer;
  secretKeyId: string;
  accessToken: Buffer | null;
  accessTokenKeyId: string | null;
  accessTokenExpiresAt: Date | null;
  consentedAt: Date;
  uidValidity: number | null;
  lastUid: number;
  failures: number;
  /** Why it was last backed off; null when it was read since. */
  failureCode: string | null;
}

/** Everything up to `lastUid` under `uidValidity` has been dealt with. */
export interface Cursor {
  uidValidity: number | null;
  lastUid: number;
}

const COLUMNS = {
  id: 'id', studentId: 'student_id', host: 'host', port: 'port', security: 'security', username: 'username', auth: 'auth',
  secret: 'secret', secretKeyId: 'secret_key_id', accessToken: 'access_token', accessTokenKeyId: 'access_token_key_id',
  accessTokenExpiresAt: 'access_token_expires_at', consentedAt: 'consented_at', uidValidity: 'uid_validity', lastUid: 'last_uid',
  failures: 'failures', failureCode: 'failure_code',
} as const;

/** Neither withdrawn nor backing off. */
const due = (knex: Knex, now: Date) =>
  knex('mailboxes').where((query) =>
    query.where('status', 'active').orWhere((backing) => backing.where('status', 'backing_off').andWhere('retry_at', '<=', now)));

/** The ids at which ranges of `size` due mailboxes end, in order: a sweep's plan, small however large the campus. */
export async function rangesOfDue(knex: Knex, size: number, now: Date): Promise<number[]> {
  const ends: number[] = [];
  for (let after = 0; ; ) {
    const ids: number[] = await due(knex, now).andWhere('id', '>', after).orderBy('id').limit(size).pluck('id');
    if (ids.length === 0) return ends;
    after = ids.at(-1)!;
    ends.push(after);
  }
}

/** Due mailboxes with `after` < id ≤ `upTo`. */
export async function dueBetween(knex: Knex, after: number, upTo: number, now: Date): Promise<Mailbox[]> {
  return due(knex, now).andWhere('id', '>', after).andWhere('id', '<=', upTo).orderBy('id').select(COLUMNS);
}

export interface Owner {
  studentId: number;
  userId: number;
  organisationId: number;
  name: string;
  email: string;
  rollNumber: string;
  timeZone: string;
}

/** The students whose mailboxes these are. */
export async function ownersOf(knex: Knex, studentIds: number[]): Promise<Owner[]> {
  return knex('students as s')
    .join('users as u', 'u.id', 's.user_id')
    .join('organisations as o', 'o.id', 'u.organisation_id')
    .whereIn('s.id', studentIds)
    .select({ studentId: 's.id', userId: 'u.id', organisationId: 'u.organisation_id', name: 'u.name', email: 'u.email', rollNumber: 's.roll_number' })
    .select(knex.raw('coalesce(u.time_zone, o.time_zone) as timeZone'));
}

export async function findMailbox(knex: Knex, id: number): Promise<Mailbox | undefined> {
  return knex('mailboxes').where({ id }).first(COLUMNS);
}

/** Notes what a count found: the mailboxes with new mail, and those without, which are thereby read. */
export async function noteCounts(
  trx: Trx, counts: { id: number; pending: number }[], idle: number[], now: Date,
): Promise<void> {
  if (idle.length > 0) {
    await trx('mailboxes').whereIn('id', idle).andWhereNot('status', 'withdrawn').update({
      pending: 0, status: 'active', failures: 0, failure_code: null, retry_at: null, last_read_at: now,
    });
  }
  for (const [pending, group] of Map.groupBy(counts, (count) => count.pending)) {
    await trx('mailboxes').whereIn('id', group.map(({ id }) => id)).andWhereNot('status', 'withdrawn').update({ pending });
  }
}

/**
 * Leases the mailboxes with the most new mail that nobody reads. Asked again with the same lease, it gives what that lease
 * still holds first: a reader that was killed goes on with its own.
 */
export async function leaseForReading(
  trx: Trx, { lease, limit, now, leaseMs }: { lease: string; limit: number; now: Date; leaseMs: number },
): Promise<Mailbox[]> {
  const held: Mailbox[] = await trx('mailboxes').where({ lease }).andWhere('pending', '>', 0).select(COLUMNS);
  if (held.length > 0) return held;
  const taken: Mailbox[] = await trx('mailboxes')
    .where('pending', '>', 0)
    .andWhereNot('status', 'withdrawn')
    .andWhere((free) => free.whereNull('leased_until').orWhere('leased_until', '<=', now))
    .orderBy([{ column: 'pending', order: 'desc' }, { column: 'id' }])
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .select(COLUMNS);
  if (taken.length > 0) {
    await trx('mailboxes')
      .whereIn('id', taken.map(({ id }) => id))
      .update({ lease, leased_until: new Date(now.getTime() + leaseMs) });
  }
  return taken;
}

/** What a mailbox becomes that is read to its end: free, and no longer failing. */
const atItsEnd = (knex: Knex) => ({
  pending: 0, lease: null, leased_until: null, status: knex.raw("if(status = 'withdrawn', status, 'active')"), failures: 0,
  failure_code: null, retry_at: null,
});

export interface Advance {
  mailboxId: number;
  from: Cursor;
  to: Cursor;
  /** Whether the mailbox is thereby read to its end. */
  isEnd: boolean;
}

/**
 * Moves cursors on that still stand where their readers found them (compare and set); a mailbox that is read to its end also
 * ends its lease.
 * @returns the mailboxes whose cursor moved: of the others somebody else has read these mails, or their owner wants none read any
 * more, and nothing may be written
 */
export async function advanceCursors(trx: Trx, advances: Advance[], now: Date): Promise<Set<number>> {
  const rows: ({ id: number } & Cursor)[] = await trx('mailboxes').whereIn('id', advances.map(({ mailboxId }) => mailboxId)).andWhereNot('status', 'withdrawn').orderBy('id').forUpdate()
    .select({ id: 'id', uidValidity: 'uid_validity', lastUid: 'last_uid' });
  const standing = new Map(rows.map((row) => [row.id, row]));
  const moving = advances.filter(({ mailboxId, from }) => {
    const row = standing.get(mailboxId);
    return row !== undefined && row.lastUid === from.lastUid && row.uidValidity === from.uidValidity;
  });
  for (const isEnd of [true, false]) {
    const group = moving.filter((advance) => advance.isEnd === isEnd);
    if (group.length === 0) continue;
    const byId = (field: keyof Cursor) => trx.raw(
      `case id ${group.map(() => 'when ? then ?').join(' ')} end`, group.flatMap(({ mailboxId, to }) => [mailboxId, to[field]]),
    );
    await trx('mailboxes').whereIn('id', group.map(({ mailboxId }) => mailboxId)).update({
      last_uid: byId('lastUid'), uid_validity: byId('uidValidity'), last_read_at: now, ...(isEnd && atItsEnd(trx)),
    });
  }
  return new Set(moving.map(({ mailboxId }) => mailboxId));
}

/** Backs a mailbox off until `retryAt`, with the reason as a code that the student and admins are shown. */
export async function backOff(knex: Knex, id: number, failureCode: string, retryAt: Date): Promise<void> {
  await knex('mailboxes').where({ id }).andWhereNot('status', 'withdrawn').update({
    status: 'backing_off', failure_code: failureCode, failures: knex.raw('failures + 1'), retry_at: retryAt, pending: 0,
    lease: null, leased_until: null,
    // An access token that was refused before its time is not tried again.
    ...(failureCode === 'token-refused' && { access_token: null, access_token_key_id: null, access_token_expires_at: null }),
  });
}

export async function storeAccessToken(
  knex: Knex, id: number, token: { value: Buffer; keyId: string; expiresAt: Date }, refresh?: { value: Buffer; keyId: string },
): Promise<void> {
  await knex('mailboxes').where({ id }).andWhereNot('status', 'withdrawn').update({
    access_token: token.value, access_token_key_id: token.keyId, access_token_expires_at: token.expiresAt,
    ...(refresh && { secret: refresh.value, secret_key_id: refresh.keyId }),
  });
}

export type MailOutcome = 'skipped' | 'denied' | 'nothing' | 'not_meant' | 'entered' | 'asked' | 'dropped' | 'own' | 'unreadable';

/** Of these Message-IDs (hashed), those that these mailboxes have been dealt with before, as hex by mailbox. */
export async function alreadySeen(trx: Trx, mailboxIds: number[], messageKeys: Buffer[]): Promise<Map<number, Set<string>>> {
  if (messageKeys.length === 0) return new Map();
  const rows: { mailboxId: number; messageKey: Buffer }[] = await trx('mail_seen')
    .whereIn('mailbox_id', mailboxIds).whereIn('message_key', messageKeys).select({ mailboxId: 'mailbox_id', messageKey: 'message_key' });
  const byMailbox = Map.groupBy(rows, (row) => row.mailboxId);
  return new Map([...byMailbox].map(([id, seen]) => [id, new Set(seen.map(({ messageKey }) => messageKey.toString('hex')))]));
}

export interface SeenMail {
  mailboxId: number;
  messageKey: Buffer;
  fingerprint: Buffer | null;
  outcome: MailOutcome;
}

export async function insertSeen(trx: Trx, mails: SeenMail[], now: Date): Promise<void> {
  if (mails.length === 0) return;
  await trx('mail_seen').insert(mails.map((mail) => ({
    mailbox_id: mail.mailboxId, message_key: mail.messageKey, fingerprint: mail.fingerprint, outcome: mail.outcome, seen_at: now,
  })));
}

/** Each mailbox that fails, with its reason, for admins. */
export async function failingMailboxes(
  knex: Knex, limit: number,
): Promise<{ id: number; studentId: number; failureCode: string; failures: number; retryAt: Date }[]> {
  return knex('mailboxes').where({ status: 'backing_off' }).orderBy('retry_at').limit(limit).select({
    id: 'id', studentId: 'student_id', failureCode: 'failure_code', failures: 'failures', retryAt: 'retry_at',
  });
}

export async function mailboxOfStudent(
  knex: Knex, studentId: number,
): Promise<{ status: 'active' | 'backing_off' | 'withdrawn'; failureCode: string | null; retryAt: Date | null; lastReadAt: Date | null } | undefined> {
  return knex('mailboxes').where({ student_id: studentId }).first({
    status: 'status', failureCode: 'failure_code', retryAt: 'retry_at', lastReadAt: 'last_read_at',
  });
}

/** Connects a student's mailbox or changes how it is reached; another account begins with a new cursor. */
export async function upsertMailbox(
  trx: Trx,
  mailbox: Pick<Mailbox, 'studentId' | 'host' | 'port' | 'security' | 'username' | 'auth' | 'secret' | 'secretKeyId'>,
  now: Date,
): Promise<void> {
  const held = await trx('mailboxes').where({ student_id: mailbox.studentId }).forUpdate().first('id', 'host', 'username');
  const way = {
    host: mailbox.host, port: mailbox.port, security: mailbox.security, username: mailbox.username, auth: mailbox.auth,
    secret: mailbox.secret, secret_key_id: mailbox.secretKeyId, access_token: null, access_token_key_id: null,
    access_token_expires_at: null, status: 'active', failures: 0, failure_code: null, retry_at: null,
  };
  if (!held) {
    await trx('mailboxes').insert({ student_id: mailbox.studentId, consented_at: now, ...way });
    return;
  }
  const sameAccount = held.host === mailbox.host && held.username === mailbox.username;
  await trx('mailboxes').where({ id: held.id }).update({ ...way, ...(!sameAccount && { uid_validity: null, last_uid: 0, consented_at: now }) });
}
