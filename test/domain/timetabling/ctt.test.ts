import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawInstance } from '../../../bench/ctt-instances.ts';
import { CttError, type CttInstance, problemOfCtt, readCtt, writeCtt, writeSolution } from '../../../domain/timetabling/ctt.ts';
import { evaluate } from '../../../domain/timetabling/evaluate.ts';
import { placed } from './problems.ts';

const small = `Name: Hill
Courses: 3
Rooms: 2
Days: 2
Periods_per_day: 3
Curricula: 2
Constraints: 2

COURSES:
algebra  mira  2 2 30
botany   omar  1 1 12
chess    mira  1 1 5

ROOMS:
north\t25
south\t40

CURRICULA:
first  2 algebra botany
second 2 algebra chess

UNAVAILABILITY_CONSTRAINTS:
botany 0 0
chess 1 2

END.
`;

/** The line and message of what is wrong with the small instance after a change. */
function refusal(from: string | RegExp, to: string): { line: number; message: string } {
  const text = small.replace(from, to);
  expect(text).not.toBe(small);
  try {
    readCtt(text);
  } catch (error) {
    if (error instanceof CttError) return { line: error.line, message: error.message };
    throw error;
  }
  throw new Error('it was read');
}

describe('T12 reading .ctt', () => {
  test('an instance is read as it is written', () => {
    expect(readCtt(small)).toEqual({
      name: 'Hill', days: 2, periodsPerDay: 3,
      courses: [
        { id: 'algebra', teacher: 'mira', lectures: 2, minWorkingDays: 2, students: 30 },
        { id: 'botany', teacher: 'omar', lectures: 1, minWorkingDays: 1, students: 12 },
        { id: 'chess', teacher: 'mira', lectures: 1, minWorkingDays: 1, students: 5 },
      ],
      rooms: [{ id: 'north', capacity: 25 }, { id: 'south', capacity: 40 }],
      curricula: [{ id: 'first', courses: [0, 1] }, { id: 'second', courses: [0, 2] }],
      unavailable: [{ course: 1, day: 0, period: 0 }, { course: 2, day: 1, period: 2 }],
    } satisfies CttInstance);
  });

  test('CRLF, a byte order mark and blanks at will change nothing', () => {
    expect(readCtt(`\uFEFF${small.replaceAll('\n', ' \r\n')}\r\n`)).toEqual(readCtt(small));
  });

  test('what is written is read back the same', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
      const instance = drawInstance(seed);
      expect(readCtt(writeCtt(instance))).toEqual(instance);
    }), { numRuns: 10 });
  });

  test.each<[string, string | RegExp, string, number, string]>([
    ['a head is missing', 'Days: 2\n', '', 8, 'the head has no "Days:"'],
    ['a head stands twice', 'Days: 2\n', 'Days: 2\nDays: 2\n', 5, '"Days:" stood in line 4 already'],
    ['a head is unknown', 'Days: 2\n', 'Day: 2\n', 4, '"Day: 2" should be one of "Name: …", "Courses: …"'],
    ['a number is none', 'Days: 2', 'Days: two', 4, '"two" should be a whole number from 1 to 31'],
    ['there are no days', 'Days: 2', 'Days: 0', 4, '"0" should be a whole number from 1 to 31'],
    ['a section is missing', /ROOMS:[^]*?(?=CURRICULA:)/, '', 22, 'the section "ROOMS:" is missing; it would have 2 lines'],
    ['a section stands twice', 'CURRICULA:', 'ROOMS:', 18, 'the section ROOMS began in line 14 already'],
    ['a section is unknown', 'CURRICULA:', 'PROGRAMMES:', 18, 'there is no section PROGRAMMES'],
    ['a count is wrong', 'Courses: 3', 'Courses: 4', 9, 'the head says that COURSES has 4 lines, it has 3'],
    ['a word is missing', 'omar  1 1 12', 'omar  1 1', 11, '"botany   omar  1 1" should be "course teacher lectures minimum-working-days students"'],
    ['a word is too many', 'north\t25', 'north\t25 seats', 15, '"north\t25 seats" should be "room capacity"'],
    ['a number is negative', 'omar  1 1 12', 'omar  1 1 -12', 11, '"-12" should be a whole number from 0'],
    ['a course has no lectures', 'omar  1 1 12', 'omar  0 1 12', 11, '"0" should be a whole number from 1'],
    ['a course stands twice', 'botany   omar', 'algebra  omar', 11, 'course algebra is there already'],
    ['a room stands twice', 'south\t40', 'north\t40', 16, 'room north is there already'],
    ['a curriculum stands twice', 'second 2', 'first 2', 20, 'curriculum first is there already'],
    ['a curriculum names nobody known', 'second 2 algebra chess', 'second 2 algebra drama', 20, 'there is no course drama'],
    ['a curriculum names a course twice', 'second 2 algebra chess', 'second 2 chess chess', 20, 'curriculum second names course chess twice'],
    ['a curriculum is shorter than it says', 'second 2 algebra chess', 'second 2 algebra', 20, 'says that it has 2 courses and names 1'],
    ['a constraint names nobody known', 'chess 1 2', 'drama 1 2', 24, 'there is no course drama'],
    ['a constraint is on a day that is not', 'chess 1 2', 'chess 2 2', 24, '"2" should be a whole number from 0 to 1'],
    ['a constraint is in a period that is not', 'chess 1 2', 'chess 1 3', 24, '"3" should be a whole number from 0 to 2'],
    ['the end is missing', 'END.\n', '', 24, 'the file ends without "END."'],
    ['something stands after the end', 'END.\n', 'END.\nand more\n', 27, '"and more" stands after "END." of line 26'],
  ])('it is refused when %s', (_, from, to, line, message) => {
    const refused = refusal(from, to);
    expect(refused.message).toContain(message);
    expect(refused).toMatchObject({ line, message: expect.stringContaining(`line ${line}: `) });
  });

  test('an empty file is refused', () => {
    expect(() => readCtt('')).toThrow('line 1: the file ends without "END."');
  });
});

describe('T13 the competition\'s objective', () => {
  const instance = readCtt(small);
  const problem = problemOfCtt(instance);

  test('costs what its rules say: capacity 1, working days 5, compactness 2, stability 1', () => {
    // algebra twice on the first day, in both rooms, apart from each other; botany right after it, chess on the other day.
    const { hard, soft, parts } = evaluate(problem, placed([0, 0], [2, 1], [1, 1], [3, 1]));
    expect(hard).toBe(0);
    // "first" is busy in 0, 1 and 2; "second" in 0, in 2, and on the other day.
    expect(parts).toMatchObject({ capacity: 5, minimumWorkingDays: 5, compactness: 6, roomStability: 1 });
    expect(soft).toBe(17);
  });

  test('breaks what its rules say: curricula, teachers, lectures of a course, rooms', () => {
    expect(evaluate(problem, placed([0, 0], [0, 1], [4, 1], [1, 1])).conflicts).toBe(1);
    expect(evaluate(problem, placed([0, 0], [2, 0], [2, 1], [0, 1])).conflicts).toBe(2);
    expect(evaluate(problem, placed([0, 0], [3, 0], [1, 1], [1, 1])).doubleBookings).toBe(1);
  });

  test('a solution has a line a lecture: course, room, day, period', () => {
    expect(writeSolution(instance, problem, placed([0, 0], [5, 1], [-1, -1], [4, 1]))).toBe('algebra north 0 0\nalgebra south 1 2\nchess south 1 1\n');
  });
});
