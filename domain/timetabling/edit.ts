// What moving entries by hand would break and what it would do to the quality, from those alone whom it concerns.

import type { Draft } from './draft.ts';
import { hardViolations, type HardViolation } from './hard-violations.ts';
import { compactness, continuity, facultyPreference, peakSpread, roomUse, workloadBalance } from './score.ts';
import { meetingKey, slotNumber, type Enrolment, type Entry, type Meeting, type University } from './university.ts';
import { qualityParts, type QualityPart } from './variants.ts';

/** A meeting dragged to another place, or to its first one. */
export interface Move extends Meeting {
  readonly day: number;
  readonly period: number;
  readonly room: string;
}

export interface Effect {
  /** Violations that there would be beside those that there are, and those that would be gone. */
  readonly broken: readonly HardViolation[];
  readonly mended: readonly HardViolation[];
  /** Points of the quality score (of 100) gained, and of each part. */
  readonly gain: number;
  readonly parts: Readonly<Record<QualityPart, number>>;
}

/**
 * The effect of moves carried out together (one, or the two of a swap), each of another meeting.
 * @throws RangeError when the university has no such meeting or room, or the week no such period
 */
export function effectOf(draft: Draft, moves: readonly Move[]): Effect {
  const replaced = new Map(moves.map((move) => [meetingKey(move), entryAfter(draft, move)]));
  const concerned = concernedBy(draft, moves);
  const before = concerned.flatMap((key) => draft.entryOf.get(key) ?? []);
  const after = concerned.flatMap((key) => replaced.get(key) ?? draft.entryOf.get(key) ?? []);
  const around = surroundings(draft, [...before, ...after]);
  const [was, is] = [hardViolations(around, before), hardViolations(around, after)];
  return { broken: beyond(is, was), mended: beyond(was, is), ...qualityChange(draft, replaced) };
}

/** The entries with the moves carried out. @throws RangeError as `effectOf` */
export function entriesAfter(draft: Draft, moves: readonly Move[]): Entry[] {
  const replaced = new Map(moves.map((move) => [meetingKey(move), entryAfter(draft, move)]));
  const added = [...replaced].filter(([key]) => !draft.entryOf.has(key)).map(([, entry]) => entry);
  return [...draft.entries.map((entry) => replaced.get(meetingKey(entry)) ?? entry), ...added];
}

function entryAfter(draft: Draft, { class: id, part, occurrence, day, period, room }: Move): Entry {
  const event = draft.eventOf.get(meetingKey({ class: id, part, occurrence }));
  const found = event === undefined ? undefined : draft.compiled.events[event]?.part;
  if (found === undefined) throw new RangeError(`no meeting ${occurrence} of part ${part} of class ${id}`);
  if (!draft.university.rooms.some((each) => each.id === room)) throw new RangeError(`no room ${room}`);
  if (!(day >= 0 && day < draft.university.days && period >= 0 && period < draft.university.periods)) throw new RangeError(`no period ${period} of day ${day}`);
  return { class: id, part, occurrence, day, period, length: found.length, week: found.week, room };
}

/** Keys of the meetings moved, and of those that are in their way where they are or where they go. */
function concernedBy({ board, compiled, eventOf, university }: Draft, moves: readonly Move[]): string[] {
  const events = new Set<number>();
  const rooms = new Map(university.rooms.map(({ id }, index) => [id, index]));
  for (const move of moves) {
    const event = eventOf.get(meetingKey(move));
    if (event === undefined) continue;
    events.add(event);
    const there = board.blockers(event, slotNumber(university, 0, move.day, move.period), rooms.get(move.room) ?? -1);
    for (const other of there) events.add(other);
    if (board.isPlaced(event)) for (const other of board.blockers(event, board.slot[event]!, board.room[event]!)) events.add(other);
  }
  return [...events].flatMap((event) => compiled.events[event]?.meeting ?? []).map(meetingKey);
}

/** The university as far as it has to do with some entries: their classes, rooms and people. */
function surroundings({ university, classes, enrolmentsOf }: Draft, entries: readonly Entry[]): University {
  const ids = new Set(entries.map((entry) => entry.class));
  const rooms = new Set(entries.map(({ room }) => room));
  const taught = [...ids].flatMap((id) => classes.get(id) ?? []);
  const sections = new Set(taught.flatMap((each) => each.sections));
  const faculty = new Set(taught.flatMap((each) => each.faculty));
  return {
    ...university, classes: taught, enrolments: [...new Set([...ids].flatMap((id) => enrolmentsOf.get(id) ?? []))],
    rooms: university.rooms.filter(({ id }) => rooms.has(id)), sections: university.sections.filter(({ id }) => sections.has(id)), faculty: university.faculty.filter(({ id }) => faculty.has(id)),
    locks: university.locks.filter((lock) => ids.has(lock.class)), previous: university.previous.filter((entry) => ids.has(entry.class)),
  };
}

/** Violations of `some` that are not among `others`; of a room's overbooking, by how much it is more. */
function beyond(some: readonly HardViolation[], others: readonly HardViolation[]): HardViolation[] {
  const keyOf = (violation: HardViolation) => {
    if (violation.kind === 'room') return JSON.stringify({ ...violation, count: 0 });
    if (violation.kind !== 'clash') return JSON.stringify(violation);
    // Which of the two is told first is a matter of the entries' order.
    const { meeting, other, day, period } = violation;
    return JSON.stringify([...[meetingKey(meeting), meetingKey(other)].toSorted(), day, period]);
  };
  const counts = new Map(others.map((violation) => [keyOf(violation), violation.kind === 'room' ? violation.count : 1]));
  return some.flatMap((violation): HardViolation[] => {
    const already = counts.get(keyOf(violation)) ?? 0;
    if (violation.kind !== 'room') return already === 0 ? [violation] : [];
    return violation.count > already ? [{ ...violation, count: violation.count - already }] : [];
  });
}

/** From the difference of each part's value among those whom the moves concern. */
function qualityChange(draft: Draft, replaced: ReadonlyMap<string, Entry>): Pick<Effect, 'gain' | 'parts'> {
  const { university, entries, quality, classes, classesOfFaculty, classesOfSection, enrolmentsOf } = draft;
  const ids = new Set([...replaced.values()].map((entry) => entry.class));
  const own = [...ids].flatMap((id) => classes.get(id) ?? []);
  const members = new Set(own.flatMap(({ faculty }) => faculty));
  const sections = new Set(own.flatMap((taught) => taught.sections));
  const students = [...new Set([...ids].flatMap((id) => enrolmentsOf.get(id) ?? []))];
  const attended = new Set([...ids, ...[...sections].flatMap((id) => classesOfSection.get(id) ?? []), ...attendedBy(students, classesOfSection)]);
  const within = (of: ReadonlySet<string>): University => ({ ...university, classes: university.classes.filter(({ id }) => of.has(id)) });
  const taught = new Set([...members].flatMap((id) => classesOfFaculty.get(id) ?? []));
  const teaching: University = { ...within(taught), faculty: university.faculty.filter(({ id }) => members.has(id)) };
  const attending: University = { ...within(attended), enrolments: students, sections: university.sections.filter(({ id }) => sections.has(id)) };
  const days = new Set([...replaced].flatMap(([key, entry]) => [entry.day, draft.entryOf.get(key)?.day ?? entry.day]));
  const of = ({ classes: those }: University) => {
    const kept = new Set(those.map(({ id }) => id));
    return (entry: Entry) => kept.has(entry.class);
  };
  const only = within(ids);
  const change = (value: (entries: readonly Entry[]) => number, isConcerned: (entry: Entry) => boolean) => {
    const before = entries.filter(isConcerned);
    const added = [...replaced].filter(([key]) => !draft.entryOf.has(key)).map(([, entry]) => entry);
    return value([...before.map((entry) => replaced.get(meetingKey(entry)) ?? entry), ...added]) - value(before);
  };
  const changes: Record<QualityPart, number> = {
    facultyPreference: change((those) => facultyPreference(teaching, those).value, of(teaching)),
    workloadBalance: change((those) => workloadBalance(teaching, those).value, of(teaching)),
    compactness: change((those) => compactness(attending, those).value, of(attending)),
    roomUse: change((those) => roomUse(only, those).value, of(only)),
    continuity: change((those) => continuity(only, those).value, of(only)),
    peakSpread: change((those) => peakSpread(university, those).value, ({ day }) => days.has(day)),
  };
  const gains = quality.parts.map(({ part, weight, quality: now, value, most }) => {
    const then = most === 0 ? 1 : Math.max(0, 1 - (value + changes[part]) / most);
    return [part, 100 * weight * (then - now)] as const;
  });
  const parts = { ...Object.fromEntries(qualityParts.map((part) => [part, 0])), ...Object.fromEntries(gains) } as Record<QualityPart, number>;
  return { parts, gain: gains.reduce((sum, [, gain]) => sum + gain, 0) };
}

function attendedBy(students: readonly Enrolment[], classesOfSection: Draft['classesOfSection']): string[] {
  const chosen = students.flatMap((student) => student.classes);
  return [...chosen, ...[...new Set(students.map(({ section }) => section))].flatMap((id) => (id === null ? [] : classesOfSection.get(id) ?? []))];
}
