// A registrar's campus for one term, as plain objects with ids of strings: what a timetable is made for, and what one consists of.

/** Odd and even weeks alternate; what has a week of its own shares its slot with what is in the other one. */
export type Week = 'every' | 'odd' | 'even';

/** A period of a teaching day. Both count from 0: day 0 is the first teaching day of the week, period 0 the first of the day. */
export interface Slot {
  readonly day: number;
  readonly period: number;
  readonly week: Week;
}

/** How much somebody dislikes a slot: 0 means not at all. It holds for both weeks. */
export interface Preference {
  readonly day: number;
  readonly period: number;
  readonly cost: number;
}

export interface Building {
  readonly id: string;
}

/** The minutes between two buildings, in both directions. Buildings without a walk between them are next to each other. */
export interface Walk {
  readonly between: readonly [string, string];
  readonly minutes: number;
}

export interface Room {
  readonly id: string;
  readonly capacity: number;
  readonly kind: string;
  readonly equipment: readonly string[];
  readonly building: string;
  /** Slots in which nobody may use the room. */
  readonly closed: readonly Slot[];
  /** Slots that other departments have published. */
  readonly taken: readonly Slot[];
}

export interface Faculty {
  readonly id: string;
  readonly unavailable: readonly Slot[];
  readonly preferences: readonly Preference[];
  /** Periods that this person teaches on one day before it is too much. */
  readonly maxPerDay: number;
  /** Periods in the fuller of the two weeks. */
  readonly maxPerWeek: number;
}

/** A class of students who have their core subjects together. */
export interface Section {
  readonly id: string;
  readonly department: string;
  readonly size: number;
  /** Slots in which the section is elsewhere (a day in industry, classes of another timetable). */
  readonly unavailable: readonly Slot[];
}

export type PartKind = 'lecture' | 'tutorial' | 'lab';

/** What a class needs each week: `count` meetings of `length` consecutive periods, in rooms of a kind. */
export interface Part {
  readonly kind: PartKind;
  readonly count: number;
  readonly length: number;
  readonly roomKind: string;
  readonly equipment: readonly string[];
  readonly week: Week;
}

/** One subject taught together, by all of its faculty, to whole sections and to students who chose it. */
export interface TaughtClass {
  readonly id: string;
  readonly subject: string;
  readonly department: string;
  readonly faculty: readonly string[];
  readonly sections: readonly string[];
  /** Students who come: seats that a room must have. */
  readonly size: number;
  readonly parts: readonly Part[];
  /** Days over which the meetings should be spread at the least. */
  readonly minWorkingDays: number;
}

/** What a single student chose beside the section's subjects. A student of no section (null) has only these. */
export interface Enrolment {
  readonly student: string;
  readonly section: string | null;
  readonly classes: readonly string[];
  readonly unavailable: readonly Slot[];
}

/** One meeting of a class: `part` is the position among the class's parts, `occurrence` counts from 0 to the part's count. */
export interface Meeting {
  readonly class: string;
  readonly part: number;
  readonly occurrence: number;
}

/** Fixes the time of a meeting, or its room, or both; null leaves that open. */
export interface Lock extends Meeting {
  readonly slot: { readonly day: number; readonly period: number } | null;
  readonly room: string | null;
}

/** A meeting in its place: it begins at `period` and lasts `length` periods. */
export interface Entry extends Meeting {
  readonly day: number;
  readonly period: number;
  readonly length: number;
  readonly week: Week;
  readonly room: string;
}

export interface University {
  /** What people call classes' subjects, sections, faculty, rooms and kinds, by id; what isn't there is called by its id. */
  readonly names?: Readonly<Record<string, string>>;
  /** Teaching days a week, and which days of the week they are (ISO: 1 is Monday); periods a day. */
  readonly days: number;
  readonly weekdays: readonly number[];
  readonly periods: number;
  /** A break comes after this period (counted from 0), and lasts so many minutes; a block doesn't span one. */
  readonly breaks: readonly { readonly after: number; readonly minutes: number }[];
  /** Minutes from the end of a period to the beginning of the next where there is no break. */
  readonly changeMinutes: number;
  /** What a meeting in each period of a day costs: more than 0 for those that are too early or too late. */
  readonly periodCosts: readonly number[];
  /** 2 when odd and even weeks differ. */
  readonly weeks: 1 | 2;
  readonly buildings: readonly Building[];
  readonly walks: readonly Walk[];
  readonly rooms: readonly Room[];
  readonly faculty: readonly Faculty[];
  readonly sections: readonly Section[];
  readonly classes: readonly TaughtClass[];
  readonly enrolments: readonly Enrolment[];
  readonly locks: readonly Lock[];
  /** The entries of `previous` on these days, in these rooms and of these faculty members stay as they are. */
  readonly lockedDays: readonly number[];
  readonly lockedRooms: readonly string[];
  readonly lockedFaculty: readonly string[];
  /** The timetable so far, of which as much as possible is kept; empty when there is none. */
  readonly previous: readonly Entry[];
}

/** Which of the term's weeks a thing is in: 0 for odd ones (and for all, where weeks don't differ), 1 for even ones. */
export function weeksOf(week: Week, weeks: 1 | 2): readonly number[] {
  if (weeks === 1) return [0];
  if (week === 'every') return [0, 1];
  return week === 'odd' ? [0] : [1];
}

/** A slot's number within a term's two weeks, days and periods: (week · days + day) · periods + period. */
export function slotNumber(university: Pick<University, 'days' | 'periods'>, week: number, day: number, period: number): number {
  return (week * university.days + day) * university.periods + period;
}

/** The numbers of all slots that a list names; those outside the week are left out. */
export function slotNumbers(university: Pick<University, 'days' | 'periods' | 'weeks'>, slots: readonly Slot[]): Set<number> {
  const numbers = new Set<number>();
  for (const { day, period, week } of slots) {
    if (day < 0 || day >= university.days || period < 0 || period >= university.periods) continue;
    for (const each of weeksOf(week, university.weeks)) numbers.add(slotNumber(university, each, day, period));
  }
  return numbers;
}

/** Whether `length` periods from `period` on are within a day and no break is between them. */
export function isUnbroken(university: Pick<University, 'periods' | 'breaks'>, period: number, length: number): boolean {
  if (period < 0 || period + length > university.periods) return false;
  return university.breaks.every(({ after }) => after < period || after >= period + length - 1);
}

/** All meetings of a class, in the order of its parts. */
export function meetingsOf(taught: TaughtClass): Meeting[] {
  return taught.parts.flatMap(({ count }, part) => Array.from({ length: count }, (_, occurrence) => ({ class: taught.id, part, occurrence })));
}

/** A key that tells meetings apart. */
export function meetingKey({ class: id, part, occurrence }: Meeting): string {
  return `${id}\u0000${part}\u0000${occurrence}`;
}
