// The kinds of sheets that are uploaded: their columns, what they are called besides, and an example row for the template (A6).
import { email, key, partKind, period, section, subjectType, text, time, weekday, weeks, wholeNumber, words, year } from './cells.ts';

const studentId = {
  title: 'id', synonyms: ['student_id', 'student id', 'student', 'id number', 'enrolment number', 'enrollment number', 'register number', 'registration number'],
  need: 'required', example: 'S230001', read: key(),
} as const;
const name = (...synonyms: string[]) => ({
  title: 'name', synonyms: ['full name', ...synonyms], need: 'required', example: 'Asha Verma', read: text(100),
} as const);
const mail = (example: string) => ({
  title: 'email', synonyms: ['e-mail', 'mail', 'mail id', 'email id', 'email address', 'e-mail address'], need: 'optional', example, read: email,
} as const);
const yearOf = { title: 'year', synonyms: ['batch', 'year of study', 'yearbatch'], need: 'given', example: 'E3', read: year } as const;
const department = { title: 'department', synonyms: ['dept', 'branch', 'department code'], need: 'given', example: 'CSE', read: key() } as const;
const sectionOf = { title: 'section', synonyms: ['sec', 'class section', 'division', 'class'], need: 'required', example: 'A', read: section } as const;
const facultyId = {
  title: 'faculty_id', synonyms: ['FacultyId', 'faculty', 'employee id', 'emp id', 'staff id', 'teacher id'], need: 'required', example: 'CSF01', read: key(),
} as const;
const subjectCode = { title: 'subject_code', synonyms: ['SubjectCode', 'subject', 'course code', 'course'], need: 'required', example: 'CS301', read: key() } as const;

const week = {
  title: 'week', synonyms: ['weeks', 'odd/even', 'even/odd', 'every/odd/even', 'week type', 'week parity', 'alternate weeks', 'fortnight'], need: 'optional', example: 'every', read: weeks,
} as const;
const day = { title: 'day', synonyms: ['weekday', 'day of week', 'day of the week'], need: 'required', example: 'Monday', read: weekday } as const;
const start = { title: 'start_time', synonyms: ['start', 'from', 'begins', 'starts at'], need: 'required', example: '08:30', read: time } as const;
const end = { title: 'end_time', synonyms: ['end', 'to', 'until', 'ends at'], need: 'required', example: '09:30', read: time } as const;

export const sheetKinds = {
  students: {
    id: studentId,
    name: name('student name', 'student_name', 'name of the student', 'name of student'),
    roll_number: { title: 'roll_number', synonyms: ['roll', 'roll no', 'roll_no', 'rollno', 'roll number', 'student number'], need: 'required', example: '23CS001', read: key() },
    email: mail('s230001@campus.example'),
    year: yearOf, department, section: sectionOf,
    // Where a sheet has the column, an empty cell takes the address away.
    guardian_email: {
      title: 'guardian_email', need: 'optional', example: 'guardian@mail.example', read: email,
      synonyms: ['guardian', 'guardian mail', 'guardian email id', 'guardian mail id', "guardian's email", 'parent email', 'parent mail', 'parent email id', 'parent mail id', "parent's email", 'father email', 'mother email'],
    },
  },
  faculties: {
    id: { ...facultyId, title: 'faculty_id', synonyms: [...facultyId.synonyms, 'id'] },
    name: { ...name('FacultyName', 'faculty name', 'teacher name'), title: 'faculty_name' },
    email: mail('csf01@campus.example'),
    department: { ...department, need: 'given' },
    // A file may say at once what they teach: then all three.
    subject_code: { ...subjectCode, need: 'optional' },
    year: { ...yearOf, need: 'optional' },
    section: { ...sectionOf, need: 'optional' },
  },
  subjects: {
    code: { title: 'code', synonyms: ['subject_code', 'subject code', 'course code', 'id'], need: 'required', example: 'CS301', read: key() },
    mnemonic: { title: 'mnemonic', synonyms: ['subject_mnemonic', 'short name', 'short', 'abbreviation', 'acronym'], need: 'required', example: 'OS', read: text(100) },
    name: { title: 'name', synonyms: ['subject_name', 'subject name', 'subject', 'course name', 'title'], need: 'required', example: 'Operating Systems', read: text(200) },
    type: { title: 'type', synonyms: ['subject_type', 'subject type', 'kind', 'theory/lab'], need: 'required', example: 'theory', read: subjectType },
  },
  'faculty-assignments': { faculty_id: facultyId, subject_code: subjectCode, year: yearOf, department, section: sectionOf },
  'default-schedules': {
    day,
    period: { title: 'period', synonyms: ['hour', 'period number', 'slot'], need: 'optional', example: 1, read: period },
    start_time: { ...start, need: 'optional', example: '' }, end_time: { ...end, need: 'optional', example: '' }, week,
    subject_code: subjectCode, faculty_id: facultyId,
    venue: { title: 'venue', synonyms: ['room', 'location', 'place', 'classroom'], need: 'required', example: 'AB1-101', read: text(50) },
    year: yearOf, department, section: sectionOf,
  },
  // What timetables are made from.
  periods: { day, start_time: start, end_time: end },
  'subject-parts': {
    subject_code: subjectCode,
    kind: { title: 'kind', synonyms: ['part', 'type', 'component', 'lecture/tutorial/lab', 'L/T/P'], need: 'required', example: 'lecture', read: partKind },
    meetings: { title: 'meetings', synonyms: ['meetings a week', 'meetings per week', 'times a week', 'classes per week', 'count'], need: 'required', example: 3, read: wholeNumber(1, 40) },
    periods: { title: 'periods', synonyms: ['length', 'periods each', 'periods per meeting', 'hours each', 'duration'], need: 'required', example: 1, read: wholeNumber(1, 16) },
    room_kind: { title: 'room_kind', synonyms: ['room', 'room type', 'kind of room'], need: 'optional', example: 'theory', read: subjectType },
    equipment: { title: 'equipment', synonyms: ['equipment needed', 'facilities'], need: 'optional', example: 'projector', read: words },
    week,
  },
  'faculty-times': {
    faculty_id: facultyId, day, start_time: start, end_time: end,
    // Empty: can't teach then.
    cost: { title: 'cost', synonyms: ['dislike', 'preference', 'penalty', 'weight'], need: 'optional', example: 3, read: wholeNumber(1, 9) },
  },
} as const;

export type SheetKind = keyof typeof sheetKinds;
