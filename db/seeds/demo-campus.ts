// Makes a whole, plausible campus out of a seed: for demonstrations, tests and benchmarks.

import { DateTime } from 'luxon';
import { DEPARTMENTS, subjectsOfYear } from './demo-curriculum.ts';
import { MAIL_DOMAIN, people } from './demo-people.ts';
import { facultyTimes, roomClosures, subjectParts } from './demo-planning.ts';
import type { DemoCampus } from './demo-rows.ts';
import { datedSessions, type DatedWeeks } from './demo-sessions.ts';
import { buildWeek, TEACHING_PERIODS, WEEKLY_WINDOWS, type Hall, type SectionPlan } from './demo-timetable.ts';
import { seededRandom } from './random.ts';

export interface DemoCampusOptions extends DatedWeeks {
  /** 1 to 20,000. */
  readonly students: number;
  readonly seed: number;
}

const MOST_STUDENTS = 20_000;
const SECTION_SIZE = 60;
const TERM_WEEKS = 16;
/** From the placement season's year down: the first section is a final-year one. */
const YEARS = [4, 3, 2, 1] as const;
const BUILDINGS = ['Aryabhata Block', 'Raman Block', 'Ramanujan Block', 'Library Wing'] as const;
const THEORY_CAPACITIES = [60, 72, 64, 90, 60, 80, 120, 66] as const;
/** Days after the first Monday: in the second and in the third week, so that a fresh demonstration doesn't begin with one. */
const HOLIDAYS = [{ day: 11, name: 'Founders’ Day' }, { day: 16, name: 'Harvest Festival' }] as const;

/**
 * The campus as rows with ids from 1; the same options give the same rows. Section 1 is CSE, year 4, section A; student 1 is its
 * class representative. Users 1 and 2 are the admin and the registrar. Throws RangeError when `from` is no Monday, the zone is
 * unknown or a number makes no sense.
 */
export function demoCampus(options: DemoCampusOptions): DemoCampus {
  const { students, seed, from, weeks, timeZone } = options;
  const firstDay = DateTime.fromISO(from, { zone: timeZone });
  if (firstDay.toFormat('yyyy-MM-dd') !== from || firstDay.weekday !== 1) throw new RangeError(`no Monday in a known zone: ${from}, ${timeZone}`);
  if (!isWhole(students, 1, MOST_STUDENTS)) throw new RangeError(`1 to ${MOST_STUDENTS} students, not ${students}`);
  if (!isWhole(weeks, 0, TERM_WEEKS)) throw new RangeError(`0 to ${TERM_WEEKS} weeks, not ${weeks}`);

  const random = seededRandom(seed);
  const sections = planSections(students);
  const week = buildWeek(sections, random);
  const institution = institutionRows(firstDay, sections);
  const teaching = teachingRows(sections, week);
  // The academic year begins in June; a fourth-year student was admitted three years before.
  const admissionYear = (year: number): number => academicYear(firstDay) - year + 1;
  const persons = people(
    week.lecturers.map((lecturer) => ({ lecturer, departmentId: lecturer.department + 1, letters: DEPARTMENTS[lecturer.department]!.letters })),
    sections.map(({ department, year, size }) => ({ departmentId: department + 1, letters: DEPARTMENTS[department]!.letters, year, size })),
    admissionYear,
    random,
  );
  const subjectsOfSection = Map.groupBy(teaching.faculty_assignment, ({ section_id }) => section_id);
  const enrolments = persons.students.flatMap(({ id, section_id }) =>
    subjectsOfSection.get(section_id)!.map(({ subject_id }) => ({ student_id: id, subject_id, section_id, valid_from: from, valid_to: null })),
  );
  return {
    ...institution,
    ...persons,
    ...teaching,
    student_subject: numbered(enrolments),
    ...datedSessions({ from, weeks, timeZone }, { ...teaching, ...institution }),
  };
}

function institutionRows(firstDay: DateTime, sections: readonly PlannedSection[]) {
  const year = academicYear(firstDay);
  const dateAfter = (days: number): string => firstDay.plus({ days }).toFormat('yyyy-MM-dd');
  const departments = 1 + Math.max(...sections.map(({ department }) => department));
  const ofCampus = { organisation_id: 1 };
  const slots = (times: readonly { weekday: number; start: string; end: string }[], purpose: 'makeup' | 'period') =>
    times.map(({ weekday, start, end }) => ({ ...ofCampus, weekday, start_time: start, end_time: end, purpose }));
  return {
    organisations: numbered([
      { code: 'DEMO', name: 'Demo Institute of Technology', time_zone: firstDay.zoneName!, locale: 'en-IN', mail_domain: MAIL_DOMAIN },
    ]),
    departments: numbered(DEPARTMENTS.slice(0, departments).map(({ code, name }) => ({ ...ofCampus, code, name }))),
    terms: numbered([
      {
        ...ofCampus,
        academic_year: `${year}-${String(year + 1).slice(2)}`,
        semester: firstDay.year === year ? 1 : 2,
        starts_on: dateAfter(0),
        ends_on: dateAfter(7 * TERM_WEEKS - 1),
      },
    ]),
    holidays: numbered(HOLIDAYS.map(({ day, name }) => ({ ...ofCampus, date: dateAfter(day), name }))),
    sections: numbered(sections.map(({ department, year: sectionYear, letter }) => ({ department_id: department + 1, year: sectionYear, name: letter }))),
    weekly_slot: numbered([...slots(WEEKLY_WINDOWS, 'makeup'), ...slots(TEACHING_PERIODS, 'period')]),
  };
}

/** Subjects in the order in which sections have them, so that the first section's first assignment is its first subject. */
function teachingRows(sections: readonly PlannedSection[], { courses, halls, lecturers }: ReturnType<typeof buildWeek>) {
  const labEquipment = new Map(sections.flatMap((section) => section.subjects.map(({ code }) => [code, section.labEquipment])));
  const plans = new Map(sections.flatMap((section) => section.subjects).map((subject) => [subject.code, subject]));
  const subjects = numbered(
    [...plans.values()].map(({ code, mnemonic, name, type }) => {
      return { organisation_id: 1, subject_code: code, subject_mnemonic: mnemonic, subject_name: name, subject_type: type };
    }),
  );
  const subjectIds = new Map(subjects.map(({ id, subject_code }) => [subject_code, id]));
  const ordered = courses
    .map((course) => ({ ...course, subjectId: subjectIds.get(course.subject.code)! }))
    .sort((a, b) => a.section - b.section || a.subjectId - b.subjectId);
  const default_schedule = ordered.flatMap(({ meetings }, index) =>
    meetings.map(({ weekday, start, end, hall }) => {
      return { assignment_id: index + 1, room_id: hall.number + 1, weekday, start_time: start, end_time: end };
    }),
  );
  return {
    subjects,
    faculty_assignment: numbered(
      ordered.map(({ section, subjectId, lecturer }) => {
        return { faculty_id: lecturer.number + 1, subject_id: subjectId, section_id: section + 1, term_id: 1 };
      }),
    ),
    rooms: numbered(halls.map(roomOf)),
    default_schedule: numbered(default_schedule),
    subject_parts: numbered(subjectParts(subjects.map(({ id, subject_code: code }) => ({ id, plan: plans.get(code)!, labEquipment: labEquipment.get(code)! })))),
    faculty_times: numbered(facultyTimes(lecturers)),
    room_closures: numbered(roomClosures(halls)),
  };
}

interface PlannedSection extends SectionPlan {
  readonly year: number;
  readonly letter: string;
  readonly size: number;
}

/** As few sections as hold everybody, in as many departments as have a section for each year, all nearly equally full. */
function planSections(students: number): PlannedSection[] {
  const count = Math.ceil(students / SECTION_SIZE);
  const departments = Math.min(DEPARTMENTS.length, Math.max(1, Math.floor(count / YEARS.length)));
  const cells = departments * YEARS.length;
  const sections: PlannedSection[] = [];
  for (let cell = 0; cell < cells; cell += 1) {
    const department = Math.floor(cell / YEARS.length);
    const year = YEARS[cell % YEARS.length]!;
    const { labEquipment } = DEPARTMENTS[department]!;
    const subjects = subjectsOfYear(DEPARTMENTS[department]!, year);
    const sectionsHere = Math.floor(count / cells) + (cell < count % cells ? 1 : 0);
    for (let index = 0; index < sectionsHere; index += 1) {
      const size = Math.floor(students / count) + (sections.length < students % count ? 1 : 0);
      sections.push({ department, year, letter: String.fromCharCode(65 + index), size, labEquipment, subjects });
    }
  }
  return sections;
}

/** Lecture halls of 60 to 120 seats and labs of 60, over the buildings; B-203 is the third room on the second floor of B. */
function roomOf({ number, kind, equipment }: Hall) {
  const building = number % BUILDINGS.length;
  const place = Math.floor(number / BUILDINGS.length);
  const inHall = number % 3 === 0 ? ['projector', 'recording'] : ['projector'];
  return {
    organisation_id: 1,
    name: `${String.fromCharCode(65 + building)}-${Math.floor(place / 8) + 1}0${(place % 8) + 1}`,
    building: BUILDINGS[building]!,
    capacity: kind === 'lab' ? SECTION_SIZE : THEORY_CAPACITIES[number % THEORY_CAPACITIES.length]!,
    kind,
    equipment: JSON.stringify(kind === 'lab' ? [equipment] : inHall),
  };
}

function academicYear(day: DateTime): number {
  return day.month >= 6 ? day.year : day.year - 1;
}

function numbered<T extends object>(rows: readonly T[]): ({ id: number } & T)[] {
  return rows.map((row, index) => ({ id: index + 1, ...row }));
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
