// What came of a simulated month, counted from its rows.
import type { Knex } from 'knex';
import type { CampusRules } from '../../services/context.ts';
import { findConflicts } from './conflicts.ts';
import type { Scenario } from './scenario.ts';

/** Students who are hit are counted once per class. Hours are students' class hours. */
export interface Figures {
  students: number;
  drives: number;
  seed: number;
  from: string;
  mails: number;
  interviews: { entered: number; confirmed: number; called_off: number; moved: number; asked_and_unanswered: number; without_a_time: number; turned_down: number };
  consents_withdrawn: number;
  places_hit: number;
  remedies: {
    other_section: number;
    makeup: number;
    class_moved: number;
    class_called_off: number;
    on_duty: { too_few: number; no_slot: number; too_late: number; declined: number; expired: number };
    undone: number;
    unresolved: number;
  };
  classes: { hit: number; moved: number; moved_back: number; makeups_held: number; makeups_called_off: number };
  decisions: { asked_of_faculty: number; asked_of_heads: number; reminders: number; accepted: number; declined: number; by_policy: number; refused: number };
  lost_hours: { without_beadle: number; with_beadle: number };
  learned_too_late: number;
  conflicts_left: number;
}

interface Member {
  sessionId: number;
  studentId: number;
  memberStatus: 'affected' | 'seated' | 'made_up' | 'withdrawn';
  roundId: number;
  round: number;
  roundStatus: string;
  kind: 'regular' | 'makeup';
  sessionStatus: string;
  /** What the student attends instead. */
  place: 'regular' | 'makeup' | null;
  hours: number;
}

export async function figuresOf(
  knex: Knex, rules: CampusRules, { drives, happenings }: Scenario, of: { students: number; seed: number; from: string },
): Promise<Figures> {
  const latest = await latestMembers(knex);
  const live = latest.filter(({ memberStatus, place }) => memberStatus !== 'withdrawn' || place !== null);
  const why = await whyClassesStay(knex);
  const remedies = Map.groupBy(latest, (member) => remedyOf(member, why));
  const count = (remedy: string) => remedies.get(remedy)?.length ?? 0;
  const onDuty = ['too_few', 'no_slot', 'too_late', 'declined', 'expired'] as const;
  const hours = (members: Member[]) => Math.round(members.reduce((sum, member) => sum + member.hours, 0));
  const told = await noticesByKind(knex);
  const takesPlace = live.filter(({ sessionStatus }) => sessionStatus !== 'cancelled');
  return {
    students: of.students, drives: drives.length, seed: of.seed, from: of.from,
    mails: happenings.reduce((sum, happening) => sum + (happening.kind === 'mails' ? happening.mails.length : 0), 0),
    interviews: await interviewFigures(knex), consents_withdrawn: await countOf(knex('audit_log').where({ action: 'mailbox.withdraw' })),
    places_hit: latest.length,
    remedies: {
      other_section: count('other_section'), makeup: count('makeup'), class_moved: count('class_moved'), class_called_off: count('class_called_off'),
      on_duty: Object.fromEntries(onDuty.map((reason) => [reason, count(reason)])) as Figures['remedies']['on_duty'],
      undone: count('undone'), unresolved: count('unresolved'),
    },
    classes: await classFigures(knex),
    decisions: {
      asked_of_faculty: told.faculty('reschedule-offer'), asked_of_heads: told.others('reschedule-offer') + told.others('reschedule-escalated'),
      reminders: told.faculty('reschedule-reminder'), ...(await decisionFigures(knex)),
    },
    lost_hours: {
      without_beadle: hours(takesPlace.filter(({ kind }) => kind === 'regular')),
      with_beadle: hours(takesPlace.filter((member) => (onDuty as readonly string[]).includes(remedyOf(member, why)))),
    },
    learned_too_late: await learnedTooLate(knex),
    conflicts_left: (await findConflicts(knex, rules)).length,
  };
}

/** What each student who was hit in a class was at last, in the class's last round that has the student. */
async function latestMembers(knex: Knex): Promise<Member[]> {
  const rows: Member[] = await knex('rescheduled_class_student as m')
    .join('rescheduled_class as c', 'c.id', 'm.rescheduled_class_id')
    .join('schedule as s', 's.id', 'c.session_id')
    .leftJoin('replacements as p', (join) => join.on('p.student_id', 'm.student_id').andOn('p.instead_of_id', 's.id'))
    .leftJoin('schedule as o', 'o.id', 'p.session_id')
    .orderBy(['c.session_id', 'm.student_id', 'c.round', 'm.id'])
    .select({
      sessionId: 'c.session_id', studentId: 'm.student_id', memberStatus: 'm.status', roundId: 'c.id', round: 'c.round', roundStatus: 'c.status', kind: 's.kind', sessionStatus: 's.status',
      place: 'o.kind',
    })
    .select(knex.raw('timestampdiff(minute, c.original_starts_at, c.original_ends_at) / 60 as hours'));
  const latest = new Map<string, Member>();
  for (const row of rows) {
    const key = `${row.sessionId} ${row.studentId}`;
    const known = latest.get(key);
    // Of two interviews in one round, the one that still counts.
    if (known?.round === row.round && row.memberStatus === 'withdrawn') continue;
    latest.set(key, { ...row, hours: Number(row.hours) });
  }
  return [...latest.values()];
}

function remedyOf({ memberStatus, roundStatus, roundId, sessionStatus, place }: Member, why: Map<number, string>): string {
  if (place !== null) return place === 'makeup' ? 'makeup' : 'other_section';
  if (memberStatus === 'withdrawn') return 'undone';
  if (sessionStatus === 'cancelled') return 'class_called_off';
  if (roundStatus === 'moved') return 'class_moved';
  if (roundStatus === 'declined' || roundStatus === 'expired') return roundStatus;
  return roundStatus === 'on_duty' ? why.get(roundId) ?? 'unresolved' : 'unresolved';
}

/** Why nothing fitted, per round, as its faculty member was told. */
async function whyClassesStay(knex: Knex): Promise<Map<number, string>> {
  const rows: { eventKey: string; params: string }[] = await knex('notices').where({ kind: 'reschedule-impossible' }).select({ eventKey: 'event_key', params: 'params' });
  return new Map(rows.map(({ eventKey, params }) => [Number(eventKey.split('/')[1]), (JSON.parse(params) as { why: string }).why.replace('-', '_')]));
}

async function noticesByKind(knex: Knex) {
  const rows: { kind: string; toFaculty: number; count: number }[] = await knex('notices as n')
    .join('rescheduled_class as c', knex.raw("c.id = substring_index(substring_index(n.event_key, '/', 2), '/', -1)"))
    .join('schedule as s', 's.id', 'c.session_id')
    .join('faculty_assignment as a', 'a.id', 's.assignment_id')
    .join('faculty as f', 'f.id', 'a.faculty_id')
    .whereIn('n.kind', ['reschedule-offer', 'reschedule-reminder', 'reschedule-escalated'])
    .groupByRaw('n.kind, f.user_id = n.user_id')
    .select(knex.raw('n.kind, f.user_id = n.user_id as toFaculty, count(*) as count'));
  const of = (kind: string, toFaculty: number) => rows.find((row) => row.kind === kind && row.toFaculty === toFaculty)?.count ?? 0;
  return { faculty: (kind: string) => of(kind, 1), others: (kind: string) => of(kind, 0) };
}

const countOf = async (query: Knex.QueryBuilder): Promise<number> => Number((await query.first(query.client.raw('count(*) as count')))!.count);

async function interviewFigures(knex: Knex): Promise<Figures['interviews']> {
  const ofStatus = (status: string) => countOf(knex('student_company_drive').where({ status }));
  const [[moved]] = await knex.raw("select count(distinct json_extract(params, '$.interviewId')) as count from notices where kind = 'interview-moved'");
  return {
    entered: await countOf(knex('student_company_drive')), confirmed: await ofStatus('confirmed'), called_off: await ofStatus('cancelled'), moved: moved.count,
    asked_and_unanswered: await ofStatus('asked'),
    without_a_time: await countOf(knex('student_company_drive').where({ status: 'confirmed' }).andWhereRaw('(starts_at is null or timestampdiff(minute, starts_at, ends_at) > 240)')),
    turned_down: await ofStatus('rejected'),
  };
}

async function classFigures(knex: Knex): Promise<Figures['classes']> {
  const sessionsIn = async (status: string) => (await knex('rescheduled_class').where({ status }).distinct('session_id')).length;
  return {
    hit: (await knex('rescheduled_class').distinct('session_id')).length, moved: await sessionsIn('moved'),
    moved_back: Number((await knex('rescheduled_class').where({ status: 'undone', remedy: 'move' }).count({ count: '*' }).first())!.count),
    makeups_held: await countOf(knex('schedule').where({ kind: 'makeup' }).andWhereNot('status', 'cancelled')),
    makeups_called_off: await countOf(knex('schedule').where({ kind: 'makeup', status: 'cancelled' })),
  };
}

async function decisionFigures(knex: Knex) {
  const decisions: { choice: string; outcome: string; userId: number | null }[] = await knex('rescheduled_class_decision').select({ choice: 'choice', outcome: 'outcome', userId: 'user_id' });
  const people = decisions.filter(({ userId, outcome }) => userId !== null && outcome === 'applied');
  return {
    accepted: people.filter(({ choice }) => choice === 'accept').length, declined: people.filter(({ choice }) => choice === 'decline').length,
    by_policy: decisions.filter(({ userId, outcome }) => userId === null && outcome === 'applied').length, refused: decisions.filter(({ outcome }) => outcome === 'refused').length,
  };
}

/** Classes that had begun when an interview over them became known: nobody could be excused from them. */
async function learnedTooLate(knex: Knex): Promise<number> {
  const [[row]] = await knex.raw(`
    select count(*) as count
    from student_company_drive as i
    join student_subject as e on e.student_id = i.student_id
    join faculty_assignment as a on a.section_id = e.section_id and a.subject_id = e.subject_id
    join schedule as s on s.assignment_id = a.id and s.kind = 'regular' and s.status <> 'cancelled'
    left join attendance as t on t.session_id = s.id and t.student_id = i.student_id
    where i.status = 'confirmed' and timestampdiff(minute, i.starts_at, i.ends_at) <= 240 and s.starts_at < i.ends_at and s.ends_at > i.starts_at
      and s.starts_at <= i.updated_at and t.student_id is null`);
  return row.count;
}
