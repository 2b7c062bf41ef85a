// What stands against each meeting that a timetable has no place for, slot by slot.

import { slotsFrom } from './availability.ts';
import { peopleOfClasses, surveyOf, type Person, type Survey, type SurveyedMeeting } from './infeasible/survey.ts';
import type { Who } from './infeasible/reasons.ts';
import { isUnbroken, meetingKey, weeksOf, type Entry, type Meeting, type University } from './university.ts';

export type Blocker =
  /** It is locked to another slot. */
  | { readonly code: 'locked' }
  | ({ readonly code: 'away' } & Who)
  /** Somebody has another meeting, of which one is told. */
  | ({ readonly code: 'busy'; readonly with: Meeting } & Who)
  /** Of the rooms that are good enough, so many are closed or another department's, and so many are used by `with` and others. */
  | { readonly code: 'rooms'; readonly shut: number; readonly used: number; readonly with: Meeting | null };

export type BlockedBy = 'locked' | 'rooms' | `${'away' | 'busy'}-${Who['who']}`;

export interface BlockedSlot {
  readonly day: number;
  readonly period: number;
  /** Empty where the meeting could be put at once. */
  readonly blockers: readonly Blocker[];
}

export interface BlockedMeeting {
  readonly meeting: Meeting;
  /** The slots in which it could begin as far as day and breaks go. */
  readonly slots: readonly BlockedSlot[];
  /** In how many of them each reason stands against it, whoever it is about: `locked`, `rooms`, `away-faculty`, `busy-section` and so on. */
  readonly counts: Readonly<Partial<Record<BlockedBy, number>>>;
}

/** For each of `unplaced` (meetings of the university without an entry) what stands against it beside the entries. */
export function blockers(university: University, entries: readonly Entry[], unplaced: readonly Meeting[]): BlockedMeeting[] {
  const survey = surveyOf(university);
  const surveyed = new Map(survey.meetings.map((each) => [meetingKey(each.meeting), each]));
  const peopleOf = peopleOfClasses(survey.people);
  const inUse = usesOf(survey, entries, peopleOf);
  return unplaced.flatMap((meeting) => {
    const found = surveyed.get(meetingKey(meeting));
    if (found === undefined) return [];
    const slots = Array.from({ length: university.days * university.periods }, (_, slot) => slot)
      .filter((slot) => isUnbroken(university, slot % university.periods, found.part.length))
      .map((slot): BlockedSlot => ({
        day: Math.floor(slot / university.periods), period: slot % university.periods, blockers: blockersAt(survey, found, peopleOf.get(meeting.class) ?? [], inUse, slot),
      }));
    return [{ meeting, slots, counts: countsOf(slots) }];
  });
}

/** Who uses what in each slot number: people (and classes, by their id) and rooms (by position). */
interface Uses {
  readonly people: ReadonlyMap<Person, ReadonlyMap<number, Meeting>>;
  readonly classes: ReadonlyMap<string, ReadonlyMap<number, Meeting>>;
  readonly rooms: ReadonlyMap<number, ReadonlyMap<number, Meeting>>;
}

function usesOf({ university }: Survey, entries: readonly Entry[], peopleOf: ReadonlyMap<string, readonly Person[]>): Uses {
  const people = new Map<Person, Map<number, Meeting>>();
  const classes = new Map<string, Map<number, Meeting>>();
  const rooms = new Map<number, Map<number, Meeting>>();
  const roomIndex = new Map(university.rooms.map(({ id }, index) => [id, index]));
  const use = <K>(uses: Map<K, Map<number, Meeting>>, key: K, number: number, meeting: Meeting) => {
    const slots = uses.get(key) ?? new Map<number, Meeting>();
    slots.set(number, meeting);
    uses.set(key, slots);
  };
  for (const { class: id, part, occurrence, day, period, length, week, room } of entries) {
    const meeting = { class: id, part, occurrence };
    for (const number of slotsFrom(university, day * university.periods + period, length, weeksOf(week, university.weeks))) {
      use(classes, id, number, meeting);
      use(rooms, roomIndex.get(room) ?? -1, number, meeting);
      for (const person of peopleOf.get(id) ?? []) use(people, person, number, meeting);
    }
  }
  return { people, classes, rooms };
}

function blockersAt({ university, shut }: Survey, { taught, part, lock, starts, rooms }: SurveyedMeeting, people: readonly Person[], inUse: Uses, slot: number): Blocker[] {
  const numbers = slotsFrom(university, slot, part.length, weeksOf(part.week, university.weeks));
  const usedBy = (uses: ReadonlyMap<number, Meeting> | undefined) => numbers.map((number) => uses?.get(number)).find((meeting) => meeting !== undefined);
  const found: Blocker[] = lock?.slot != null && starts[0] !== slot ? [{ code: 'locked' }] : [];
  const own = usedBy(inUse.classes.get(taught.id));
  if (own !== undefined) found.push({ code: 'busy', who: 'class', id: taught.id, with: own });
  // The class's own meetings are told once, not for everybody in it; so is what keeps many sets of students, or them and their section.
  const toldOf = new Set<string>();
  for (const person of people) {
    const { who } = person;
    const isAway = numbers.some((number) => person.away.has(number));
    const other = usedBy(inUse.people.get(person));
    if (isAway && !(who.who === 'students' && toldOf.has('away'))) found.push({ code: 'away', ...who });
    if (isAway && who.who !== 'faculty') toldOf.add('away');
    if (other === undefined || other.class === taught.id || (who.who === 'students' && toldOf.has(meetingKey(other)))) continue;
    found.push({ code: 'busy', ...who, with: other });
    toldOf.add(meetingKey(other));
  }
  const closed = rooms.filter((room) => numbers.some((number) => shut[room]?.has(number) === true));
  const used = rooms.filter((room) => !closed.includes(room)).flatMap((room) => usedBy(inUse.rooms.get(room)) ?? []);
  if (closed.length + used.length === rooms.length) found.push({ code: 'rooms', shut: closed.length, used: used.length, with: used[0] ?? null });
  return found;
}

function countsOf(slots: readonly BlockedSlot[]): BlockedMeeting['counts'] {
  const counts: Partial<Record<BlockedBy, number>> = {};
  for (const { blockers: found } of slots) {
    const reasons = new Set(found.map((blocker): BlockedBy => ('who' in blocker ? `${blocker.code}-${blocker.who}` as const : blocker.code)));
    for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}
