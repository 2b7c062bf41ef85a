// The competition format of ITC-2007 track 3 (.ctt): reading strictly, writing, and solutions ("course room day period" a line).
import { listsOf, MOST_PERIODS_PER_DAY, noWeights, type Placement, type Problem } from './problem.ts';

/** An instance as its file tells it. Courses are numbered from 0 in the file's order wherever they are referred to. */
export interface CttInstance {
  name: string;
  days: number;
  periodsPerDay: number;
  courses: { id: string; teacher: string; lectures: number; minWorkingDays: number; students: number }[];
  rooms: { id: string; capacity: number }[];
  curricula: { id: string; courses: number[] }[];
  unavailable: { course: number; day: number; period: number }[];
}

/** A file that is not what it should be. Its message names the line and says what would be right. */
export class CttError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}

interface Line { number: number; words: string[]; text: string }

const HEADS = ['Name', 'Courses', 'Rooms', 'Days', 'Periods_per_day', 'Curricula', 'Constraints'] as const;
const SECTIONS = ['COURSES', 'ROOMS', 'CURRICULA', 'UNAVAILABILITY_CONSTRAINTS'] as const;
type Head = typeof HEADS[number];
type Section = typeof SECTIONS[number];

/** Reads an instance. Lines may end in LF or CRLF, words may be parted by any blanks. @throws CttError */
export function readCtt(text: string): CttInstance {
  const { heads, sections, last } = partsOf(text);
  const headEnds = Math.min(last, ...[...sections.values()].map(({ number }) => number));
  const wholeNumber = (name: Exclude<Head, 'Name'>, least: number, most = 1_000_000) => {
    const head = heads.get(name);
    if (!head) throw new CttError(headEnds, `the head has no "${name}:"; before the first section it would say "${name}: ${Math.max(least, 5)}"`);
    return numberIn(head.words[0] ?? '', head, `"${name}: NUMBER"`, least, most);
  };
  const name = heads.get('Name');
  if (!name) throw new CttError(headEnds, 'the head has no "Name:"; the first line would say "Name: Campus1"');
  const days = wholeNumber('Days', 1, 31);
  const periodsPerDay = wholeNumber('Periods_per_day', 1, MOST_PERIODS_PER_DAY);
  const counts = { COURSES: wholeNumber('Courses', 1), ROOMS: wholeNumber('Rooms', 1), CURRICULA: wholeNumber('Curricula', 0), UNAVAILABILITY_CONSTRAINTS: wholeNumber('Constraints', 0) };
  for (const section of SECTIONS) {
    const found = sections.get(section);
    if (!found) throw new CttError(last, `the section "${section}:" is missing; it would have ${counts[section]} lines and stand before "END."`);
    if (found.lines.length !== counts[section]) {
      throw new CttError(found.number, `the head says that ${section} has ${counts[section]} lines, it has ${found.lines.length}`);
    }
  }
  const lines = (section: Section) => sections.get(section)!.lines;

  const courseOf = new Map<string, number>();
  const courses = lines('COURSES').map((line, i) => {
    const shape = '"course teacher lectures minimum-working-days students"';
    const [id, teacher, lectures, minWorkingDays, students] = wordsOf(line, 5, shape) as [string, string, string, string, string];
    once(courseOf, id, i, line, 'course');
    return {
      id, teacher, lectures: numberIn(lectures, line, shape, 1), minWorkingDays: numberIn(minWorkingDays, line, shape, 0), students: numberIn(students, line, shape, 0),
    };
  });
  const roomOf = new Map<string, number>();
  const rooms = lines('ROOMS').map((line, i) => {
    const [id, capacity] = wordsOf(line, 2, '"room capacity"') as [string, string];
    once(roomOf, id, i, line, 'room');
    return { id, capacity: numberIn(capacity, line, '"room capacity"', 0) };
  });
  const courseIn = (id: string, line: Line) => {
    const course = courseOf.get(id);
    if (course === undefined) throw new CttError(line.number, `there is no course ${id}; it must be one of those under COURSES`);
    return course;
  };
  const curriculumOf = new Map<string, number>();
  const curricula = lines('CURRICULA').map((line, i) => {
    const shape = '"curriculum number-of-courses course course …"';
    const [id, count, ...members] = line.words;
    if (id === undefined || count === undefined) throw new CttError(line.number, `"${line.text}" should be ${shape}`);
    once(curriculumOf, id, i, line, 'curriculum');
    const wanted = numberIn(count, line, shape, 0);
    if (members.length !== wanted) throw new CttError(line.number, `curriculum ${id} says that it has ${wanted} courses and names ${members.length}`);
    const numbers = members.map((member) => courseIn(member, line));
    const twice = members.find((member, at) => members.indexOf(member) !== at);
    if (twice !== undefined) throw new CttError(line.number, `curriculum ${id} names course ${twice} twice; each is named once`);
    return { id, courses: numbers };
  });
  const unavailable = lines('UNAVAILABILITY_CONSTRAINTS').map((line) => {
    const shape = '"course day period", both counted from 0';
    const [id, day, period] = wordsOf(line, 3, shape) as [string, string, string];
    return { course: courseIn(id, line), day: numberIn(day, line, shape, 0, days - 1), period: numberIn(period, line, shape, 0, periodsPerDay - 1) };
  });
  return { name: name.text, days, periodsPerDay, courses, rooms, curricula, unavailable };
}

/** Heads and sections by name. `last` is the number of the line at which the file ended. */
function partsOf(text: string) {
  const heads = new Map<Head, Line>();
  const sections = new Map<Section, { number: number; lines: Line[] }>();
  let section: Line[] | null = null;
  let ended: number | null = null;
  let number = 0;
  let last = 1;
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    number += 1;
    const trimmed = raw.trim();
    if (trimmed === '') continue;
    last = number;
    if (ended !== null) throw new CttError(number, `"${shortened(trimmed)}" stands after "END." of line ${ended}, where nothing more may stand`);
    const title = trimmed.slice(0, -1).trim();
    if (trimmed === 'END.' || trimmed === 'END') {
      ended = number;
    } else if (trimmed.endsWith(':') && isSection(title)) {
      if (sections.has(title)) throw new CttError(number, `the section ${title} began in line ${sections.get(title)!.number} already; it stands once`);
      section = [];
      sections.set(title, { number, lines: section });
    } else if (section !== null) {
      if (/^[A-Z_]+:$/.test(trimmed)) throw new CttError(number, `there is no section ${title}; the sections are ${SECTIONS.join(', ')}`);
      section.push({ number, words: trimmed.split(/\s+/), text: shortened(trimmed) });
    } else {
      readHead(heads, trimmed, number);
    }
  }
  if (ended === null) throw new CttError(last, 'the file ends without "END."; that is its last line');
  return { heads, sections, last };
}

function readHead(heads: Map<Head, Line>, trimmed: string, number: number): void {
  const colon = trimmed.indexOf(':');
  const name = trimmed.slice(0, Math.max(0, colon)).trim();
  if (!isHead(name)) throw new CttError(number, `"${shortened(trimmed)}" should be one of ${HEADS.map((head) => `"${head}: …"`).join(', ')}, or the title of a section`);
  const value = trimmed.slice(colon + 1).trim();
  if (heads.has(name)) throw new CttError(number, `"${name}:" stood in line ${heads.get(name)!.number} already; it stands once`);
  if (name !== 'Name' && /\s/.test(value)) throw new CttError(number, `"${shortened(trimmed)}" should be "${name}: NUMBER"`);
  heads.set(name, { number, words: [value], text: value });
}

const isHead = (name: string): name is Head => HEADS.some((head) => head === name);
const isSection = (name: string): name is Section => SECTIONS.some((section) => section === name);
const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

function wordsOf(line: Line, count: number, shape: string): string[] {
  if (line.words.length !== count) throw new CttError(line.number, `"${line.text}" should be ${shape}`);
  return line.words;
}

function numberIn(word: string, line: Line, shape: string, least: number, most = 1_000_000): number {
  const value = Number(word);
  if (!/^\d{1,7}$/.test(word) || value < least || value > most) {
    throw new CttError(line.number, `"${shortened(word)}" should be a whole number from ${least} to ${most}, in ${shape}`);
  }
  return value;
}

function once(known: Map<string, number>, id: string, number: number, line: Line, what: string): void {
  if (known.has(id)) throw new CttError(line.number, `${what} ${id} is there already; each ${what} has a line and an id of its own`);
  known.set(id, number);
}

/** The instance's file. */
export function writeCtt({ name, days, periodsPerDay, courses, rooms, curricula, unavailable }: CttInstance): string {
  const idOf = (course: number) => courses[course]!.id;
  return [
    `Name: ${name}`, `Courses: ${courses.length}`, `Rooms: ${rooms.length}`, `Days: ${days}`, `Periods_per_day: ${periodsPerDay}`,
    `Curricula: ${curricula.length}`, `Constraints: ${unavailable.length}`,
    '', 'COURSES:', ...courses.map(({ id, teacher, lectures, minWorkingDays, students }) => `${id} ${teacher} ${lectures} ${minWorkingDays} ${students}`),
    '', 'ROOMS:', ...rooms.map(({ id, capacity }) => `${id}\t${capacity}`),
    '', 'CURRICULA:', ...curricula.map(({ id, courses: members }) => [id, members.length, ...members.map(idOf)].join(' ')),
    '', 'UNAVAILABILITY_CONSTRAINTS:', ...unavailable.map(({ course, day, period }) => `${idOf(course)} ${day} ${period}`),
    '', 'END.', '',
  ].join('\n');
}

/** The instance as the solver's problem: an event for each lecture, in the order of the courses; a group for each curriculum. */
export function problemOfCtt({ days, periodsPerDay, courses, rooms, curricula, unavailable }: CttInstance): Problem {
  const slots = days * periodsPerDay;
  const eventCourse = Int32Array.from(courses.flatMap(({ lectures }, course) => Array.from({ length: lectures }, () => course)));
  const events = eventCourse.length;
  const groupsOf: number[][] = courses.map(() => []);
  curricula.forEach(({ courses: members }, group) => { for (const course of members) groupsOf[course]!.push(group); });
  const teacherOf = new Map<string, number>();
  for (const { teacher } of courses) if (!teacherOf.has(teacher)) teacherOf.set(teacher, teacherOf.size);
  const closed = new Set(unavailable.map(({ course, day, period }) => course * slots + day * periodsPerDay + period));
  const perEvent = <T>(of: (course: number) => T) => Array.from(eventCourse, of);
  const allRooms = rooms.map((_, room) => room);
  return {
    days, periodsPerDay, weeks: 1, breakAfter: new Uint8Array(periodsPerDay),
    events, eventCourse, eventLength: new Uint8Array(events).fill(1), eventWeeks: new Uint8Array(events).fill(1),
    eventSize: Int32Array.from(perEvent((course) => courses[course]!.students)),
    eventGroups: listsOf(perEvent((course) => groupsOf[course]!)),
    eventTeachers: listsOf(perEvent((course) => [teacherOf.get(courses[course]!.teacher)!])),
    eventRooms: listsOf(perEvent(() => allRooms)),
    eventAllowed: Uint8Array.from({ length: events * slots }, (_, i) => (closed.has(eventCourse[Math.floor(i / slots)]! * slots + i % slots) ? 0 : 1)),
    eventLockedSlot: new Int32Array(events).fill(-1), eventLockedRoom: new Int32Array(events).fill(-1),
    eventPreviousSlot: new Int32Array(events).fill(-1), eventPreviousRoom: new Int32Array(events).fill(-1),
    courses: courses.length, courseMinDays: Int32Array.from(courses, ({ minWorkingDays }) => minWorkingDays),
    groups: curricula.length, groupMaxDaily: new Int32Array(curricula.length).fill(periodsPerDay),
    teachers: teacherOf.size, teacherAvailable: new Uint8Array(teacherOf.size * slots).fill(1), teacherCost: new Int32Array(teacherOf.size * slots),
    teacherMaxDaily: new Int32Array(teacherOf.size).fill(periodsPerDay),
    rooms: rooms.length, roomCapacity: Int32Array.from(rooms, ({ capacity }) => capacity), roomBuilding: new Int32Array(rooms.length),
    roomTaken: new Uint8Array(rooms.length * slots),
    buildings: 1, walkCost: new Int32Array(1), periodCost: new Int32Array(periodsPerDay), peakLimit: events,
    weights: { ...noWeights, capacity: 1, minimumWorkingDays: 5, compactness: 2, roomStability: 1 },
  };
}

/** A solution's lines: "course room day period" for each lecture that has a place. */
export function writeSolution({ courses, rooms, periodsPerDay }: CttInstance, { eventCourse }: Problem, { slot, room }: Placement): string {
  let text = '';
  eventCourse.forEach((course, event) => {
    const at = slot[event]!;
    if (at >= 0) text += `${courses[course]!.id} ${rooms[room[event]!]!.id} ${Math.floor(at / periodsPerDay)} ${at % periodsPerDay}\n`;
  });
  return text;
}
