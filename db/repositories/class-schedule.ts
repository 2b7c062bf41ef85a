// Classes as faculty members make and change them by hand: what they teach, what stands in the way, who takes it instead.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export interface Taught {
  id: number; facultyId: number; sectionId: number; subjectId: number; departmentId: number; organisationId: number;
  /** Of its term, YYYY-MM-DD, both included. */
  startsOn: string; endsOn: string;
}

/** Assignments that match all that is given; those of a term that a day is in. */
export async function findTaught(
  knex: Knex, by: {
    assignmentId?: number | undefined; subjectCode?: string | undefined; year?: number | undefined; department?: string | undefined; section?: string | undefined;
  }, date: string,
): Promise<Taught[]> {
  const query = knex('faculty_assignment as a').join('terms as t', 't.id', 'a.term_id').join('sections as sec', 'sec.id', 'a.section_id')
    .join('departments as d', 'd.id', 'sec.department_id').join('subjects as sub', 'sub.id', 'a.subject_id')
    .where({ 'a.active': true }).orderBy('a.id')
    .select({
      id: 'a.id', facultyId: 'a.faculty_id', sectionId: 'a.section_id', subjectId: 'a.subject_id', departmentId: 'd.id', organisationId: 'd.organisation_id',
      startsOn: 't.starts_on', endsOn: 't.ends_on',
    });
  if (by.assignmentId !== undefined) return query.where('a.id', by.assignmentId);
  void query.where('t.starts_on', '<=', date).andWhere('t.ends_on', '>=', date);
  if (by.subjectCode !== undefined) void query.where('sub.subject_code', by.subjectCode.toUpperCase());
  if (by.year !== undefined) void query.where('sec.year', by.year);
  if (by.department !== undefined) void query.where('d.code', by.department);
  if (by.section !== undefined) void query.where('sec.name', by.section);
  return query;
}

/** A room by its name, whatever its case. */
export async function findRoom(knex: Knex, organisationId: number, name: string): Promise<{ id: number; name: string; capacity: number } | undefined> {
  return knex('rooms').where({ organisation_id: organisationId, name }).first('id', 'name', 'capacity');
}

/** Whether a class (assignment) has a room by the weekly timetable, or in a session that is not called off. */
export async function hasRoom(knex: Knex, assignmentId: number, roomId: number): Promise<boolean> {
  const [weekly, dated] = await Promise.all([
    knex('weekly_classes').where({ assignment_id: assignmentId, room_id: roomId }).first('id'),
    knex('schedule').where({ assignment_id: assignmentId, room_id: roomId }).whereNot({ status: 'cancelled' }).first('id'),
  ]);
  return weekly !== undefined || dated !== undefined;
}

/** Whether a section has a class then, but for one. */
export async function sectionIsBusy(knex: Knex, sectionId: number, from: Date, to: Date, except: number | null): Promise<boolean> {
  const query = knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .where({ 'a.section_id': sectionId, 's.status': 'scheduled', 's.kind': 'regular' }).andWhere('s.starts_at', '<', to).andWhere('s.ends_at', '>', from);
  if (except !== null) void query.andWhereNot('s.id', except);
  return (await query.first('s.id')) !== undefined;
}

export async function insertClass(
  trx: Trx, { assignmentId, roomId, date, startsAt, endsAt, zone, topic }: {
    assignmentId: number; roomId: number; date: string; startsAt: Date; endsAt: Date; zone: string; topic: string | null;
  }, now: Date,
): Promise<number> {
  const [id] = await trx('schedule').insert({
    assignment_id: assignmentId, room_id: roomId, planned_date: date, date, starts_at: startsAt, ends_at: endsAt, time_zone: zone, topic_discussed: topic, updated_at: now,
  });
  return id!;
}

export async function archive(trx: Trx, id: number, now: Date): Promise<void> {
  await trx('schedule').where({ id }).update({ archived: true, updated_at: now });
}

/** Whether attendance was taken in a session: by opening it, or by a mark that isn't only an interview's excuse. */
export async function hasMarks(knex: Knex, sessionId: number): Promise<boolean> {
  const [opened, marked] = await Promise.all([
    knex('attendance_sessions').where({ session_id: sessionId }).first('session_id'),
    knex('attendance').where({ session_id: sessionId, provisional: false }).first('session_id'),
  ]);
  return opened !== undefined || marked !== undefined;
}

/** Interviews that excuse students from a session. */
export async function excusingInterviews(knex: Knex, sessionId: number): Promise<number[]> {
  return knex('attendance').where({ session_id: sessionId }).whereNotNull('interview_id').distinct('interview_id').pluck('interview_id');
}

export interface ListedClass {
  id: number; date: string; startsAt: Date; endsAt: Date; subjectCode: string; subjectName: string; subjectMnemonic: string; subjectType: 'theory' | 'lab';
  year: number; department: string; section: string; venue: string; status: 'scheduled' | 'completed' | 'cancelled'; topicDiscussed: string | null; isOpen: boolean; assignmentId: number;
}

/** The sessions that a faculty member takes on these days (YYYY-MM-DD, both included), by start. */
export async function listedClasses(knex: Knex, facultyId: number, from: string, to: string): Promise<ListedClass[]> {
  const of = () => knex('schedule as s').join('faculty_assignment as a', 'a.id', 's.assignment_id').join('sections as sec', 'sec.id', 'a.section_id')
    .join('departments as d', 'd.id', 'sec.department_id').join('subjects as sub', 'sub.id', 'a.subject_id').join('rooms as r', 'r.id', 's.room_id')
    .leftJoin('attendance_sessions as o', 'o.session_id', 's.id')
    .where('s.archived', false).andWhere('s.date', '>=', from).andWhere('s.date', '<=', to)
    .select({
      id: 's.id', date: 's.date', startsAt: 's.starts_at', endsAt: 's.ends_at', subjectCode: 'sub.subject_code', subjectName: 'sub.subject_name',
      subjectMnemonic: 'sub.subject_mnemonic', subjectType: 'sub.subject_type', year: 'sec.year', department: 'd.code', section: 'sec.name', venue: 'r.name',
      status: 's.status', topicDiscussed: 's.topic_discussed', assignmentId: 'a.id',
    })
    .select(knex.raw("o.status = 'open' as isOpen"));
  const [own, taken]: ListedClass[][] = await Promise.all([
    of().where('a.faculty_id', facultyId).whereNull('s.substitute_id'), of().where('s.substitute_id', facultyId),
  ]);
  return [...own!, ...taken!].map((row) => ({ ...row, isOpen: Boolean(row.isOpen) })).sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime() || a.id - b.id);
}
