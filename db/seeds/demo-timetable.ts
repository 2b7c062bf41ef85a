// The demo campus's ordinary week, built class by class: a class is only ever put where section, lecturer and room are free, and a
// lecturer or room is added when none is. So nothing is double-booked, whatever the size.

import type { SubjectPlan } from './demo-curriculum.ts';
import type { Random } from './random.ts';

/** Starts of the day's periods; a class lasts 55 minutes, a lab two periods. Lunch is from 13:00 to 14:00. */
const PERIOD_HOURS = [9, 10, 11, 12, 14, 15] as const;
const PERIOD_MINUTES = 55;
const TEACHING_DAYS = [1, 2, 3, 4, 5] as const;
const LAB_STARTS = [0, 2, 4] as const;
const FREE_AFTERNOON = 3;
const WEEKLY_LOAD = 16;
const HOD_LOAD = 8;
const PATTERNS_TRIED = 12;

/** Windows that no ordinary class uses, for makeups and moved classes: after classes, a free afternoon, Saturday morning. */
export const WEEKLY_WINDOWS = [
  { weekday: 1, start: '16:00', end: '18:00' },
  { weekday: 2, start: '16:00', end: '18:00' },
  { weekday: FREE_AFTERNOON, start: '14:00', end: '18:00' },
  { weekday: 4, start: '16:00', end: '18:00' },
  { weekday: 5, start: '16:00', end: '18:00' },
  { weekday: 6, start: '09:00', end: '13:00' },
];

/** The periods of the teaching week; `key` is what lecturers and halls are busy with. */
export const TEACHING_PERIODS = TEACHING_DAYS.flatMap((weekday) => PERIOD_HOURS.map((_, period) => ({ weekday, period, length: 1 })))
  .filter(isTeachingTime).map((time) => ({ key: periodKey(time.weekday, time.period), weekday: time.weekday, ...clock(time) }));

export interface Lecturer {
  /** From 0, in the order of the whole campus. */
  readonly number: number;
  readonly department: number;
  readonly isHod: boolean;
  readonly busy: Set<string>;
  readonly teaches: Set<string>;
}

export interface Hall {
  readonly number: number;
  readonly kind: 'theory' | 'lab';
  readonly equipment: string;
  readonly busy: Set<string>;
}

interface Meeting {
  /** ISO: 1 is Monday. */
  readonly weekday: number;
  readonly start: string;
  readonly end: string;
  readonly hall: Hall;
}

/** A section's subject with its lecturer and its weekly classes. */
interface Course {
  readonly section: number;
  readonly subject: SubjectPlan;
  readonly lecturer: Lecturer;
  readonly meetings: readonly Meeting[];
}

/** A section's place in what is taught; `department` is an index. */
export interface SectionPlan {
  readonly department: number;
  readonly labEquipment: string;
  readonly subjects: readonly SubjectPlan[];
}

interface Time {
  readonly weekday: number;
  readonly period: number;
  readonly length: number;
}

/**
 * A week for these sections (their indexes are the courses' `section`). Lecturers teach at most 16 periods a week, heads of
 * department at most 8; every department has its head as the first lecturer. Sections keep at least 10 free periods.
 */
export function buildWeek(sections: readonly SectionPlan[], random: Random): { courses: Course[]; lecturers: Lecturer[]; halls: Hall[] } {
  const week = new Week(sections, random);
  // Labs first: their blocks are the hardest to place.
  for (const type of ['lab', 'theory'] as const) {
    sections.forEach(({ subjects }, index) => {
      for (const subject of subjects) if (subject.type === type) week.place(index, subject);
    });
  }
  return week;
}

class Week {
  readonly courses: Course[] = [];
  readonly lecturers: Lecturer[] = [];
  readonly halls: Hall[] = [];
  private readonly sections: readonly SectionPlan[];
  private readonly random: Random;
  private readonly sectionBusy: readonly Set<string>[];

  constructor(sections: readonly SectionPlan[], random: Random) {
    this.sections = sections;
    this.random = random;
    this.sectionBusy = sections.map(() => new Set());
    for (const department of new Set(sections.map((section) => section.department))) this.addLecturer(department, true);
    // Some more lecture halls than the week needs at its fullest, so that a class finds a room to move to.
    for (let count = 0; count < Math.max(3, Math.ceil(0.75 * sections.length)); count += 1) this.addHall('theory', '');
  }

  place(section: number, subject: SubjectPlan): void {
    const { department } = this.sections[section]!;
    const patterns = Array.from({ length: PATTERNS_TRIED }, () => this.pattern(section, subject));
    const found = this.firstWithLecturer(patterns, department, subject);
    const times = found?.times ?? patterns[0]!;
    const lecturer = found?.lecturer ?? this.addLecturer(department, false);
    const meetings = times.map((time) => {
      const hall = this.hallFor(section, subject, time);
      for (const busy of [this.sectionBusy[section]!, lecturer.busy, hall.busy]) {
        for (const key of periodKeys(time)) busy.add(key);
      }
      return { weekday: time.weekday, ...clock(time), hall };
    });
    lecturer.teaches.add(subject.code);
    this.courses.push({ section, subject, lecturer, meetings });
  }

  /** Times at which the section is free: a lab's block, or single periods on as many days as there are, the emptier days first. */
  private pattern(section: number, { type, periods }: SubjectPlan): Time[] {
    const busy = this.sectionBusy[section]!;
    const isFree = (time: Time): boolean => isTeachingTime(time) && periodKeys(time).every((key) => !busy.has(key));
    const classesOn = (weekday: number): number => PERIOD_HOURS.filter((_, period) => busy.has(periodKey(weekday, period))).length;
    if (type === 'lab') {
      const blocks = TEACHING_DAYS.flatMap((weekday) => LAB_STARTS.map((period) => ({ weekday, period, length: periods })));
      return [this.random.shuffled(blocks).find(isFree)!];
    }
    const days = this.random.shuffled(TEACHING_DAYS).sort((a, b) => classesOn(a) - classesOn(b));
    const singles = days.flatMap((weekday) => {
      const times = PERIOD_HOURS.map((_, period) => ({ weekday, period, length: 1 }));
      return this.random.shuffled(times).find(isFree) ?? [];
    });
    return singles.slice(0, periods);
  }

  /** The first pattern for which a lecturer of the department is free and has hours left; those who teach the subject come first. */
  private firstWithLecturer(patterns: readonly Time[][], department: number, subject: SubjectPlan) {
    const own = this.lecturers.filter((lecturer) => lecturer.department === department);
    const knowing = own.filter((lecturer) => lecturer.teaches.has(subject.code));
    for (const times of patterns) {
      const keys = times.flatMap(periodKeys);
      const canTake = ({ busy, isHod }: Lecturer): boolean =>
        busy.size + keys.length <= (isHod ? HOD_LOAD : WEEKLY_LOAD) && keys.every((key) => !busy.has(key));
      const lecturer = knowing.find(canTake) ?? own.find(canTake);
      if (lecturer !== undefined) return { times, lecturer };
    }
    return undefined;
  }

  /** A free room, the section's usual one first. */
  private hallFor(section: number, { type }: SubjectPlan, time: Time): Hall {
    const equipment = type === 'lab' ? this.sections[section]!.labEquipment : '';
    const suitable = this.halls.filter((hall) => hall.kind === type && hall.equipment === equipment);
    const usual = suitable.length === 0 ? 0 : section % suitable.length;
    const inOrder = [...suitable.slice(usual), ...suitable.slice(0, usual)];
    return inOrder.find((hall) => periodKeys(time).every((key) => !hall.busy.has(key))) ?? this.addHall(type, equipment);
  }

  private addLecturer(department: number, isHod: boolean): Lecturer {
    const lecturer = { number: this.lecturers.length, department, isHod, busy: new Set<string>(), teaches: new Set<string>() };
    this.lecturers.push(lecturer);
    return lecturer;
  }

  private addHall(kind: Hall['kind'], equipment: string): Hall {
    const hall = { number: this.halls.length, kind, equipment, busy: new Set<string>() };
    this.halls.push(hall);
    return hall;
  }
}

function isTeachingTime({ weekday, period }: Time): boolean {
  return !(weekday === FREE_AFTERNOON && PERIOD_HOURS[period]! >= 14);
}

function periodKeys({ weekday, period, length }: Time): string[] {
  return Array.from({ length }, (_, offset) => periodKey(weekday, period + offset));
}

function periodKey(weekday: number, period: number): string {
  return `${weekday}.${period}`;
}

function clock({ period, length }: Time): { start: string; end: string } {
  const hour = (index: number): string => String(PERIOD_HOURS[index]).padStart(2, '0');
  return { start: `${hour(period)}:00`, end: `${hour(period + length - 1)}:${PERIOD_MINUTES}` };
}
