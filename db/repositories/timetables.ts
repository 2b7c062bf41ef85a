// Timetables and their entries: drafts of jobs, and the one that a term has published.
import type { Knex } from 'knex';
import type { EntryRow } from '../../domain/timetabling/campus-entries.ts';
import type { Trx } from '../connection.ts';
import { insertRows } from './bulk.ts';

export interface Timetable {
  timetableId: number;
  jobId: string;
  termId: number;
  organisationId: number;
  variantName: string;
  /** 0 to 100. */
  qualityScore: number;
  /** JSON: the parts of the score, and the meetings without a place. */
  parts: string;
  unplaced: string;
  status: 'draft' | 'publishing' | 'published';
  createdAt: Date;
  publishedAt: Date | null;
  replacedId: number | null;
}

const COLUMNS = {
  timetableId: 'tt.timetable_id', jobId: 'tt.generation_job_id', termId: 'tt.term_id', organisationId: 't.organisation_id', variantName: 'tt.variant_name',
  qualityScore: 'tt.quality_score', parts: 'tt.parts', unplaced: 'tt.unplaced', status: 'tt.status', createdAt: 'tt.created_at', publishedAt: 'tt.published_at',
  replacedId: 'tt.replaced_id',
} as const;

const timetables = (knex: Knex) => knex('timetables as tt').join('terms as t', 't.id', 'tt.term_id').select(COLUMNS);
const fromRow = (row: Timetable): Timetable => ({ ...row, qualityScore: Number(row.qualityScore) });

export async function findTimetable(knex: Knex, timetableId: number): Promise<Timetable | undefined> {
  const [row] = await timetables(knex).where('tt.timetable_id', timetableId);
  return row && fromRow(row);
}

/** A job's timetables, in the order of its variants. */
export async function timetablesOfJob(knex: Knex, jobId: string): Promise<Timetable[]> {
  return (await timetables(knex).where('tt.generation_job_id', jobId).orderBy('tt.timetable_id')).map(fromRow);
}

export interface NewTimetable {
  jobId: string;
  termId: number;
  variantName: string;
  qualityScore: number;
  parts: string;
  unplaced: string;
}

/** Enters a draft with its entries; one that the job's variant has already is replaced. @returns its id */
export async function insertTimetable(trx: Trx, { jobId, termId, variantName, qualityScore, parts, unplaced }: NewTimetable, entries: readonly EntryRow[], now: Date): Promise<number> {
  await trx('timetables').where({ generation_job_id: jobId, variant_name: variantName, status: 'draft' }).delete();
  const [timetableId] = await trx('timetables').insert({
    generation_job_id: jobId, term_id: termId, variant_name: variantName, quality_score: qualityScore, parts, unplaced, status: 'draft', created_at: now,
  });
  await insertRows(trx, 'timetable_entries',
    ['timetable_id', 'course_id', 'faculty_id', 'room_id', 'time_slot_id', 'assignment_id', 'part', 'occurrence', 'day', 'start_time', 'end_time', 'week'],
    entries.map((entry) => [
      timetableId!, entry.course_id, entry.faculty_id, entry.room_id, entry.time_slot_id, entry.assignment_id, entry.part, entry.occurrence, entry.day, entry.start_time,
      entry.end_time, entry.week,
    ]));
  return timetableId!;
}

const ENTRY_COLUMNS = [
  'course_id', 'faculty_id', 'room_id', 'time_slot_id', 'assignment_id', 'part', 'occurrence', 'day', 'start_time', 'end_time', 'week',
] as const satisfies readonly (keyof EntryRow)[];

/** A timetable's entries as they are kept, in the order in which they were entered. */
export async function entryRowsOf(knex: Knex, timetableId: number): Promise<(EntryRow & { locked: boolean })[]> {
  const rows: (EntryRow & { locked: number })[] = await knex('timetable_entries').where({ timetable_id: timetableId }).orderBy('entry_id').select(...ENTRY_COLUMNS, 'locked');
  return rows.map((row) => ({ ...row, locked: Boolean(row.locked) }));
}

/** Puts meetings of a timetable in other places, or in their first ones. */
export async function placeEntries(trx: Trx, timetableId: number, entries: readonly EntryRow[]): Promise<void> {
  for (const entry of entries) {
    await trx('timetable_entries').insert({ ...entry, timetable_id: timetableId }).onConflict(['timetable_id', 'assignment_id', 'part', 'occurrence'])
      .merge(['room_id', 'time_slot_id', 'day', 'start_time', 'end_time']);
  }
}

/** Notes how good a draft is since it was changed. */
export async function setDraftQuality(trx: Trx, timetableId: number, { qualityScore, parts, unplaced }: Pick<Timetable, 'qualityScore' | 'parts' | 'unplaced'>): Promise<void> {
  await trx('timetables').where({ timetable_id: timetableId }).update({ quality_score: qualityScore, parts, unplaced });
}

/** Whether weekly classes have been written of a timetable: it is or was to be in force. */
export async function hasWeeklyClasses(knex: Knex, timetableId: number): Promise<boolean> {
  return (await knex('default_schedule').where({ timetable_id: timetableId }).first('id')) !== undefined;
}

/** An entry as people read it. */
export interface ShownEntry {
  entryId: number;
  assignmentId: number;
  part: number;
  occurrence: number;
  roomId: number;
  subjectCode: string;
  subjectName: string;
  facultyName: string;
  sectionName: string;
  roomName: string;
  building: string;
  weekday: number;
  start: string;
  end: string;
  week: 'every' | 'odd' | 'even';
}

/** Whose entries. */
export interface EntryFilter {
  timetableId: number;
  departmentId?: number;
  facultyId?: number;
  /** Of the classes that the student is enrolled in on `date`. */
  studentId?: number;
  date?: string;
}

/** A timetable's entries by day and time. */
export async function entriesOf(knex: Knex, { timetableId, departmentId, facultyId, studentId, date }: EntryFilter): Promise<ShownEntry[]> {
  return knex('timetable_entries as e')
    .join('faculty_assignment as a', 'a.id', 'e.assignment_id')
    .join('subjects as sub', 'sub.id', 'e.course_id')
    .join('sections as sec', 'sec.id', 'a.section_id')
    .join('departments as d', 'd.id', 'sec.department_id')
    .join('faculty as f', 'f.id', 'e.faculty_id')
    .join('users as u', 'u.id', 'f.user_id')
    .join('rooms as r', 'r.id', 'e.room_id')
    .where('e.timetable_id', timetableId)
    .modify((query) => {
      if (departmentId !== undefined) void query.andWhere('sec.department_id', departmentId);
      if (facultyId !== undefined) void query.andWhere('e.faculty_id', facultyId);
      if (studentId !== undefined) {
        void query.whereExists((enrolled) => {
          void enrolled.from('student_subject as x').where({ 'x.student_id': studentId }).andWhere('x.valid_from', '<=', date!)
            .andWhereRaw('x.section_id = a.section_id and x.subject_id = a.subject_id and (x.valid_to is null or x.valid_to > ?)', [date!]);
        });
      }
    })
    .orderBy(['e.day', 'e.start_time', 'd.code', 'sec.year', 'sec.name', 'e.entry_id'])
    .select({
      entryId: 'e.entry_id', assignmentId: 'e.assignment_id', part: 'e.part', occurrence: 'e.occurrence', roomId: 'e.room_id', subjectCode: 'sub.subject_code', subjectName: 'sub.subject_name', facultyName: 'u.name', roomName: 'r.name',
      building: 'r.building', weekday: 'e.day', start: 'e.start_time', end: 'e.end_time', week: 'e.week',
    })
    .select(knex.raw("concat(d.code, '-', sec.year, sec.name) as sectionName"));
}

/** A term with the timetable that is in force in it; 0 for none. */
export interface TermTimetable {
  termId: number;
  organisationId: number;
  timetableId: number;
  academicYear: string;
  semester: number;
  startsOn: string;
  endsOn: string;
}

const TERM = {
  termId: 'id', organisationId: 'organisation_id', timetableId: 'timetable_id', academicYear: 'academic_year', semester: 'semester', startsOn: 'starts_on', endsOn: 'ends_on',
} as const;

export async function termById(knex: Knex, termId: number): Promise<TermTimetable | undefined> {
  return knex('terms').where({ id: termId }).first(TERM);
}

export async function lockTerm(trx: Trx, termId: number): Promise<TermTimetable> {
  return (await trx('terms').where({ id: termId }).forUpdate().first(TERM))!;
}

export async function termNamed(knex: Knex, organisationId: number, academicYear: string, semester: number): Promise<TermTimetable | undefined> {
  return knex('terms').where({ organisation_id: organisationId, academic_year: academicYear, semester }).first(TERM);
}

/** Whether anything is taught in a term. */
export async function isTaught(knex: Knex, termId: number): Promise<boolean> {
  return (await knex('faculty_assignment').where({ term_id: termId, active: true }).first('id')) !== undefined;
}

/** An organisation by the code that people know it by. */
export async function organisationByCode(knex: Knex, code: string): Promise<{ id: number } | undefined> {
  return knex('organisations').where({ code }).first('id');
}

/** Notes that a draft is being published: its weekly classes are being written. */
export async function setPublishing(trx: Trx, timetableId: number, userId: number): Promise<void> {
  await trx('timetables').where({ timetable_id: timetableId }).update({ status: 'publishing', published_by_id: userId });
}

/** Timetables that are to be in force soon, by id. */
export async function timetablesBeingPublished(knex: Knex, after: number, most: number): Promise<number[]> {
  return knex('timetables').where({ status: 'publishing' }).andWhere('timetable_id', '>', after).orderBy('timetable_id').limit(most).pluck('timetable_id');
}

/** Writes the weekly classes of the next entries of a timetable; those that are there stay. @returns the last entry it came to, null after the last */
export async function writeWeeklyClasses(trx: Trx, timetableId: number, after: number, most: number): Promise<number | null> {
  const entries: { entryId: number; assignmentId: number; roomId: number; weekday: number; start: string; end: string; week: string }[] = await trx('timetable_entries')
    .where({ timetable_id: timetableId }).andWhere('entry_id', '>', after).orderBy('entry_id').limit(most)
    .select({ entryId: 'entry_id', assignmentId: 'assignment_id', roomId: 'room_id', weekday: 'day', start: 'start_time', end: 'end_time', week: 'week' });
  if (entries.length === 0) return null;
  await trx('default_schedule').insert(entries.map(({ assignmentId, roomId, weekday, start, end, week }) => (
    { assignment_id: assignmentId, room_id: roomId, weekday, start_time: start, end_time: end, week, timetable_id: timetableId }))).onConflict().ignore();
  return entries.at(-1)!.entryId;
}

/** Makes a timetable the term's. The one row that decides what is in force is the term's. */
export async function putInForce(trx: Trx, timetableId: number, term: TermTimetable, now: Date): Promise<void> {
  await trx('terms').where({ id: term.termId }).update({ timetable_id: timetableId });
  await trx('timetables').where({ timetable_id: timetableId }).update({ status: 'published', published_at: now, replaced_id: term.timetableId });
}

/** Takes the term's timetable back: what was in force before it is again. */
export async function takeBack(trx: Trx, timetable: Timetable): Promise<void> {
  await trx('terms').where({ id: timetable.termId }).update({ timetable_id: timetable.replacedId ?? 0 });
  await trx('timetables').where({ timetable_id: timetable.timetableId }).update({ status: 'draft', published_at: null, published_by_id: null, replaced_id: null });
}
