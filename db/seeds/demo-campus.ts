// Makes a whole, plausible campus out of a seed: for demonstrations, tests and benchmarks.

import { DateTime } from 'luxon';
import { DEPARTMENTS, subjectsOfYear } from './demo-curriculum.ts';
import { MAIL_DOMAIN, people } from './demo-people.ts';
import type { DemoCampus } from './demo-rows.ts';
import { datedSessions, type DatedWeeks } from './demo-sessions.ts';
import { buildWeek, WEEKLY_WINDOWS, type Hall } from './demo-timetable.ts';
import { seededRandom } from './random.ts';

export interface DemoCampusOptions extends DatedWeeks {
  /** 1 to 20,000. */
  readonly students: number;
  readonly seed: number;
}

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
  const { students: studentCount, seed, from, weeks, timeZone } = options;
  const firstDay = DateTime.fromISO(from, { zone: timeZone });
  if (firstDay.toFormat('yyyy-MM-dd') !== from || firstDay.weekday !== 1) throw new RangeError(`no Monday in a known zone: ${from}, ${timeZone}`);
  if (!(Number.isInteger(studentCount) && studentCount >= 1 && studentCount <= 20_000)) throw new RangeError(`1 to 20,000 students, not ${studentCount}`);
  if (!(Number.isInteger(weeks) && weeks >= 0 && weeks <= TERM_WEEKS)) throw new RangeError(`0 to ${TERM_WEEKS} weeks, not ${weeks}`);

  const random = seededRandom(seed);
  const sections = planSections(studentCount);
  const used = DEPARTMENTS.slice(0, 1 + Math.max(...sections.map(({ department }) => department)));
  const week = buildWeek(sections.map((section) => ({ ...section, ...teachingOf(section) })), random);
  const academicYear = firstDay.month >= 6 ? firstDay.year : firstDay.year - 1;
  const { users, faculty, students } = people(
    week.lecturers.map((lecturer) => ({ lecturer, departmentId: lecturer.department + 1, letters: DEPARTMENTS[lecturer.department]!.letters })),
    sections.map(({ department, year, size }) => ({ departmentId: department + 1, letters: DEPARTMENTS[department]!.letters, year, size })),
    (year) => academicYear - year + 1,
    random,
  );

  const plans = used.flatMap((department) => YEARS.flatMap((year) => subjectsOfYear(department, year)));
  const taught = new Set(week.courses.map(({ subject }) => subject.code));
  const subjects = plans
    .filter(({ code }) => taught.has(code))
    .map(({ code, mnemonic, name, type }, index) => ({ id: index + 1, organisation_id: 1, subject_code: code, subject_mnemonic: mnemonic, subject_name: name, subject_type: type }));
  const subjectIds = new Map(subjects.map(({ id, subject_code }) => [subject_code, id]));
  const courses = week.courses.toSorted((a, b) => a.section - b.section);
  const faculty_assignment = courses.map(({ section, subject, lecturer }, index) => ({
    id: index + 1,
    faculty_id: lecturer.number + 1,
    subject_id: subjectIds.get(subject.code)!,
    section_id: section + 1,
    term_id: 1,
  }));
  const default_schedule = courses
    .flatMap(({ meetings }, index) => meetings.map((meeting) => ({ meeting, assignment_id: index + 1 })))
    .map(({ meeting: { weekday, start, end, hall }, assignment_id }, index) => ({ id: index + 1, assignment_id, room_id: hall.number + 1, weekday, start_time: start, end_time: end }));
  const subjectsOfSection = Map.groupBy(faculty_assignment, ({ section_id }) => section_id);
  const student_subject = students
    .flatMap(({ id, section_id }) => subjectsOfSection.get(section_id)!.map(({ subject_id }) => ({ student_id: id, subject_id, section_id })))
    .map((enrolment, index) => ({ id: index + 1, ...enrolment, valid_from: from, valid_to: null }));
  const holidays = HOLIDAYS.map(({ day, name }, index) => ({ id: index + 1, organisation_id: 1, date: firstDay.plus({ days: day }).toFormat('yyyy-MM-dd'), name }));

  return {
    organisations: [{ id: 1, code: 'DEMO', name: 'Demo Institute of Technology', time_zone: timeZone, locale: 'en-IN', mail_domain: MAIL_DOMAIN }],
    departments: used.map(({ code, name }, index) => ({ id: index + 1, organisation_id: 1, code, name })),
    terms: [
      {
        id: 1,
        organisation_id: 1,
        academic_year: `${academicYear}-${String(academicYear + 1).slice(2)}`,
        semester: firstDay.month >= 6 ? 1 : 2,
        starts_on: from,
        ends_on: firstDay.plus({ days: 7 * TERM_WEEKS - 1 }).toFormat('yyyy-MM-dd'),
      },
    ],
    holidays,
    users,
    sections: sections.map(({ department, year, letter }, index) => ({ id: index + 1, department_id: department + 1, year, name: letter })),
    students,
    faculty,
    subjects,
    faculty_assignment,
    student_subject,
    rooms: week.halls.map(roomRow),
    weekly_slot: WEEKLY_WINDOWS.map(({ weekday, start, end }, index) => ({ id: index + 1, organisation_id: 1, weekday, start_time: start, end_time: end })),
    default_schedule,
    ...datedSessions({ from, weeks, timeZone }, { default_schedule, faculty_assignment, holidays }),
  };
}

interface PlannedSection {
  readonly department: number;
  readonly year: number;
  readonly letter: string;
  readonly size: number;
}

/** As few sections as hold everybody, in as many departments as have a section for each year, all nearly equally full. */
function planSections(students: number): PlannedSection[] {
  const count = Math.ceil(students / SECTION_SIZE);
  const departments = Math.min(DEPARTMENTS.length, Math.max(1, Math.floor(count / YEARS.length)));
  const cells = departments * YEARS.length;
  const sections: Omit<PlannedSection, 'size'>[] = [];
  for (let cell = 0; cell < cells; cell += 1) {
    const sectionsHere = Math.floor(count / cells) + (cell < count % cells ? 1 : 0);
    for (let index = 0; index < sectionsHere; index += 1) {
      sections.push({ department: Math.floor(cell / YEARS.length), year: YEARS[cell % YEARS.length]!, letter: String.fromCharCode(65 + index) });
    }
  }
  return sections.map((section, index) => ({ ...section, size: Math.floor(students / count) + (index < students % count ? 1 : 0) }));
}

function teachingOf({ department, year }: PlannedSection) {
  const plan = DEPARTMENTS[department]!;
  return { labEquipment: plan.labEquipment, subjects: subjectsOfYear(plan, year) };
}

/** Lecture halls of 60 to 120 seats and labs of 60, spread over the buildings; B-203 is the third room of the second floor of B. */
function roomRow({ number, kind, equipment }: Hall): DemoCampus['rooms'][number] {
  const building = number % BUILDINGS.length;
  const place = Math.floor(number / BUILDINGS.length);
  return {
    id: number + 1,
    organisation_id: 1,
    name: `${String.fromCharCode(65 + building)}-${Math.floor(place / 8) + 1}0${(place % 8) + 1}`,
    building: BUILDINGS[building]!,
    capacity: kind === 'lab' ? SECTION_SIZE : THEORY_CAPACITIES[number % THEORY_CAPACITIES.length]!,
    kind,
    equipment: JSON.stringify(kind === 'lab' ? [equipment] : number % 3 === 0 ? ['projector', 'recording'] : ['projector']),
  };
}
