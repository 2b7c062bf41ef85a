// The generator's core subjects: what whole sections have, alone or joined, placed so that no section is in two places.

import type { Random } from '../random.ts';
import { isUnbroken, slotNumber, type Part } from '../university.ts';
import { happens, Occupation, shuffled, slotsOfMeeting, type Calendar, type DraftClass, type DraftMeeting, type DraftSection } from './draft.ts';

const SUBJECTS = 6;
const YEARS = 4;
/** Sections that may be joined in a lecture, and hours a week that core subjects take at most in the fuller week. */
const MOST_JOINED = 4;
const MOST_HOURS = 25;
const THREE_LECTURES: Pattern = { often: 55, lab: 0, isAlternating: false, lectures: 3, tutorials: 0 };
const LECTURES_ONLY: readonly Pattern[] = [THREE_LECTURES, { often: 45, lab: 0, isAlternating: false, lectures: 3, tutorials: 1 }];
const WITH_LAB: readonly Pattern[] = [
  { often: 45, lab: 2, isAlternating: false, lectures: 2, tutorials: 0 },
  { often: 20, lab: 3, isAlternating: false, lectures: 2, tutorials: 0 },
  { often: 35, lab: 2, isAlternating: true, lectures: 3, tutorials: 0 },
];
const LABS = ['computer lab', 'electronics lab', 'physics lab', 'chemistry lab', 'workshop'];
/** Orders of placing that are tried before a class gets fewer meetings than it should. */
const TRIES = 40;

/** What a subject needs each week: a lab of so many periods (in alternating weeks or in all), lectures and tutorials; `often` against the others. */
interface Pattern {
  readonly often: number;
  readonly lab: number;
  readonly isAlternating: boolean;
  readonly lectures: number;
  readonly tutorials: number;
}

/** Of each kind of room, how many meetings are in each slot. */
type Load = Map<string, number[]>;

type Unplaced = Omit<DraftClass, 'meetings'>;

/** Sections of departments and years, about equal in number and size; bands as `bands` counts them. */
export function draftSections(random: Random, courses: number, students: number, bands: number): DraftSection[] {
  const departments = Math.max(1, Math.round(courses / 80));
  const count = Math.max(1, Math.round(students / Math.min(60, Math.max(20, Math.round((7.5 * students) / courses)))));
  const cohortBands = Array.from({ length: departments * YEARS }, () => shuffled(random, Array.from({ length: bands }, (_, band) => band)));
  return Array.from({ length: count }, (_, index) => {
    const cohort = Math.floor((index * departments * YEARS) / count);
    const departmentIndex = Math.floor(cohort / YEARS);
    const [first = 0, second = 1] = cohortBands[cohort] ?? [];
    return {
      id: `S${index + 1}`, department: `D${departmentIndex + 1}`, departmentIndex, year: cohort % YEARS, bands: [first, second],
      size: Math.floor(((index + 1) * students) / count) - Math.floor((index * students) / count),
    };
  });
}

/**
 * About `target` classes for all sections, each section with six subjects, placed outside of the slots in `bandSlots` of the section's bands.
 * Times of day and days are used evenly.
 */
export function draftCore(random: Random, calendar: Calendar, sections: readonly DraftSection[], bandSlots: readonly (readonly number[])[], target: number): DraftClass[] {
  const perMembership = target / (SUBJECTS * sections.length);
  const labShare = Math.min(0.45, Math.max(0.05, (perMembership - 1 / MOST_JOINED) / (1 - 1 / MOST_JOINED)));
  const joined = Math.min(MOST_JOINED, Math.max(1, (1 - labShare) / Math.max(0.01, perMembership - labShare)));
  const placer = new Placer(random, calendar, sections, bandSlots);
  let owed = 0;
  const classes: DraftClass[] = [];
  for (const cohort of cohortsOf(sections)) {
    const drafts: Unplaced[] = [];
    for (const { subject, members, pattern } of subjectsOf(random, cohort, labShare)) {
      owed += members.length / (pattern.lab > 0 ? 1 : joined);
      const chunks = Math.min(members.length, Math.max(1, Math.ceil(members.length / MOST_JOINED), Math.round(owed)));
      owed -= chunks;
      for (let chunk = 0; chunk < chunks; chunk += 1) {
        const together = members.slice(Math.floor((chunk * members.length) / chunks), Math.floor(((chunk + 1) * members.length) / chunks));
        drafts.push(unplaced(random, `${subject}-${chunk + 1}`, subject, together, pattern));
      }
    }
    classes.push(...placer.place(drafts).filter(({ meetings }) => meetings.length > 0));
  }
  return classes;
}

/** Sections that have subjects in common: those of a department and year; in the first year two departments. */
function cohortsOf(sections: readonly DraftSection[]): DraftSection[][] {
  const cohorts = Map.groupBy(sections, ({ departmentIndex, year }) => (year === 0 ? `first ${Math.floor(departmentIndex / 2)}` : `${departmentIndex} ${year}`));
  return [...cohorts.values()];
}

function subjectsOf(random: Random, cohort: readonly DraftSection[], labShare: number) {
  const own = [...Map.groupBy(cohort, ({ department }) => department)];
  const isShared = own.length > 1;
  const patterns = (count: number, hours: number) => {
    const drawn: Pattern[] = [];
    for (let index = 0, left = hours; index < count; index += 1) {
      const pattern = drawPattern(random, happens(random, 100 * labShare) ? WITH_LAB : LECTURES_ONLY);
      const toCome = (count - index - 1) * hoursOf(THREE_LECTURES);
      const affordable = left - hoursOf(pattern) >= toCome ? pattern : THREE_LECTURES;
      left -= hoursOf(affordable);
      drawn.push(affordable);
    }
    return drawn;
  };
  // Taught to both departments, whose other subjects have the hours that it leaves.
  const common = isShared ? [{ subject: `M${own[0]?.[0] ?? ''}`, members: [...cohort], pattern: drawPattern(random, LECTURES_ONLY) }] : [];
  return [...common, ...own.flatMap(([department, members]) =>
    patterns(SUBJECTS - common.length, MOST_HOURS - common.reduce((sum, { pattern }) => sum + hoursOf(pattern), 0)).map((pattern, index) => ({
      subject: `${department}${(members[0]?.year ?? 0) + 1}0${index + 1}`, members, pattern,
    })),
  )];
}

const hoursOf = ({ lab, lectures, tutorials }: Pattern) => lab + lectures + tutorials;

function drawPattern(random: Random, patterns: readonly Pattern[]): Pattern {
  let drawn = random.below(patterns.reduce((sum, { often }) => sum + often, 0));
  for (const pattern of patterns) {
    drawn -= pattern.often;
    if (drawn < 0) return pattern;
  }
  throw new RangeError('no patterns to draw from');
}

function unplaced(random: Random, id: string, subject: string, members: readonly DraftSection[], pattern: Pattern): Unplaced {
  const [first] = members;
  const departmentIndex = first?.departmentIndex ?? 0;
  const week = pattern.isAlternating ? (happens(random, 50) ? 'odd' : 'even') : 'every';
  const parts: Part[] = [{ kind: 'lecture', count: pattern.lectures, length: 1, roomKind: 'lecture hall', equipment: happens(random, 40) ? ['projector'] : [], week: 'every' }];
  if (pattern.tutorials > 0) parts.push({ kind: 'tutorial', count: pattern.tutorials, length: 1, roomKind: 'seminar room', equipment: [], week: 'every' });
  if (pattern.lab > 0) parts.push({ kind: 'lab', count: 1, length: pattern.lab, roomKind: LABS[departmentIndex % LABS.length] ?? 'workshop', equipment: happens(random, 20) ? ['instruments'] : [], week });
  return {
    id, subject, department: first?.department ?? '', departmentIndex, sections: members.map((section) => section.id),
    size: members.reduce((sum, { size }) => sum + size, 0), parts, band: null,
  };
}

/** Finds times for classes, cohort after cohort. */
class Placer {
  readonly #random: Random;
  readonly #calendar: Calendar;
  readonly #kept: ReadonlyMap<string, ReadonlySet<number>>;
  /** Meetings in progress in each slot, by kind of room. */
  #load: Load = new Map();

  constructor(random: Random, calendar: Calendar, sections: readonly DraftSection[], bandSlots: readonly (readonly number[])[]) {
    this.#random = random;
    this.#calendar = calendar;
    this.#kept = new Map(sections.map(({ id, bands }) => [id, new Set(bands.flatMap((band) => bandSlots[band] ?? []))]));
  }

  /** Times for all meetings of a cohort's classes. When no order of placing finds them all, what the last one didn't place is left out. */
  place(drafts: readonly Unplaced[]): DraftClass[] {
    let { placed, load } = this.#attempt(drafts);
    for (let attempt = 1; attempt < TRIES && placed.some((draft, index) => draft.parts !== drafts[index]?.parts); attempt += 1) {
      ({ placed, load } = this.#attempt(drafts));
    }
    this.#load = load;
    return placed;
  }

  #attempt(drafts: readonly Unplaced[]): { placed: DraftClass[]; load: Load } {
    const load: Load = new Map([...this.#load].map(([kind, counts]) => [kind, [...counts]]));
    const busy = new Occupation();
    const found = new Map<string, DraftMeeting[]>();
    const wanted = drafts.flatMap((draft) => draft.parts.flatMap(({ count, length, week, roomKind }, part) =>
      Array.from({ length: count }, (_, occurrence) => ({ draft, part, occurrence, length, week, roomKind })),
    ));
    // What is hardest to place goes first: joined sections, then long blocks.
    const order = shuffled(this.#random, wanted).sort((a, b) => b.draft.sections.length - a.draft.sections.length || b.length - a.length);
    for (const { draft, part, occurrence, length, week, roomKind } of order) {
      const meetings = found.get(draft.id) ?? [];
      const slot = this.#bestSlot(busy, draft.sections, { length, week }, load.get(roomKind) ?? [], new Set(meetings.map(({ day }) => day)));
      if (slot === null) continue;
      const meeting = { part, occurrence, ...slot, length, week };
      const slots = slotsOfMeeting(this.#calendar, meeting);
      for (const section of draft.sections) busy.take(section, slots);
      const counts = load.get(roomKind) ?? [];
      for (const each of slots) counts[each] = (counts[each] ?? 0) + 1;
      load.set(roomKind, counts);
      found.set(draft.id, [...meetings, meeting]);
    }
    return { placed: drafts.map((draft) => ({ ...draft, ...complete(draft, found.get(draft.id) ?? []) })), load };
  }

  /** The free slot with the least load, on a day on which the class doesn't meet yet if there is one. */
  #bestSlot(busy: Occupation, sections: readonly string[], { length, week }: Pick<DraftMeeting, 'length' | 'week'>, load: readonly number[], daysUsed: ReadonlySet<number>) {
    let best: { readonly day: number; readonly period: number } | null = null;
    let least = Infinity;
    for (let day = 0; day < this.#calendar.days; day += 1) {
      for (let period = 0; period < this.#calendar.periods; period += 1) {
        if (!isUnbroken(this.#calendar, period, length)) continue;
        const slots = slotsOfMeeting(this.#calendar, { day, period, length, week });
        const isFree = sections.every((id) => busy.isFree(id, slots) && slots.every((slot) => this.#kept.get(id)?.has(slot) !== true));
        if (!isFree) continue;
        const cost = (daysUsed.has(day) ? 1_000_000 : 0) + Math.max(...slots.map((slot) => load[slot] ?? 0)) + this.#random.below(1000) / 1000;
        if (cost < least) {
          least = cost;
          best = { day, period };
        }
      }
    }
    return best;
  }
}

/** Parts and meetings of a class of which some meetings found no time: the same parts when all did. */
function complete({ parts }: Unplaced, meetings: readonly DraftMeeting[]): Pick<DraftClass, 'parts' | 'meetings'> {
  const counts = parts.map((_, part) => meetings.filter((meeting) => meeting.part === part).length);
  if (parts.every(({ count }, part) => count === counts[part])) return { parts, meetings: meetings.toSorted((a, b) => a.part - b.part || a.occurrence - b.occurrence) };
  const kept = parts.flatMap((part, index) => ((counts[index] ?? 0) > 0 ? [{ part: { ...part, count: counts[index] ?? 0 }, index }] : []));
  return {
    parts: kept.map(({ part }) => part),
    meetings: kept.flatMap(({ index }, part) => meetings.filter((meeting) => meeting.part === index).map((meeting, occurrence) => ({ ...meeting, part, occurrence }))),
  };
}

/** Disjoint sets of slot numbers (of both weeks): `count` bands of `days` periods, each on different days. */
export function drawBands(random: Random, calendar: Calendar, count: number, days: number): number[][] {
  const taken = new Set<number>();
  return Array.from({ length: count }, () => shuffled(random, Array.from({ length: calendar.days }, (_, day) => day)).slice(0, days).flatMap((day) => {
    const free = shuffled(random, Array.from({ length: calendar.periods }, (_, period) => period)).find((period) => !taken.has(slotNumber(calendar, 0, day, period))) ?? 0;
    taken.add(slotNumber(calendar, 0, day, free));
    return Array.from({ length: calendar.weeks }, (_, week) => slotNumber(calendar, week, day, free));
  }));
}
