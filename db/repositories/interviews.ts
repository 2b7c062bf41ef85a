// Interviews per student (`student_company_drive`), the drives that group them, and the mails that spoke of them.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export type InterviewStatus = 'asked' | 'confirmed' | 'cancelled' | 'rejected';

export interface Interview {
  id: number;
  studentId: number;
  driveId: number | null;
  companyName: string;
  companyKey: string;
  role: string | null;
  round: string | null;
  mode: 'online' | 'on-campus' | 'elsewhere' | 'phone' | null;
  /** The campus's day; for a bare date all there is. */
  date: string;
  startsAt: Date | null;
  endsAt: Date | null;
  timeZone: string;
  location: string | null;
  link: string | null;
  status: InterviewStatus;
  confidence: number;
  source: 'calendar' | 'markup' | 'rules' | 'model' | 'student';
  evidence: string | null;
  originKey: Buffer;
  calendarSequence: number | null;
  version: number;
  sequence: number;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS: Record<keyof Interview, string> = {
  id: 'i.id', studentId: 'i.student_id', driveId: 'i.drive_id', companyName: 'i.company_name', companyKey: 'i.company_key',
  role: 'i.role', round: 'i.round', mode: 'i.mode', date: 'i.date', startsAt: 'i.starts_at', endsAt: 'i.ends_at',
  timeZone: 'i.time_zone', location: 'i.location', link: 'i.link', status: 'i.status', confidence: 'i.confidence', source: 'i.source',
  evidence: 'i.evidence', originKey: 'i.origin_key', calendarSequence: 'i.calendar_sequence', version: 'i.version',
  sequence: 'i.sequence', createdAt: 'i.created_at', updatedAt: 'i.updated_at',
};

const column = (name: string): string => COLUMNS[name as keyof Interview].slice('i.'.length);
const toRow = (fields: Partial<Interview>) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [column(name), value]));

export async function findInterview(knex: Knex, id: number): Promise<Interview | undefined> {
  return knex('student_company_drive as i').where('i.id', id).first(COLUMNS);
}

/** A student's interviews on or after a day, by day and start. */
export async function interviewsOfStudent(knex: Knex, studentId: number, fromDate: string): Promise<Interview[]> {
  return knex('student_company_drive as i')
    .where('i.student_id', studentId)
    .andWhere('i.date', '>=', fromDate)
    .select(COLUMNS)
    .orderBy(['i.date', 'i.starts_at', 'i.id']);
}

/** The interviews that these mails (hashed Message-IDs) spoke of to this student. */
export async function interviewsOfMails(trx: Trx, studentId: number, messageKeys: Buffer[]): Promise<Interview[]> {
  if (messageKeys.length === 0) return [];
  return trx('student_company_drive as i')
    .join('interview_mail as m', 'm.interview_id', 'i.id')
    .where('m.student_id', studentId)
    .whereIn('m.message_key', messageKeys)
    .distinct(COLUMNS);
}

/** The interview that began with this key, or that it was linked to later: the link says which it is now. */
export async function findByOrigin(trx: Trx, studentId: number, originKey: Buffer): Promise<Interview | undefined> {
  return trx('student_company_drive as i')
    .leftJoin('interview_mail as m', (join) => join.on('m.interview_id', 'i.id').andOnVal('m.message_key', originKey as unknown as string))
    .where('i.student_id', studentId)
    .andWhere((either) => void either.where('i.origin_key', originKey).orWhereNotNull('m.id'))
    .orderByRaw('m.id is null')
    .first(COLUMNS);
}

export type NewInterview = Omit<Interview, 'id' | 'version' | 'sequence' | 'createdAt' | 'updatedAt'>;

/** @returns the interview as it now stands */
export async function insertInterview(trx: Trx, interview: NewInterview, now: Date): Promise<Interview> {
  const [id] = await trx('student_company_drive').insert({ ...toRow(interview), created_at: now, updated_at: now });
  return { ...interview, id: id!, version: 1, sequence: 0, createdAt: now, updatedAt: now };
}

/** Changes an interview; a change of what calendars show raises its sequence, every change its version. */
export async function updateInterview(
  trx: Trx, id: number, changes: Partial<NewInterview>, { visible }: { visible: boolean }, now: Date,
): Promise<void> {
  await trx('student_company_drive').where({ id }).update({
    ...toRow(changes), version: trx.raw('version + 1'), updated_at: now, ...(visible && { sequence: trx.raw('sequence + 1') }),
  });
}

/** Remembers that mails spoke of an interview, so that replies to them find the interview. */
export async function linkMails(trx: Trx, { interviewId, studentId, messageKeys }: { interviewId: number; studentId: number; messageKeys: Buffer[] }): Promise<void> {
  await trx('interview_mail')
    .insert(messageKeys.map((messageKey) => ({ interview_id: interviewId, student_id: studentId, message_key: messageKey })))
    .onConflict()
    .ignore();
}

/** Lets the mails that spoke of one interview speak of another. */
export async function passMailsOn(trx: Trx, fromId: number, toId: number): Promise<void> {
  await trx('interview_mail').where({ interview_id: fromId }).update({ interview_id: toId });
}

/** The drive of a company on a day, made when it is the first. */
export async function driveOf(
  trx: Trx, drive: { organisationId: number; companyName: string; companyKey: string; date: string },
): Promise<number> {
  const where = { organisation_id: drive.organisationId, company_key: drive.companyKey, date: drive.date };
  const held = await trx('drives').where(where).first('id');
  if (held) return held.id;
  await trx('drives').insert({ ...where, company_name: drive.companyName }).onConflict().ignore();
  const made = await trx('drives').where(where).first('id');
  return made.id;
}

/** Confirmed interviews with a time of these students that overlap [from, to). */
export async function interviewTimesOf(
  knex: Knex, studentIds: number[], from: Date, to: Date,
): Promise<{ studentId: number; startsAt: Date; endsAt: Date; mode: Interview['mode'] }[]> {
  if (studentIds.length === 0) return [];
  return knex('student_company_drive')
    .whereIn('student_id', studentIds)
    .andWhere('status', 'confirmed')
    .andWhere('starts_at', '<', to)
    .andWhere('ends_at', '>', from)
    .select({ studentId: 'student_id', startsAt: 'starts_at', endsAt: 'ends_at', mode: 'mode' });
}

/** Confirmed interviews that are not over: those whose process may have to run. By id, after `afterId`. */
export async function openInterviewIds(knex: Knex, now: Date, afterId: number, limit: number): Promise<number[]> {
  return knex('student_company_drive as i')
    .where('i.status', 'confirmed')
    .andWhere('i.ends_at', '>', now)
    .andWhere('i.id', '>', afterId)
    .whereExists((excuses) => excuses.from('attendance as t').whereRaw('t.interview_id = i.id').select('t.id'))
    .orderBy('i.id')
    .limit(limit)
    .pluck('i.id');
}

/** Forgets the sentences that interviews were read in before; later mails change an interview, but not its sentence. */
export async function forgetEvidence(knex: Knex, before: Date): Promise<number> {
  return knex('student_company_drive').where('created_at', '<', before).whereNotNull('evidence').update({ evidence: null });
}
