// Interviews per student (`student_company_drive`), the drives that group them, and the mails that spoke of them.
import type { Knex } from 'knex';
import type { AskedBecause } from '../../domain/interviews/trust.ts';
import type { Trx } from '../connection.ts';

export type InterviewStatus = 'asked' | 'confirmed' | 'cancelled' | 'rejected' | 'erased';

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
  /** Of one that is asked. */
  askedBecause: AskedBecause | null;
  /** Where the student gave the time: the start that mails had said until then, ISO 8601 or a bare date. */
  correctedFrom: string | null;
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

/** One that is not being forgotten: all that lists give. */
export type KeptInterview = Interview & { status: Exclude<InterviewStatus, 'erased'> };

const COLUMNS: Record<keyof Interview, string> = {
  id: 'i.id', studentId: 'i.student_id', driveId: 'i.drive_id', companyName: 'i.company_name', companyKey: 'i.company_key',
  role: 'i.role', round: 'i.round', mode: 'i.mode', date: 'i.date', startsAt: 'i.starts_at', endsAt: 'i.ends_at',
  timeZone: 'i.time_zone', location: 'i.location', link: 'i.link', status: 'i.status', askedBecause: 'i.asked_because',
  correctedFrom: 'i.corrected_from', confidence: 'i.confidence', source: 'i.source',
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
export async function interviewsOfStudent(knex: Knex, studentId: number, fromDate: string): Promise<KeptInterview[]> {
  return interviewsOfStudents(knex, [studentId], fromDate);
}

export async function interviewsOfStudents(knex: Knex, studentIds: number[], fromDate: string): Promise<KeptInterview[]> {
  if (studentIds.length === 0) return [];
  return knex('student_company_drive as i')
    .whereIn('i.student_id', studentIds)
    .andWhere('i.date', '>=', fromDate)
    .andWhereNot('i.status', 'erased')
    .select(COLUMNS)
    .orderBy(['i.date', 'i.starts_at', 'i.id']);
}

/** The interviews that these mails (hashed Message-IDs and calendar UIDs) spoke of to these students, once for each mail. */
export async function interviewsOfMails(
  trx: Trx, studentIds: number[], messageKeys: Buffer[],
): Promise<{ messageKey: Buffer; interview: KeptInterview }[]> {
  if (messageKeys.length === 0) return [];
  const rows = await trx('student_company_drive as i')
    .join('interview_mail as m', 'm.interview_id', 'i.id')
    .whereIn('m.student_id', studentIds)
    .whereIn('m.message_key', messageKeys)
    .andWhereNot('i.status', 'erased')
    .select({ ...COLUMNS, messageKey: 'm.message_key' });
  return rows.map(({ messageKey, ...interview }) => ({ messageKey, interview }));
}

type Optional = 'askedBecause' | 'correctedFrom';
export type NewInterview = Omit<Interview, 'id' | 'version' | 'sequence' | 'createdAt' | 'updatedAt' | Optional> & Partial<Pick<Interview, Optional>>;

/** @returns the interviews as they now stand, in their order */
export async function insertInterviews(trx: Trx, interviews: NewInterview[], now: Date): Promise<Interview[]> {
  await trx('student_company_drive').insert(interviews.map((interview) => ({ ...toRow(interview), created_at: now, updated_at: now })));
  const nameOf = ({ studentId, originKey }: Pick<Interview, 'studentId' | 'originKey'>) => `${studentId} ${originKey.toString('hex')}`;
  const rows: Pick<Interview, 'id' | 'studentId' | 'originKey'>[] = await trx('student_company_drive')
    .whereIn('student_id', interviews.map(({ studentId }) => studentId))
    .whereIn('origin_key', interviews.map(({ originKey }) => originKey))
    .select({ id: 'id', studentId: 'student_id', originKey: 'origin_key' });
  const ids = new Map(rows.map((row) => [nameOf(row), row.id]));
  return interviews.map((interview) => ({ askedBecause: null, correctedFrom: null, ...interview, id: ids.get(nameOf(interview))!, version: 1, sequence: 0, createdAt: now, updatedAt: now }));
}

/** Changes an interview; a change of what calendars show raises its sequence, every change its version. */
export async function updateInterview(
  trx: Trx, id: number, changes: Partial<NewInterview>, { visible }: { visible: boolean }, now: Date,
): Promise<void> {
  await trx('student_company_drive').where({ id }).update({
    ...toRow(changes), ...(changes.status !== undefined && changes.status !== 'asked' && { asked_because: null }), version: trx.raw('version + 1'), updated_at: now, ...(visible && { sequence: trx.raw('sequence + 1') }),
  });
}

/** Remembers that mails spoke of an interview, so that replies to them find the interview. */
export async function linkMails(trx: Trx, links: { interviewId: number; studentId: number; messageKey: Buffer }[]): Promise<void> {
  await trx('interview_mail')
    .insert(links.map(({ interviewId, studentId, messageKey }) => ({ interview_id: interviewId, student_id: studentId, message_key: messageKey })))
    .onConflict()
    .ignore();
}

/** Lets the mails that spoke of one interview speak of another. */
export async function passMailsOn(trx: Trx, fromId: number, toId: number): Promise<void> {
  await trx('interview_mail').where({ interview_id: fromId }).update({ interview_id: toId });
}

export interface NewDrive {
  organisationId: number;
  companyName: string;
  companyKey: string;
  /** The campus's day, YYYY-MM-DD. */
  date: string;
}

/** A drive in one word. */
export const driveName = (drive: Omit<NewDrive, 'companyName'>) => `${drive.organisationId} ${drive.companyKey} ${drive.date}`;

/** The drives of companies on days, made where they are the first; none goes while the transaction lasts. @returns their ids, in the order asked for */
export async function drivesOf(trx: Trx, drives: NewDrive[]): Promise<number[]> {
  const wanted = new Map(drives.map((drive) => [driveName(drive), drive]));
  const held = async () => {
    const rows: (Omit<NewDrive, 'companyName'> & { id: number })[] = await trx('drives')
      .whereIn('organisation_id', [...new Set(drives.map(({ organisationId }) => organisationId))])
      .whereIn('company_key', [...new Set(drives.map((drive) => drive.companyKey))])
      .whereIn('date', [...new Set(drives.map(({ date }) => date))])
      .forShare()
      .select({ id: 'id', organisationId: 'organisation_id', companyKey: 'company_key', date: 'date' });
    return new Map(rows.map((row) => [driveName(row), row.id]));
  };
  let ids = await held();
  const missing = [...wanted].filter(([name]) => !ids.has(name)).map(([, drive]) => drive);
  if (missing.length > 0) {
    // In one order for all, so that two who make the same drives don't wait for each other crosswise.
    const ordered = missing.toSorted((a, b) => (driveName(a) < driveName(b) ? -1 : 1));
    await trx('drives')
      .insert(ordered.map((drive) => ({
        organisation_id: drive.organisationId, company_key: drive.companyKey, company_name: drive.companyName, date: drive.date,
      })))
      .onConflict()
      .ignore();
    ids = await held();
  }
  return drives.map((drive) => ids.get(driveName(drive))!);
}

export interface Standing {
  /** Students other than these who have unforged mails about the drive; of them, those whose interview is certain. */
  others: number;
  certain: number;
  /** Interviews of others that are asked only because their mail was lone. */
  lone: number;
}

const standing = (knex: Knex, drives: Omit<NewDrive, 'companyName'>[], exceptStudents: number[]) =>
  knex('drives as d')
    .join('student_company_drive as i', 'i.drive_id', 'd.id')
    .whereIn('d.organisation_id', [...new Set(drives.map(({ organisationId }) => organisationId))])
    .whereIn('d.company_key', [...new Set(drives.map((drive) => drive.companyKey))])
    .whereIn('d.date', [...new Set(drives.map(({ date }) => date))])
    .whereIn('i.status', ['asked', 'confirmed'])
    .andWhereNot('i.source', 'student')
    .whereNotIn('i.student_id', exceptStudents);

/** Who else has mails of these drives. @returns by `driveName`; drives of nobody else are left out */
export async function standingsOf(knex: Knex, drives: Omit<NewDrive, 'companyName'>[], exceptStudents: number[]): Promise<Map<string, Standing>> {
  if (drives.length === 0) return new Map();
  const rows: (Omit<NewDrive, 'companyName'> & { others: number; certain: number; lone: string })[] = await standing(knex, drives, exceptStudents)
    .andWhere((unforged) => void unforged.whereNull('i.asked_because').orWhereNot('i.asked_because', 'failed'))
    .groupBy('d.organisation_id', 'd.company_key', 'd.date')
    .select({ organisationId: 'd.organisation_id', companyKey: 'd.company_key', date: 'd.date' })
    .select(
      knex.raw('count(distinct i.student_id) as others'),
      knex.raw("count(distinct case when i.status = 'confirmed' then i.student_id end) as certain"),
      knex.raw("sum(case when i.asked_because = 'unverified' then 1 else 0 end) as lone"),
    );
  return new Map(rows.map((row) => [driveName(row), { others: row.others, certain: row.certain, lone: Number(row.lone) }]));
}

/** The interviews of these drives, but for those of some students, that are asked only because their mail was lone. */
export async function loneInterviews(knex: Knex, drives: Omit<NewDrive, 'companyName'>[], exceptStudents: number[]): Promise<number[]> {
  if (drives.length === 0) return [];
  const rows: (Omit<NewDrive, 'companyName'> & { id: number })[] = await standing(knex, drives, exceptStudents)
    .andWhere('i.asked_because', 'unverified')
    .orderBy('i.id')
    .select({ id: 'i.id', organisationId: 'd.organisation_id', companyKey: 'd.company_key', date: 'd.date' });
  const wanted = new Set(drives.map(driveName));
  return rows.filter((row) => wanted.has(driveName(row))).map(({ id }) => id);
}

/** Confirmed interviews with a time of these students that overlap [from, to). */
export async function interviewTimesOf(
  knex: Knex, studentIds: number[], from: Date, to: Date,
): Promise<{ id: number; studentId: number; startsAt: Date; endsAt: Date; mode: Interview['mode'] }[]> {
  if (studentIds.length === 0) return [];
  return knex('student_company_drive')
    .whereIn('student_id', studentIds)
    .andWhere('status', 'confirmed')
    .andWhere('starts_at', '<', to)
    .andWhere('ends_at', '>', from)
    .select({ id: 'id', studentId: 'student_id', startsAt: 'starts_at', endsAt: 'ends_at', mode: 'mode' });
}

/** Confirmed interviews of anybody that overlap [from, to). */
export async function confirmedBetween(
  knex: Knex, from: Date, to: Date,
): Promise<{ id: number; studentId: number; startsAt: Date; endsAt: Date; mode: Interview['mode'] }[]> {
  return knex('student_company_drive')
    .where('status', 'confirmed')
    .andWhere('ends_at', '>', from)
    .andWhere('starts_at', '<', to)
    .select({ id: 'id', studentId: 'student_id', startsAt: 'starts_at', endsAt: 'ends_at', mode: 'mode' });
}

/** Confirmed interviews that are not over: those whose process may have to run. By id, after `afterId`. */
export async function openInterviewIds(knex: Knex, now: Date, afterId: number, limit: number): Promise<number[]> {
  return knex('student_company_drive as i')
    .where('i.status', 'confirmed')
    .andWhere('i.ends_at', '>', now)
    .andWhere('i.id', '>', afterId)
    .whereExists((excuses) => excuses.from('attendance as t').whereRaw('t.interview_id = i.id').select('t.session_id'))
    .orderBy('i.id')
    .limit(limit)
    .pluck('i.id');
}

/** Forgets the sentences that interviews were read in before; later mails change an interview, but not its sentence. */
export async function forgetEvidence(knex: Knex, before: Date): Promise<number> {
  return knex('student_company_drive').where('created_at', '<', before).whereNotNull('evidence').update({ evidence: null });
}
