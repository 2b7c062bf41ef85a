// Students who have the same classes are one group: what must not collide for one of them must not for any.

import { slotNumbers, type Slot, type University } from './university.ts';

export interface StudentGroup {
  /** Ids of all their classes, the section's and the chosen ones, sorted and each once. */
  readonly classes: readonly string[];
  readonly section: string | null;
  readonly students: number;
  /** Slot numbers (see `slotNumber`) in which any of them is elsewhere, the section included. */
  readonly unavailable: ReadonlySet<number>;
}

/** Ids of the classes of each section that has any. */
export function classesOfSections(university: University): Map<string, string[]> {
  const classes = new Map<string, string[]>();
  for (const taught of university.classes) {
    for (const section of new Set(taught.sections)) {
      const list = classes.get(section);
      if (list === undefined) classes.set(section, [taught.id]);
      else list.push(taught.id);
    }
  }
  return classes;
}

/**
 * The groups of a university: one for each section's students without choices, and one for each distinct set of classes among the
 * enrolled. A section of which all students chose something has no group of its own, for every other group of it has its classes too.
 * Groups without classes are left out; a section with nobody in it is a group of 0 students.
 */
export function studentGroups(university: University): StudentGroup[] {
  const ofSections = classesOfSections(university);
  const unavailable = new Map(university.sections.map(({ id, unavailable: slots }) => [id, slots]));
  const remaining = new Map(university.sections.map(({ id, size }) => [id, size]));
  const merged = new Map<string, { classes: readonly string[]; section: string | null; students: number; slots: Slot[] }>();
  for (const enrolment of university.enrolments) {
    const { section } = enrolment;
    if (section !== null) remaining.set(section, (remaining.get(section) ?? 0) - 1);
    const classes = [...new Set([...(section === null ? [] : ofSections.get(section) ?? []), ...enrolment.classes])].sort();
    const key = `${section ?? ''}\u0000${classes.join('\u0000')}`;
    const group = merged.get(key);
    if (group === undefined) {
      merged.set(key, { classes, section, students: 1, slots: [...(section === null ? [] : unavailable.get(section) ?? []), ...enrolment.unavailable] });
    } else {
      group.students += 1;
      group.slots.push(...enrolment.unavailable);
    }
  }
  const chosen = [...merged.values()].map(({ slots, ...group }) => ({ ...group, unavailable: slotNumbers(university, slots) }));
  const covered = new Set(chosen.map(({ section }) => section));
  const without = university.sections.flatMap(({ id, unavailable: slots }) => {
    const students = remaining.get(id) ?? 0;
    const classes = ofSections.get(id) ?? [];
    return students > 0 || !covered.has(id) ? [{ classes: [...classes].sort(), section: id, students, unavailable: slotNumbers(university, slots) }] : [];
  });
  return [...without, ...chosen].filter(({ classes }) => classes.length > 0);
}
