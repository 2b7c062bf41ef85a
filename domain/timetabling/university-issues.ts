// Whether the description of a university holds together: ids, references, ranges. What is wrong in it nobody should have to find in a timetable.

import type { Slot, University } from './university.ts';

/**
 * - `duplicate`: `value` was there before
 * - `unknown`: `value` refers to nothing; `expected` says among what it should be
 * - `range`: `value` isn't a whole number within `expected`
 * - `empty`: a list or an id that needs something in it
 * - `week`: a week of its own where weeks don't differ
 */
export type IssueReason = 'duplicate' | 'unknown' | 'range' | 'empty' | 'week';

export interface UniversityIssue {
  /** Path of the field, e.g. `rooms[3].capacity`. */
  readonly field: string;
  readonly why: IssueReason;
  readonly value: string | number;
  /** What would be right: a range such as `1..40`, the name of a list, or `every`. */
  readonly expected: string;
}

/** Most days a week and periods a day that a timetable may have. */
const MOST_DAYS = 7;
const MOST_PERIODS = 16;
const MOST_STUDENTS = 100_000;

/** All that is wrong in a description, in the order of its fields; empty when it can be worked with. */
export function universityIssues(university: University): UniversityIssue[] {
  return new Checker(university).issues;
}

class Checker {
  readonly issues: UniversityIssue[] = [];
  readonly #university: University;
  readonly #ids: Record<'buildings' | 'rooms' | 'faculty' | 'sections' | 'classes', ReadonlySet<string>>;
  readonly #parts: ReadonlyMap<string, University['classes'][number]['parts']>;

  constructor(university: University) {
    const ids = (list: readonly { readonly id: string }[]) => new Set(list.map(({ id }) => id));
    this.#university = university;
    this.#ids = {
      buildings: ids(university.buildings), rooms: ids(university.rooms), faculty: ids(university.faculty), sections: ids(university.sections), classes: ids(university.classes),
    };
    this.#parts = new Map(university.classes.map(({ id, parts }) => [id, parts]));
    this.#week();
    this.#places();
    this.#people();
    this.#classes();
    this.#choices();
    this.#locks();
  }

  #add(field: string, why: IssueReason, value: string | number, expected: string): void {
    this.issues.push({ field, why, value, expected });
  }

  #range(field: string, value: number, least: number, most: number): boolean {
    const isWithin = Number.isInteger(value) && value >= least && value <= most;
    if (!isWithin) this.#add(field, 'range', value, `${least}..${most}`);
    return isWithin;
  }

  #refers(field: string, value: string, list: 'buildings' | 'rooms' | 'faculty' | 'sections' | 'classes'): void {
    if (!this.#ids[list].has(value)) this.#add(field, 'unknown', value, list);
  }

  /** A list that refers to things, each once. */
  #references(field: string, values: readonly string[], list: 'rooms' | 'faculty' | 'sections' | 'classes'): void {
    values.forEach((value, index) => { this.#refers(`${field}[${index}]`, value, list); });
    this.#distinct(field, values, (index) => `${field}[${index}]`);
  }

  #distinct(what: string, values: readonly string[], field: (index: number) => string): void {
    const seen = new Set<string>();
    values.forEach((value, index) => {
      if (value === '') this.#add(field(index), 'empty', value, what);
      if (seen.has(value)) this.#add(field(index), 'duplicate', value, what);
      seen.add(value);
    });
  }

  #slots(field: string, slots: readonly Slot[]): void {
    slots.forEach(({ day, period, week }, index) => {
      this.#slot(`${field}[${index}]`, day, period);
      this.#ownWeek(`${field}[${index}].week`, week);
    });
  }

  #slot(field: string, day: number, period: number): void {
    this.#range(`${field}.day`, day, 0, this.#university.days - 1);
    this.#range(`${field}.period`, period, 0, this.#university.periods - 1);
  }

  #ownWeek(field: string, week: Slot['week']): void {
    if (this.#university.weeks === 1 && week !== 'every') this.#add(field, 'week', week, 'every');
  }

  #week(): void {
    const { days, weekdays, periods, breaks, changeMinutes, periodCosts } = this.#university;
    this.#range('days', days, 1, MOST_DAYS);
    this.#range('weekdays.length', weekdays.length, days, days);
    weekdays.forEach((weekday, index) => { this.#range(`weekdays[${index}]`, weekday, 1, MOST_DAYS); });
    this.#distinct('weekdays', weekdays.map(String), (index) => `weekdays[${index}]`);
    this.#range('periods', periods, 1, MOST_PERIODS);
    this.#range('changeMinutes', changeMinutes, 0, 24 * 60);
    this.#range('periodCosts.length', periodCosts.length, periods, periods);
    periodCosts.forEach((cost, index) => { this.#range(`periodCosts[${index}]`, cost, 0, 100); });
    breaks.forEach(({ after, minutes }, index) => {
      this.#range(`breaks[${index}].after`, after, 0, periods - 2);
      this.#range(`breaks[${index}].minutes`, minutes, 0, 24 * 60);
    });
    this.#distinct('breaks', breaks.map(({ after }) => String(after)), (index) => `breaks[${index}].after`);
  }

  #places(): void {
    const { buildings, walks, rooms } = this.#university;
    this.#distinct('buildings', buildings.map(({ id }) => id), (index) => `buildings[${index}].id`);
    walks.forEach(({ between, minutes }, index) => {
      for (const building of between) this.#refers(`walks[${index}].between`, building, 'buildings');
      this.#range(`walks[${index}].minutes`, minutes, 0, 24 * 60);
    });
    this.#distinct('walks', walks.map(({ between }) => [...between].sort().join(' – ')), (index) => `walks[${index}].between`);
    this.#distinct('rooms', rooms.map(({ id }) => id), (index) => `rooms[${index}].id`);
    rooms.forEach((room, index) => {
      this.#range(`rooms[${index}].capacity`, room.capacity, 1, MOST_STUDENTS);
      this.#refers(`rooms[${index}].building`, room.building, 'buildings');
      this.#slots(`rooms[${index}].closed`, room.closed);
      this.#slots(`rooms[${index}].taken`, room.taken);
    });
  }

  #people(): void {
    const { days, periods, faculty, sections } = this.#university;
    this.#distinct('faculty', faculty.map(({ id }) => id), (index) => `faculty[${index}].id`);
    faculty.forEach((member, index) => {
      this.#slots(`faculty[${index}].unavailable`, member.unavailable);
      member.preferences.forEach(({ day, period, cost }, at) => {
        this.#slot(`faculty[${index}].preferences[${at}]`, day, period);
        this.#range(`faculty[${index}].preferences[${at}].cost`, cost, 0, 100);
      });
      this.#distinct(`faculty[${index}].preferences`, member.preferences.map(({ day, period }) => `${day} ${period}`), (at) => `faculty[${index}].preferences[${at}]`);
      this.#range(`faculty[${index}].maxPerDay`, member.maxPerDay, 0, periods);
      this.#range(`faculty[${index}].maxPerWeek`, member.maxPerWeek, 0, days * periods);
    });
    this.#distinct('sections', sections.map(({ id }) => id), (index) => `sections[${index}].id`);
    sections.forEach((section, index) => {
      this.#range(`sections[${index}].size`, section.size, 0, MOST_STUDENTS);
      this.#slots(`sections[${index}].unavailable`, section.unavailable);
    });
  }

  #classes(): void {
    const { days, periods, classes } = this.#university;
    this.#distinct('classes', classes.map(({ id }) => id), (index) => `classes[${index}].id`);
    classes.forEach((taught, index) => {
      const field = `classes[${index}]`;
      this.#references(`${field}.faculty`, taught.faculty, 'faculty');
      this.#references(`${field}.sections`, taught.sections, 'sections');
      this.#range(`${field}.size`, taught.size, 0, MOST_STUDENTS);
      this.#range(`${field}.minWorkingDays`, taught.minWorkingDays, 0, days);
      if (taught.parts.length === 0) this.#add(`${field}.parts`, 'empty', 0, 'parts');
      taught.parts.forEach((part, at) => {
        this.#range(`${field}.parts[${at}].count`, part.count, 1, days * periods);
        this.#range(`${field}.parts[${at}].length`, part.length, 1, periods);
        this.#ownWeek(`${field}.parts[${at}].week`, part.week);
      });
    });
  }

  #choices(): void {
    const { enrolments, sections, classes: taught } = this.#university;
    this.#distinct('enrolments', enrolments.map(({ student }) => student), (index) => `enrolments[${index}].student`);
    const enrolled = new Map<string, number>();
    const choosers = new Map<string, number>();
    enrolments.forEach(({ section, classes, unavailable }, index) => {
      if (section !== null) {
        this.#refers(`enrolments[${index}].section`, section, 'sections');
        enrolled.set(section, (enrolled.get(section) ?? 0) + 1);
      }
      this.#references(`enrolments[${index}].classes`, classes, 'classes');
      for (const id of classes) choosers.set(id, (choosers.get(id) ?? 0) + 1);
      this.#slots(`enrolments[${index}].unavailable`, unavailable);
    });
    sections.forEach(({ id, size }, index) => {
      const students = enrolled.get(id) ?? 0;
      if (size >= 0 && students > size) this.#range(`sections[${index}].size`, size, students, MOST_STUDENTS);
    });
    taught.forEach(({ id, size }, index) => {
      const students = choosers.get(id) ?? 0;
      if (size >= 0 && students > size) this.#range(`classes[${index}].size`, size, students, MOST_STUDENTS);
    });
  }

  #locks(): void {
    const { days, locks, lockedDays, lockedRooms, lockedFaculty, previous } = this.#university;
    locks.forEach((lock, index) => {
      const field = `locks[${index}]`;
      this.#meeting(field, lock);
      if (lock.slot !== null) this.#slot(`${field}.slot`, lock.slot.day, lock.slot.period);
      if (lock.room !== null) this.#refers(`${field}.room`, lock.room, 'rooms');
      if (lock.slot === null && lock.room === null) this.#add(field, 'empty', lock.class, 'slot or room');
    });
    lockedDays.forEach((day, index) => { this.#range(`lockedDays[${index}]`, day, 0, days - 1); });
    this.#references('lockedRooms', lockedRooms, 'rooms');
    this.#references('lockedFaculty', lockedFaculty, 'faculty');
    // What the previous timetable has beyond this one (classes, rooms that are no more) is no mistake: it isn't kept.
    previous.forEach((entry, index) => { this.#slot(`previous[${index}]`, entry.day, entry.period); });
  }

  #meeting(field: string, meeting: { readonly class: string; readonly part: number; readonly occurrence: number }): void {
    this.#refers(`${field}.class`, meeting.class, 'classes');
    const parts = this.#parts.get(meeting.class);
    if (parts === undefined) return;
    const part = parts[meeting.part];
    if (!this.#range(`${field}.part`, meeting.part, 0, parts.length - 1) || part === undefined) return;
    this.#range(`${field}.occurrence`, meeting.occurrence, 0, part.count - 1);
  }
}
