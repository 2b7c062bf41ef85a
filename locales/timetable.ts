// Timetables in words: why there can be none, what blocks a meeting, what is wrong in a description; and entries as a table.
import type { BlockedBy, BlockedMeeting } from '../domain/timetabling/blockers.ts';
import type { Infeasibility, Reason, Who } from '../domain/timetabling/infeasible/reasons.ts';
import type { Entry, Meeting, University } from '../domain/timetabling/university.ts';
import type { UniversityIssue } from '../domain/timetabling/university-issues.ts';
import type { Translate } from './index.ts';
import { refusalText } from './refusals.ts';
import type { Cell, Table } from './reports.ts';

/** So many names of a list are told before it says how many more there are. */
const MOST_NAMES = 5;

const COLUMNS = [
  ['day', 'text'], ['period', 'count'], ['periods', 'count'], ['week', 'text'], ['subject', 'text'], ['class', 'text'], ['kind', 'text'], ['sections', 'text'],
  ['faculty', 'text'], ['room', 'text'], ['building', 'text'], ['students', 'count'],
] as const;

/** How classes, meetings and people of a university are called in sentences. */
class Names {
  readonly #t: Translate;
  readonly #weekdays: readonly number[];
  readonly #classes: ReadonlyMap<string, University['classes'][number]>;
  readonly #names: Readonly<Record<string, string>>;

  constructor(t: Translate, university: University) {
    this.#t = t;
    this.#weekdays = university.weekdays;
    this.#classes = new Map(university.classes.map((taught) => [taught.id, taught]));
    this.#names = university.names ?? {};
  }

  /** What an id is called. */
  of(id: string): string {
    return this.#names[id] ?? id;
  }

  class(id: string): string {
    const taught = this.#classes.get(id);
    if (taught === undefined) return id;
    const subject = this.of(taught.subject);
    return taught.sections.length === 0 ? subject : this.#t('timetable.class', { subject, sections: this.list(taught.sections.map((section) => this.of(section))) });
  }

  classes(ids: readonly string[]): string {
    return this.list(ids.map((id) => this.class(id)));
  }

  meeting({ class: id, part, occurrence }: Meeting): string {
    const kind = this.#classes.get(id)?.parts[part]?.kind ?? 'lecture';
    return this.#t('timetable.meeting', { class: this.class(id), kind: this.#t(`timetable.kinds.${kind}`), number: occurrence + 1 });
  }

  slot({ day, period }: { readonly day: number; readonly period: number }): string {
    return this.#t('timetable.slot', { day: dayName(this.#t, this.#weekdays, day), period: period + 1 });
  }

  who(who: Who): string {
    if (who.who === 'class') return this.#t('timetable.who.class', { class: this.class(who.id) });
    if (who.who !== 'students') return this.#t(`timetable.who.${who.who}`, { id: this.of(who.id) });
    const values = { count: who.students, classes: this.classes(who.classes) };
    return who.section === null ? this.#t('timetable.who.single-students', values) : this.#t('timetable.who.students', { ...values, section: this.of(who.section) });
  }

  list(names: readonly string[]): string {
    const told = names.slice(0, MOST_NAMES).join(', ');
    return names.length <= MOST_NAMES ? told : this.#t('timetable.and-more', { names: told, count: names.length - MOST_NAMES });
  }
}

/** Why there can be no timetable, a sentence for each reason. */
export function infeasibilityTexts(t: Translate, university: University, reasons: readonly Infeasibility[]): string[] {
  const names = new Names(t, university);
  return reasons.map((reason) => t(`timetable.infeasible.${reason.code}`, {
    ...Object.fromEntries(Object.entries(reason).filter((field): field is [string, string | number] => typeof field[1] !== 'object')),
    ...('faculty' in reason && { faculty: names.of(reason.faculty) }),
    ...('room' in reason && { room: names.of(reason.room) }),
    ...('class' in reason && { class: names.class(reason.class) }),
    ...('classes' in reason && { classes: names.classes(reason.classes) }),
    ...('of' in reason && { of: names.classes(reason.of) }),
    ...('equipment' in reason && { equipment: names.list(reason.equipment) }),
    ...('who' in reason && { who: names.who(reason) }),
    ...('meeting' in reason && { meeting: names.meeting(reason.meeting) }),
    ...('meetings' in reason && { first: names.meeting(reason.meetings[0]), second: names.meeting(reason.meetings[1]) }),
    ...('day' in reason && { slot: names.slot(reason) }),
  }));
}

/** The same, also where the campus couldn't be read as it was entered. `university` is null where none was read. */
export function reasonTexts(t: Translate, university: University | null, reasons: readonly Reason[]): string[] {
  return reasons.map((reason) => (reason.code === 'refused' ? refusalText(t, reason.refusal, reason.details) : infeasibilityTexts(t, university!, [reason])[0]!));
}

/** What stands against a meeting without a place: which it is, then a line for each reason, the one of most times first. */
export function blockedTexts(t: Translate, university: University, { meeting, slots, counts }: BlockedMeeting): string[] {
  const free = slots.filter(({ blockers }) => blockers.length === 0).length;
  const lines = (Object.entries(counts) as [BlockedBy, number][]).sort(([, a], [, b]) => b - a);
  return [
    t('timetable.blocked.title', { meeting: new Names(t, university).meeting(meeting), count: slots.length }),
    ...lines.map(([reason, count]) => t(`timetable.blocked.${reason}`, { count })),
    ...(free > 0 ? [t('timetable.blocked.free', { count: free })] : []),
  ];
}

/** What is wrong in the description of a university. */
export function issueText(t: Translate, { field, why, value, expected }: UniversityIssue): string {
  const [least = '', most = ''] = expected.split('..');
  return t(`timetable.issues.${why}`, { field, value, expected, least, most });
}

/** Entries as a table, by day and period; periods count from 1. */
export function timetableTable(t: Translate, university: University, entries: readonly Entry[]): Table {
  return {
    title: t('timetable.title'), lines: [], columns: COLUMNS.map(([name, kind]) => ({ title: t(`timetable.columns.${name}`), kind })),
    rows: rowsOf(t, university, entries),
  };
}

const dayName = (t: Translate, weekdays: readonly number[], day: number): string => t(`timetable.weekdays.${(weekdays[day] ?? 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7}`);

async function* rowsOf(t: Translate, university: University, entries: readonly Entry[]): AsyncGenerator<Cell[]> {
  const names = new Names(t, university);
  const classes = new Map(university.classes.map((taught) => [taught.id, taught]));
  const buildings = new Map(university.rooms.map(({ id, building }) => [id, building]));
  for (const { class: id, part, day, period, length, week, room } of entries.toSorted((a, b) => a.day - b.day || a.period - b.period)) {
    const taught = classes.get(id);
    if (taught === undefined) continue;
    yield [
      dayName(t, university.weekdays, day), period + 1, length, t(`timetable.weeks.${week}`), names.of(taught.subject), id, t(`timetable.kinds.${taught.parts[part]?.kind ?? 'lecture'}`),
      taught.sections.map((each) => names.of(each)).join(' '), taught.faculty.map((each) => names.of(each)).join(' '), names.of(room), buildings.get(room) ?? null, taught.size,
    ];
  }
}
