// The rows of a campus's term as a university to make a timetable for. Ids are a letter and the row's: a class a (its first assignment), faculty f,
// room r, section s, student t, department d, subject c (a course, as timetables' entries have it); a building is its name.

import { Refusal } from '../refusal.ts';
import { missingSlots, slotsTouched, type ClockSpan, type TeachingWeek } from './teaching-week.ts';
import type { Enrolment, Faculty, Part, PartKind, Room, Section, Slot, TaughtClass, University, Week } from './university.ts';

interface WeeklySpan extends ClockSpan { readonly weekday: number }

interface AssignmentRow {
  readonly id: number;
  readonly facultyId: number;
  readonly subjectId: number;
  readonly sectionId: number;
  readonly departmentId: number;
  readonly subjectCode: string;
  readonly subjectType: 'theory' | 'lab';
  readonly mostPeriodsADay: number;
  readonly mostPeriodsAWeek: number;
}

/** What a class of a subject needs each week: so many meetings of so many periods. */
interface PartRow {
  readonly subjectId: number;
  readonly kind: PartKind;
  readonly meetings: number;
  readonly periods: number;
  readonly roomKind: 'theory' | 'lab';
  readonly equipment: readonly string[];
  readonly week: Week;
}

/** A weekly class in force. */
export interface WeeklyRow extends WeeklySpan { readonly assignmentId: number; readonly roomId: number; readonly week: Week }

/** Rows as they are read; lists in the order of their ids, weekly classes in that of the week. */
export interface CampusRecords {
  readonly rooms: readonly { readonly id: number; readonly building: string; readonly capacity: number; readonly kind: string; readonly equipment: readonly string[] }[];
  readonly closures: readonly (WeeklySpan & { readonly roomId: number; readonly week: Week })[];
  readonly assignments: readonly AssignmentRow[];
  readonly parts: readonly PartRow[];
  /** A cost of null: can't teach then. */
  readonly facultyTimes: readonly (WeeklySpan & { readonly facultyId: number; readonly cost: number | null })[];
  readonly weekly: readonly WeeklyRow[];
  /** Classes of other terms that are held at the same time of the year. */
  readonly elsewhere: readonly (WeeklySpan & { readonly roomId: number; readonly facultyId: number; readonly sectionId: number })[];
  /** The students that are here, of all sections. */
  readonly students: readonly { readonly id: number; readonly sectionId: number; readonly departmentId: number }[];
  /** Each once. A student may be enrolled in what is taught to another section. */
  /** What people call rooms, subjects, sections and faculty, by the ids that the university gives them. */
  readonly names: Readonly<Record<string, string>>;
  readonly enrolments: readonly { readonly studentId: number; readonly subjectId: number; readonly sectionId: number }[];
}

/** Days over which meetings are spread, where there are as many. */
const SPREAD_DAYS = 3;
/** Of a room of which the building isn't known. */
const SOMEWHERE = '?';
const USUAL_PARTS: Readonly<Record<AssignmentRow['subjectType'], Part>> = {
  theory: { kind: 'lecture', count: 3, length: 1, roomKind: 'theory', equipment: [], week: 'every' },
  lab: { kind: 'lab', count: 1, length: 2, roomKind: 'lab', equipment: [], week: 'every' },
};

/**
 * The university, without locks and without a timetable so far. Assignments of one subject in one section are one class, taught by all of
 * their faculty. Sections come to it of which all students are enrolled; other students who are have it among their choices.
 * @throws Refusal subject-parts-wrong for a subject that needs more than a week has
 */
export function campusUniversity(records: CampusRecords, week: TeachingWeek): University {
  const classes = taughtClasses(records, week);
  const away = missingSlots(week).map((slot): Slot => ({ ...slot, week: 'every' }));
  const rooms = roomsOf(records, week, away);
  const weeks = [...classes.flatMap(({ parts }) => parts), ...rooms.flatMap(({ closed }) => closed)].some((each) => each.week !== 'every') ? 2 : 1;
  const { attended, enrolments } = attendance(records, classes);
  const busy = <Row extends WeeklySpan>(rows: readonly Row[], idOf: (row: Row) => number) => slotsOf(week, rows, idOf, () => 'every');
  return {
    names: records.names, days: week.weekdays.length, weekdays: week.weekdays, periods: week.periods.length, breaks: week.breaks, changeMinutes: week.changeMinutes, periodCosts: week.periodCosts, weeks,
    buildings: [...new Set(rooms.map(({ building }) => building))].map((id) => ({ id })), walks: [], rooms,
    faculty: facultyOf(records, week, away, busy(records.elsewhere, ({ facultyId }) => facultyId)),
    sections: sectionsOf(records, attended, enrolments, away, busy(records.elsewhere, ({ sectionId }) => sectionId)),
    classes: attended, enrolments, locks: [], lockedDays: [], lockedRooms: [], lockedFaculty: [], previous: [],
  };
}

/** The id of each assignment's class. */
export function classIds(assignments: CampusRecords['assignments']): Map<number, string> {
  return new Map([...merged(assignments).values()].flatMap((same) => same.map(({ id }) => [id, `a${same[0]!.id}`])));
}

function merged(assignments: CampusRecords['assignments']): Map<string, AssignmentRow[]> {
  return Map.groupBy(assignments, ({ subjectId, sectionId }) => `${subjectId} ${sectionId}`);
}

type ClassOfSection = Omit<TaughtClass, 'sections' | 'size'> & { readonly subjectId: number; readonly sectionId: number };

function taughtClasses({ assignments, parts }: CampusRecords, week: TeachingWeek): ClassOfSection[] {
  const ofSubject = Map.groupBy(parts, ({ subjectId }) => subjectId);
  return [...merged(assignments).values()].map((same) => {
    const { id, subjectId, sectionId, departmentId, subjectCode, subjectType } = same[0]!;
    const needed = ofSubject.get(subjectId)?.map(partOf) ?? [USUAL_PARTS[subjectType]];
    checkParts(subjectCode, needed, week);
    const meetings = needed.reduce((sum, { count }) => sum + count, 0);
    return {
      id: `a${id}`, subject: `c${subjectId}`, department: `d${departmentId}`, faculty: [...new Set(same.map(({ facultyId }) => `f${facultyId}`))],
      parts: needed, minWorkingDays: Math.min(SPREAD_DAYS, meetings, week.weekdays.length), subjectId, sectionId,
    };
  });
}

function partOf({ kind, meetings, periods, roomKind, equipment, week }: PartRow): Part {
  return { kind, count: meetings, length: periods, roomKind, equipment, week };
}

function checkParts(subject: string, parts: readonly Part[], { weekdays, periods }: TeachingWeek): void {
  for (const { count, length } of parts) {
    if (count >= 1 && length >= 1 && length <= periods.length && count <= weekdays.length * periods.length) continue;
    throw new Refusal('subject-parts-wrong', { subject, meetings: count, periods: length, days: weekdays.length, most: periods.length });
  }
}

/** Who comes to each class: whole sections, and students one by one. */
function attendance({ students, enrolments }: CampusRecords, classes: readonly ClassOfSection[]): { attended: TaughtClass[]; enrolments: Enrolment[] } {
  const sectionOf = new Map(students.map(({ id, sectionId }) => [id, sectionId]));
  const sizes = sizesOf(students);
  const present = enrolments.filter(({ studentId }) => sectionOf.has(studentId));
  const enrolled = Map.groupBy(present, ({ subjectId, sectionId }) => `${subjectId} ${sectionId}`);
  const chosen = new Map<number, string[]>();
  const attended = classes.map(({ subjectId, sectionId, ...taught }): TaughtClass => {
    const those = enrolled.get(`${subjectId} ${sectionId}`) ?? [];
    const bySection = Map.groupBy(those, ({ studentId }) => sectionOf.get(studentId)!);
    const whole = [...bySection].filter(([id, members]) => members.length === sizes.get(id)).map(([id]) => id);
    // A section that has nobody yet still has its classes one after another.
    if (!sizes.has(sectionId)) whole.push(sectionId);
    for (const [id, members] of bySection) {
      if (whole.includes(id)) continue;
      for (const { studentId } of members) {
        const list = chosen.get(studentId);
        if (list === undefined) chosen.set(studentId, [taught.id]);
        else list.push(taught.id);
      }
    }
    return { ...taught, sections: whole.sort((a, b) => a - b).map((id) => `s${id}`), size: those.length };
  });
  const byStudent = [...chosen].sort(([a], [b]) => a - b);
  return { attended, enrolments: byStudent.map(([id, ids]) => ({ student: `t${id}`, section: `s${sectionOf.get(id)!}`, classes: ids, unavailable: [] })) };
}

function sizesOf(students: CampusRecords['students']): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const { sectionId } of students) sizes.set(sectionId, (sizes.get(sectionId) ?? 0) + 1);
  return sizes;
}

/** Those that are taught, and those of students who chose among what is. */
function sectionsOf(
  { assignments, students }: CampusRecords, classes: readonly TaughtClass[], enrolments: readonly Enrolment[], away: readonly Slot[], busy: ReadonlyMap<number, readonly Slot[]>,
): Section[] {
  const sizes = sizesOf(students);
  const departments = new Map([...students, ...assignments].map(({ sectionId, departmentId }) => [sectionId, departmentId]));
  const named = new Set([...classes.flatMap(({ sections }) => sections), ...enrolments.map(({ section }) => section)]);
  for (const { sectionId } of assignments) named.add(`s${sectionId}`);
  return [...departments].sort(([a], [b]) => a - b).filter(([id]) => named.has(`s${id}`)).map(([id, department]) => ({
    id: `s${id}`, department: `d${department}`, size: sizes.get(id) ?? 0, unavailable: [...away, ...busy.get(id) ?? []],
  }));
}

function facultyOf({ assignments, facultyTimes }: CampusRecords, week: TeachingWeek, away: readonly Slot[], busy: ReadonlyMap<number, readonly Slot[]>): Faculty[] {
  const members = new Map(assignments.map((row) => [row.facultyId, row]));
  const times = Map.groupBy(facultyTimes, ({ facultyId }) => facultyId);
  const [days, periods] = [week.weekdays.length, week.periods.length];
  return [...members].sort(([a], [b]) => a - b).map(([id, { mostPeriodsADay, mostPeriodsAWeek }]) => {
    const costs = new Map<string, { day: number; period: number; cost: number }>();
    const unavailable = [...away, ...busy.get(id) ?? []];
    for (const { cost, ...time } of times.get(id) ?? []) {
      for (const slot of slotsTouched(week, time)) {
        const key = `${slot.day} ${slot.period}`;
        if (cost === null) unavailable.push({ ...slot, week: 'every' });
        else costs.set(key, { ...slot, cost: Math.max(cost, costs.get(key)?.cost ?? 0) });
      }
    }
    return {
      id: `f${id}`, unavailable: distinct(unavailable), preferences: [...costs.values()],
      maxPerDay: Math.min(mostPeriodsADay, periods), maxPerWeek: Math.min(mostPeriodsAWeek, days * periods),
    };
  });
}

/** Rooms with a seat. */
function roomsOf({ rooms, closures, elsewhere }: CampusRecords, week: TeachingWeek, away: readonly Slot[]): Room[] {
  const closed = slotsOf(week, closures, ({ roomId }) => roomId, (closure) => closure.week);
  const taken = slotsOf(week, elsewhere, ({ roomId }) => roomId, () => 'every');
  return rooms.filter(({ capacity }) => capacity > 0).map(({ id, building, capacity, kind, equipment }) => ({
    id: `r${id}`, capacity, kind, equipment, building: building || SOMEWHERE, closed: distinct([...away, ...closed.get(id) ?? []]), taken: distinct(taken.get(id) ?? []),
  }));
}

function slotsOf<Row extends WeeklySpan>(week: TeachingWeek, rows: readonly Row[], idOf: (row: Row) => number, weekOf: (row: Row) => Week): Map<number, Slot[]> {
  const slots = new Map<number, Slot[]>();
  for (const row of rows) {
    const touched = slotsTouched(week, row).map((slot) => ({ ...slot, week: weekOf(row) }));
    slots.set(idOf(row), [...slots.get(idOf(row)) ?? [], ...touched]);
  }
  return slots;
}

function distinct(slots: readonly Slot[]): Slot[] {
  return [...new Map(slots.map((slot) => [`${slot.day} ${slot.period} ${slot.week}`, slot])).values()];
}
