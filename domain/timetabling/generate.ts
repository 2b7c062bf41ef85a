// Realistic universities of any size with a timetable inside that breaks nothing: classes are placed first, and rooms, faculty, their free
// times and the students' choices are put around them. For tests, benchmarks and demonstrations.

import { draftCore, draftSections, drawBands } from './generator/core.ts';
import { happens, Occupation, slotsOfClass, type DraftClass, type DraftSection } from './generator/draft.ts';
import { chooseElectives, draftElectives } from './generator/electives.ts';
import { hire } from './generator/faculty.ts';
import { build, furnish } from './generator/rooms.ts';
import { Random } from './random.ts';
import { slotNumber, type Enrolment, type Entry, type Lock, type Section, type TaughtClass, type University } from './university.ts';

export interface UniversitySize {
  /** Classes taught, 50 to 5,000. */
  readonly courses: number;
  /** 5 to 16 for each course. */
  readonly students: number;
}

export interface Generated {
  readonly university: University;
  /** A timetable that breaks no hard constraint. It is no good one: nobody's wishes were looked at. */
  readonly solution: Entry[];
}

const CALENDAR = { days: 5, weekdays: [1, 2, 3, 4, 5], periods: 8, breaks: [{ after: 3, minutes: 60 }], changeMinutes: 5, periodCosts: [1, 0, 0, 0, 0, 0, 1, 2], weeks: 2 } as const;
/** Bands of slots for electives: four of three slots, of which each section keeps two free. */
const BANDS = 4;
const BAND_DAYS = 3;
const CORE_SHARE = 0.8;
/** Of a hundred: sections that are elsewhere in a slot, and meetings that are locked. */
const SECTIONS_AWAY = 10;
const LOCKED = 1;

/**
 * A university of five days with eight periods, lunch after the fourth, and labs in odd or even weeks; about a fifth of its classes are
 * electives across departments. The same for the same seed and size. Throws RangeError when the size is out of range.
 */
export function generateUniversity(seed: number, { courses, students }: UniversitySize): Generated {
  if (!Number.isInteger(courses) || courses < 50 || courses > 5000) throw new RangeError(`courses: ${courses} is not within 50..5000`);
  if (!Number.isInteger(students) || students < 5 * courses || students > 16 * courses) throw new RangeError(`students: ${students} is not within ${5 * courses}..${16 * courses}`);
  const random = new Random(seed);
  const bandSlots = drawBands(random, CALENDAR, BANDS, BAND_DAYS);
  const sections = draftSections(random, courses, students, BANDS);
  let core = draftCore(random, CALENDAR, sections, bandSlots, CORE_SHARE * courses);
  // Few sections can't be joined as evenly as the share asks: then they are joined more.
  for (let share = 0.9 * CORE_SHARE; core.length > courses; share *= 0.9) core = draftCore(random, CALENDAR, sections, bandSlots, share * courses);
  const departments = 1 + Math.max(...sections.map(({ departmentIndex }) => departmentIndex));
  const electives = draftElectives(random, CALENDAR, departments, bandSlots, courses - core.length);
  const { enrolments, sizes } = chooseElectives(random, sections, electives);
  const drafts = [...core, ...electives.map((draft) => ({ ...draft, size: sizes.get(draft.id) ?? 0 }))];
  const { faculty, teaching } = hire(random, CALENDAR, drafts);
  const { buildings, walks } = build(random, departments);
  const { rooms, rooming } = furnish(random, CALENDAR, buildings, drafts);
  const solution = drafts.flatMap(({ id, meetings }) => meetings.map((meeting, at): Entry => ({ class: id, ...meeting, room: rooming.get(`${id} ${at}`) ?? '' })));
  return {
    university: {
      ...CALENDAR, buildings, walks, rooms, faculty, sections: sectionsOf(random, sections, drafts, enrolments),
      classes: drafts.map((draft) => classOf(draft, teaching.get(draft.id) ?? [])), enrolments, locks: someLocks(random, solution),
      lockedDays: [], lockedRooms: [], lockedFaculty: [], previous: [],
    },
    solution,
  };
}

function classOf({ id, subject, department, sections, size, parts, meetings }: DraftClass, faculty: readonly string[]): TaughtClass {
  return { id, subject, department, faculty, sections, size, parts, minWorkingDays: Math.min(3, new Set(meetings.map(({ day }) => day)).size) };
}

/** Some sections are elsewhere in a slot in which none of their students has a class. */
function sectionsOf(random: Random, sections: readonly DraftSection[], drafts: readonly DraftClass[], enrolments: readonly Enrolment[]): Section[] {
  const busy = new Occupation();
  const slots = new Map(drafts.map((draft) => [draft.id, slotsOfClass(CALENDAR, draft)]));
  for (const draft of drafts) for (const section of draft.sections) busy.take(section, slots.get(draft.id) ?? []);
  for (const { section, classes } of enrolments) for (const id of classes) busy.take(section ?? '', slots.get(id) ?? []);
  return sections.map(({ id, department, size }) => {
    const day = random.below(CALENDAR.days);
    const period = random.below(CALENDAR.periods);
    const isFree = [0, 1].every((week) => busy.isFree(id, [slotNumber(CALENDAR, week, day, period)]));
    return { id, department, size, unavailable: isFree && happens(random, SECTIONS_AWAY) ? [{ day, period, week: 'every' }] : [] };
  });
}

function someLocks(random: Random, solution: readonly Entry[]): Lock[] {
  return solution.filter(() => happens(random, LOCKED)).map(({ class: id, part, occurrence, day, period, room }) => ({
    class: id, part, occurrence, slot: { day, period }, room: happens(random, 50) ? room : null,
  }));
}
