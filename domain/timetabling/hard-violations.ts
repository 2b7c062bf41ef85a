// What makes a timetable impossible, found entry by entry and pair by pair: the independent check before anything is published.

import { locksInForce } from './locks.ts';
import { isUnbroken, meetingKey, meetingsOf, slotNumber, slotNumbers, weeksOf, type Entry, type Meeting, type TaughtClass, type University } from './university.ts';

/** One violation; each counts 1. Periods, days and meetings are numbered from 0. */
export type HardViolation =
  /** A meeting of the university has no entry. */
  | { readonly kind: 'unplaced'; readonly meeting: Meeting }
  /** An entry names a meeting or a room that there isn't, has another length or week than its part, or is there twice. */
  | { readonly kind: 'unknown' | 'twice'; readonly meeting: Meeting }
  /** Outside the week or across a break. */
  | { readonly kind: 'block'; readonly meeting: Meeting }
  /** The room: too small, of another kind, without what is needed. */
  | { readonly kind: 'room-size' | 'room-kind' | 'room-equipment'; readonly meeting: Meeting; readonly room: string }
  /** Somebody who is part of it is elsewhere in one of its periods. */
  | { readonly kind: 'faculty-unavailable' | 'section-unavailable' | 'student-unavailable'; readonly meeting: Meeting; readonly id: string }
  /** It isn't where it is locked. */
  | { readonly kind: 'lock'; readonly meeting: Meeting }
  /** Two meetings in one period that share a class, faculty, a section or students; once for a pair and period, whatever they share. */
  | { readonly kind: 'clash'; readonly meeting: Meeting; readonly other: Meeting; readonly day: number; readonly period: number }
  /** A period and week of a room with `count` uses beyond the first, of which it being closed or taken is one. */
  | { readonly kind: 'room'; readonly room: string; readonly day: number; readonly period: number; readonly week: number; readonly count: number };

/** How much a list of violations counts: each 1, a room's period as much as it is overbooked. */
export function hardCount(violations: readonly HardViolation[]): number {
  return violations.reduce((sum, violation) => sum + (violation.kind === 'room' ? violation.count : 1), 0);
}

interface Attendance {
  readonly faculty: ReadonlySet<string>;
  readonly sections: ReadonlySet<string>;
  readonly students: ReadonlySet<string>;
}

/** All that breaks a hard constraint in `entries`. Deliberately plain: it compares entries and people by name, student by student. */
export function hardViolations(university: University, entries: readonly Entry[]): HardViolation[] {
  const classes = new Map(university.classes.map((taught) => [taught.id, taught]));
  const rooms = new Map(university.rooms.map((room) => [room.id, room]));
  const seen = new Set<string>();
  const violations: HardViolation[] = [];
  const known: Entry[] = [];
  for (const entry of entries) {
    const part = classes.get(entry.class)?.parts[entry.part];
    const meeting = { class: entry.class, part: entry.part, occurrence: entry.occurrence };
    if (part === undefined || entry.occurrence < 0 || entry.occurrence >= part.count || !rooms.has(entry.room) || entry.length !== part.length || entry.week !== part.week) {
      violations.push({ kind: 'unknown', meeting });
    } else if (seen.has(meetingKey(entry))) {
      violations.push({ kind: 'twice', meeting });
    } else {
      seen.add(meetingKey(entry));
      known.push(entry);
    }
  }
  for (const taught of university.classes) {
    for (const meeting of meetingsOf(taught)) if (!seen.has(meetingKey(meeting))) violations.push({ kind: 'unplaced', meeting });
  }
  const attendance = attendanceOf(university);
  return [
    ...violations, ...badPlaces(university, classes, known), ...absences(university, attendance, known), ...locksBroken(university, known),
    ...clashes(university, attendance, known), ...roomsOverbooked(university, known),
  ];
}

const meetingOf = ({ class: id, part, occurrence }: Entry): Meeting => ({ class: id, part, occurrence });

/** Numbers of the slots that an entry is in, of both weeks; what is beyond the end of the day is in none. */
function slotsOf(university: University, { day, period, length, week }: Entry): number[] {
  const inDay = Math.min(length, university.periods - period);
  return weeksOf(week, university.weeks).flatMap((each) => Array.from({ length: inDay }, (_, offset) => slotNumber(university, each, day, period + offset)));
}

/** Who attends each class, by its id: the students of a section are known by the enrolments only. */
function attendanceOf(university: University): Map<string, Attendance> {
  const students = new Map<string, Set<string>>(university.classes.map(({ id }) => [id, new Set()]));
  const bySection = new Map<string, string[]>();
  for (const { id, sections } of university.classes) for (const section of sections) bySection.set(section, [...(bySection.get(section) ?? []), id]);
  for (const { student, section, classes } of university.enrolments) {
    for (const id of [...classes, ...(section === null ? [] : bySection.get(section) ?? [])]) students.get(id)?.add(student);
  }
  return new Map(university.classes.map(({ id, faculty, sections }) => [
    id, { faculty: new Set(faculty), sections: new Set(sections), students: students.get(id) ?? new Set() },
  ]));
}

function badPlaces(university: University, classes: ReadonlyMap<string, TaughtClass>, entries: readonly Entry[]): HardViolation[] {
  const rooms = new Map(university.rooms.map((room) => [room.id, room]));
  return entries.flatMap((entry): HardViolation[] => {
    const taught = classes.get(entry.class);
    const part = taught?.parts[entry.part];
    const room = rooms.get(entry.room);
    if (taught === undefined || part === undefined || room === undefined) return [];
    const meeting = meetingOf(entry);
    const found: HardViolation[] = [];
    if (entry.day < 0 || entry.day >= university.days || !isUnbroken(university, entry.period, entry.length)) found.push({ kind: 'block', meeting });
    if (room.kind !== part.roomKind) found.push({ kind: 'room-kind', meeting, room: room.id });
    if (part.equipment.some((item) => !room.equipment.includes(item))) found.push({ kind: 'room-equipment', meeting, room: room.id });
    if (room.capacity < taught.size) found.push({ kind: 'room-size', meeting, room: room.id });
    return found;
  });
}

function absences(university: University, attendance: ReadonlyMap<string, Attendance>, entries: readonly Entry[]): HardViolation[] {
  const away = (people: readonly { readonly id: string; readonly unavailable: Parameters<typeof slotNumbers>[1] }[]) =>
    new Map(people.filter(({ unavailable }) => unavailable.length > 0).map(({ id, unavailable }) => [id, slotNumbers(university, unavailable)]));
  const faculty = away(university.faculty);
  const sections = away(university.sections);
  const students = away(university.enrolments.map(({ student, unavailable }) => ({ id: student, unavailable })));
  return entries.flatMap((entry) => {
    const slots = slotsOf(university, entry);
    const who = attendance.get(entry.class);
    const meeting = meetingOf(entry);
    const missing = (kind: 'faculty-unavailable' | 'section-unavailable' | 'student-unavailable', ids: Iterable<string>, unavailable: ReadonlyMap<string, Set<number>>) =>
      unavailable.size === 0 ? [] : [...ids].filter((id) => slots.some((slot) => unavailable.get(id)?.has(slot) === true)).map((id) => ({ kind, meeting, id }));
    return [
      ...missing('faculty-unavailable', who?.faculty ?? [], faculty),
      ...missing('section-unavailable', who?.sections ?? [], sections),
      ...missing('student-unavailable', who?.students ?? [], students),
    ];
  });
}

function locksBroken(university: University, entries: readonly Entry[]): HardViolation[] {
  const placed = new Map(entries.map((entry) => [meetingKey(entry), entry]));
  return locksInForce(university).flatMap((lock) => {
    const entry = placed.get(meetingKey(lock));
    if (entry === undefined) return [];
    const isKept = (lock.slot === null || (lock.slot.day === entry.day && lock.slot.period === entry.period)) && (lock.room === null || lock.room === entry.room);
    return isKept ? [] : [{ kind: 'lock' as const, meeting: meetingOf(entry) }];
  });
}

function clashes(university: University, attendance: ReadonlyMap<string, Attendance>, entries: readonly Entry[]): HardViolation[] {
  const inSlot = new Map<number, Entry[]>();
  for (const entry of entries) for (const slot of slotsOf(university, entry)) inSlot.set(slot, [...(inSlot.get(slot) ?? []), entry]);
  const found = new Map<string, HardViolation>();
  for (const [slot, together] of inSlot) {
    const period = slot % university.periods;
    const day = Math.floor(slot / university.periods) % university.days;
    const first = new Map<string, Entry[]>();
    for (const entry of together) {
      const who = attendance.get(entry.class);
      const keys = [`class ${entry.class}`, ...prefixed('faculty', who?.faculty), ...prefixed('section', who?.sections), ...prefixed('student', who?.students)];
      for (const key of keys) {
        const others = first.get(key) ?? [];
        for (const other of others) {
          const pair = [meetingKey(entry), meetingKey(other)].sort().join('\u0001');
          found.set(`${pair}\u0001${day} ${period}`, { kind: 'clash', meeting: meetingOf(other), other: meetingOf(entry), day, period });
        }
        first.set(key, [...others, entry]);
      }
    }
  }
  return [...found.values()];
}

const prefixed = (kind: string, ids: ReadonlySet<string> = new Set()) => [...ids].map((id) => `${kind} ${id}`);

function roomsOverbooked(university: University, entries: readonly Entry[]): HardViolation[] {
  return university.rooms.flatMap((room) => {
    const uses = new Map<number, number>();
    for (const slot of slotNumbers(university, [...room.closed, ...room.taken])) uses.set(slot, 1);
    for (const entry of entries) {
      if (entry.room === room.id) for (const slot of slotsOf(university, entry)) uses.set(slot, (uses.get(slot) ?? 0) + 1);
    }
    return [...uses].filter(([, count]) => count > 1).map(([slot, count]) => ({
      kind: 'room' as const,
      room: room.id,
      day: Math.floor(slot / university.periods) % university.days,
      period: slot % university.periods,
      week: Math.floor(slot / (university.periods * university.days)),
      count: count - 1,
    }));
  });
}
