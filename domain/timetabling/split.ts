// Parts of a university as universities of their own, of which a later one keeps out of the way of what the earlier ones have.

import { meetingKey, meetingsOf, type Entry, type Slot, type University } from './university.ts';

/**
 * One university for each part (ids of classes). Each has the classes of its part, the faculty and sections that these need, all rooms of the kinds
 * that they need, and all enrolments of its sections' students (with the classes that are in the part). Ids stay, so that the entries of
 * the parts together are those of the whole.
 */
export function split(university: University, parts: readonly (readonly string[])[]): University[] {
  return parts.map((part) => {
    const ids = new Set(part);
    const classes = university.classes.filter(({ id }) => ids.has(id));
    const taughtSections = new Set(classes.flatMap(({ sections }) => sections));
    const enrolments = university.enrolments
      .map((enrolment) => ({ ...enrolment, classes: enrolment.classes.filter((id) => ids.has(id)) }))
      .filter(({ section, classes: chosen }) => chosen.length > 0 || (section !== null && taughtSections.has(section)));
    const sections = new Set([...taughtSections, ...enrolments.flatMap(({ section }) => (section === null ? [] : [section]))]);
    const faculty = new Set(classes.flatMap((taught) => taught.faculty));
    const kinds = new Set(classes.flatMap((taught) => taught.parts.map(({ roomKind }) => roomKind)));
    const rooms = university.rooms.filter(({ kind }) => kinds.has(kind));
    const roomIds = new Set(rooms.map(({ id }) => id));
    return {
      ...university, classes, enrolments, rooms,
      sections: university.sections.filter(({ id }) => sections.has(id)),
      faculty: university.faculty.filter(({ id }) => faculty.has(id)),
      locks: university.locks.filter((lock) => ids.has(lock.class)),
      lockedRooms: university.lockedRooms.filter((id) => roomIds.has(id)),
      lockedFaculty: university.lockedFaculty.filter((id) => faculty.has(id)),
      previous: university.previous.filter((entry) => ids.has(entry.class)),
    };
  });
}

/**
 * A part as it is once others have their entries: their rooms are taken, and their faculty, sections and students are elsewhere, at those times.
 * `whole` is the university that the part is of. Whatever breaks nothing in the result breaks nothing together with the entries.
 */
export function besides(part: University, whole: University, entries: readonly Entry[]): University {
  const own = new Set(part.classes.flatMap((taught) => meetingsOf(taught).map(meetingKey)));
  const others = entries.filter((entry) => !own.has(meetingKey(entry)));
  const inRoom = slotsBy(others, ({ room }) => [room]);
  const faculty = new Map(whole.classes.map((taught) => [taught.id, taught.faculty]));
  const sections = new Map(whole.classes.map((taught) => [taught.id, taught.sections]));
  const ofFaculty = slotsBy(others, (entry) => faculty.get(entry.class) ?? []);
  const ofSection = slotsBy(others, (entry) => sections.get(entry.class) ?? []);
  const ofClass = slotsBy(others, (entry) => [entry.class]);
  const chosen = new Map(whole.enrolments.map(({ student, classes }) => [student, classes]));
  const plus = (slots: readonly Slot[], more: readonly Slot[] | undefined) => (more === undefined || more.length === 0 ? slots : [...slots, ...more]);
  return {
    ...part,
    rooms: part.rooms.map((room) => ({ ...room, taken: plus(room.taken, inRoom.get(room.id)) })),
    faculty: part.faculty.map((member) => ({ ...member, unavailable: plus(member.unavailable, ofFaculty.get(member.id)) })),
    sections: part.sections.map((section) => ({ ...section, unavailable: plus(section.unavailable, ofSection.get(section.id)) })),
    enrolments: part.enrolments.map((enrolment) => ({
      ...enrolment, unavailable: plus(enrolment.unavailable, (chosen.get(enrolment.student) ?? []).flatMap((id) => ofClass.get(id) ?? [])),
    })),
  };
}

/** The slots of entries by what `keys` names for each. */
function slotsBy(entries: readonly Entry[], keys: (entry: Entry) => readonly string[]): Map<string, Slot[]> {
  const slots = new Map<string, Slot[]>();
  for (const entry of entries) {
    for (const key of keys(entry)) {
      const list = slots.get(key) ?? [];
      for (let offset = 0; offset < entry.length; offset += 1) list.push({ day: entry.day, period: entry.period + offset, week: entry.week });
      slots.set(key, list);
    }
  }
  return slots;
}
