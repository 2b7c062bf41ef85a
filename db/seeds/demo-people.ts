// The demo campus's people: one admin, one registrar, lecturers with a head for each department, and students in their sections.

import { NAME_STYLES, personName } from './demo-names.ts';
import type { DemoCampus } from './demo-rows.ts';
import type { Lecturer } from './demo-timetable.ts';
import type { Random } from './random.ts';

export const MAIL_DOMAIN = 'campus.example';

/** What of a section its students need. Departments' letters go into roll numbers. */
interface SectionOfStudents {
  readonly departmentId: number;
  readonly letters: string;
  readonly year: number;
  readonly size: number;
}

/**
 * Users and what makes them faculty or students; ids follow the order of the inputs (faculty.id is a lecturer's number + 1).
 * Roll numbers count through a department and year (23CS001), student ids through the campus (S230001); a section's first student
 * is its class representative.
 */
export function people(
  lecturers: readonly { lecturer: Lecturer; departmentId: number; letters: string }[],
  sections: readonly SectionOfStudents[],
  admissionYear: (year: number) => number,
  random: Random,
): Pick<DemoCampus, 'users' | 'faculty' | 'students'> {
  const users: DemoCampus['users'] = [];
  const addUser = (department_id: number | null, role: DemoCampus['users'][number]['role'], mailbox: string, name: string): number => {
    const id = users.length + 1;
    users.push({ id, organisation_id: 1, department_id, email: `${mailbox}@${MAIL_DOMAIN}`, name, role });
    return id;
  };
  addUser(null, 'admin', 'admin', personName(random));
  addUser(null, 'registrar', 'registrar', personName(random));

  const counters = new Map<string, number>();
  const count = (key: string): number => {
    const next = (counters.get(key) ?? 0) + 1;
    counters.set(key, next);
    return next;
  };
  const faculty = lecturers.map(({ lecturer, departmentId, letters }) => {
    const faculty_id = `${letters}F${padded(count(`faculty ${letters}`), 2)}`;
    const user_id = addUser(departmentId, lecturer.isHod ? 'hod' : 'faculty', faculty_id.toLowerCase(), personName(random));
    return { id: lecturer.number + 1, user_id, faculty_id };
  });

  const students: DemoCampus['students'] = [];
  sections.forEach(({ departmentId, letters, year, size }, index) => {
    const admission = padded(admissionYear(year) % 100, 2);
    for (let place = 0; place < size; place += 1) {
      const roll_number = `${admission}${letters}${padded(count(`${admission}${letters}`), 3)}`;
      // The smallest campus, too, has every script.
      const name = students.length < NAME_STYLES ? personName(random, students.length) : personName(random);
      const user_id = addUser(departmentId, place === 0 ? 'cr' : 'student', roll_number.toLowerCase(), name);
      const student_id = `S${admission}${padded(count(`S${admission}`), 4)}`;
      students.push({ id: students.length + 1, user_id, section_id: index + 1, student_id, roll_number });
    }
  });
  return { users, faculty, students };
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
