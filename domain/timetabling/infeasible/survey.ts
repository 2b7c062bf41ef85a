// What all checks for infeasibility look at: each meeting with its possible times and rooms, and who has to be there.

import { awayTimes, possibleStarts } from '../availability.ts';
import { studentGroups, type StudentGroup } from '../groups.ts';
import { locksInForce } from '../locks.ts';
import { roomFits } from '../room-fit.ts';
import { meetingKey, meetingsOf, slotNumber, slotNumbers, type Lock, type Meeting, type Part, type TaughtClass, type University } from '../university.ts';
import type { Who } from './reasons.ts';

export interface SurveyedMeeting {
  readonly meeting: Meeting;
  readonly taught: TaughtClass;
  readonly part: Part;
  readonly lock: Lock | undefined;
  /** Slots (day · periods + period) in which it can begin, and positions of the rooms that it can use; a lock leaves the locked one. */
  readonly starts: readonly number[];
  readonly rooms: readonly number[];
}

/** Somebody with the classes that they can't miss, and the slot numbers in which they are elsewhere. */
export interface Person {
  readonly who: Who;
  readonly classes: readonly string[];
  readonly away: ReadonlySet<number>;
}

export interface Survey {
  readonly university: University;
  readonly meetings: readonly SurveyedMeeting[];
  readonly byClass: ReadonlyMap<string, readonly SurveyedMeeting[]>;
  /** Faculty, then sections and other students. */
  readonly people: readonly Person[];
  /** Of each class, the slot numbers in which any of its people is elsewhere. */
  readonly away: ReadonlyMap<string, ReadonlySet<number>>;
  /** Of each room, by position, the slot numbers in which it is closed or taken. */
  readonly shut: readonly ReadonlySet<number>[];
}

export function surveyOf(university: University): Survey {
  const groups = studentGroups(university);
  const away = awayTimes(university, groups);
  const locks = new Map(locksInForce(university).map((lock) => [meetingKey(lock), lock]));
  const roomIndex = new Map(university.rooms.map(({ id }, index) => [id, index]));
  const meetings = university.classes.flatMap((taught) => {
    const places = taught.parts.map((part) => ({
      starts: possibleStarts(university, part, away.get(taught.id) ?? new Set()),
      rooms: university.rooms.flatMap((room, index) => (roomFits(room, taught, part) ? [index] : [])),
    }));
    return meetingsOf(taught).map((meeting): SurveyedMeeting => {
      const { starts, rooms } = places[meeting.part] ?? { starts: [], rooms: [] };
      const lock = locks.get(meetingKey(meeting));
      return {
        meeting, taught, part: taught.parts[meeting.part] as Part, lock,
        starts: lock?.slot == null ? starts : [slotNumber(university, 0, lock.slot.day, lock.slot.period)],
        rooms: lock?.room == null ? rooms : [roomIndex.get(lock.room) ?? -1],
      };
    });
  });
  return {
    university, meetings, byClass: Map.groupBy(meetings, ({ taught }) => taught.id), people: peopleOf(university, groups), away,
    shut: university.rooms.map(({ closed, taken }) => slotNumbers(university, [...closed, ...taken])),
  };
}

/** Every period of meetings, which each need a time and a room of their own. */
export function unitsOf(meetings: readonly SurveyedMeeting[]): { readonly meeting: SurveyedMeeting; readonly offset: number }[] {
  return meetings.flatMap((meeting) => Array.from({ length: meeting.part.length }, (_, offset) => ({ meeting, offset })));
}

function peopleOf(university: University, groups: readonly StudentGroup[]): Person[] {
  const faculty = new Map(university.faculty.map(({ id, unavailable }) => [id, { classes: [] as string[], away: slotNumbers(university, unavailable) }]));
  const sections = new Map(university.sections.map(({ id, unavailable }) => [id, { classes: [] as string[], away: slotNumbers(university, unavailable) }]));
  for (const taught of university.classes) {
    for (const id of new Set(taught.faculty)) faculty.get(id)?.classes.push(taught.id);
    for (const id of new Set(taught.sections)) sections.get(id)?.classes.push(taught.id);
  }
  return [
    ...[...faculty].map(([id, { classes, away }]): Person => ({ who: { who: 'faculty', id }, classes, away })),
    ...[...sections].map(([id, { classes, away }]): Person => ({ who: { who: 'section', id }, classes, away })),
    ...groups.filter(({ section, classes }) => section === null || classes.length > (sections.get(section)?.classes.length ?? 0))
      .map(({ section, classes, students, unavailable }): Person => ({ who: { who: 'students', section, classes, students }, classes, away: unavailable })),
  ];
}

/** Who has to be at each class, by its id. */
export function peopleOfClasses(people: readonly Person[]): Map<string, Person[]> {
  const peopleOf = new Map<string, Person[]>();
  for (const person of people) {
    for (const id of person.classes) {
      const list = peopleOf.get(id);
      if (list === undefined) peopleOf.set(id, [person]);
      else list.push(person);
    }
  }
  return peopleOf;
}
