import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { campusUniversity, type CampusRecords } from '../../../domain/timetabling/campus.ts';
import { entriesToRows, previousEntries } from '../../../domain/timetabling/campus-entries.ts';
import { teachingWeek } from '../../../domain/timetabling/teaching-week.ts';
import { universityIssues } from '../../../domain/timetabling/university-issues.ts';
import { studentGroups } from '../../../domain/timetabling/groups.ts';

const week = teachingWeek([1, 2, 3].flatMap((weekday) => ['09:00', '10:00', '11:00', '12:00'].map((start, index) => (
  { id: 10 * weekday + index, weekday, start, end: `${start.slice(0, 2)}:55` }))));

const assignment = (id: number, subjectId: number, sectionId: number, facultyId: number, more: Partial<CampusRecords['assignments'][number]> = {}) => ({
  id, subjectId, sectionId, facultyId, departmentId: 1, subjectCode: `X${subjectId}`, subjectType: 'theory' as const, mostPeriodsADay: 9, mostPeriodsAWeek: 99, ...more,
});
const enrolled = (subjectId: number, sectionId: number, studentIds: readonly number[]) => studentIds.map((studentId) => ({ studentId, subjectId, sectionId }));

/** Sections 1 (students 1 to 3) and 2 (4 and 5); subject 7 for section 1, subject 8 chosen by some of both. */
const records: CampusRecords = {
  rooms: [{ id: 1, building: 'North', capacity: 9, kind: 'theory', equipment: [] }, { id: 2, building: '', capacity: 9, kind: 'lab', equipment: ['kilns'] }],
  names: {}, closures: [], parts: [], facultyTimes: [], weekly: [], elsewhere: [],
  assignments: [assignment(3, 7, 1, 5), assignment(4, 8, 1, 6)],
  students: [1, 2, 3, 4, 5].map((id) => ({ id, sectionId: id <= 3 ? 1 : 2, departmentId: id <= 3 ? 1 : 2 })),
  enrolments: [...enrolled(7, 1, [1, 2, 3]), ...enrolled(8, 1, [2, 4])],
};
const made = (more: Partial<CampusRecords> = {}) => campusUniversity({ ...records, ...more }, week);

describe('T7 rows of a campus as a university', () => {
  test('a section comes whole when all of it is enrolled; who else is enrolled chose it', () => {
    const { classes, enrolments, sections } = made();
    expect(classes).toMatchObject([
      { id: 'a3', subject: 'c7', department: 'd1', faculty: ['f5'], sections: ['s1'], size: 3 }, { id: 'a4', faculty: ['f6'], sections: [], size: 2 },
    ]);
    expect(enrolments).toMatchObject([{ student: 't2', section: 's1', classes: ['a4'] }, { student: 't4', section: 's2', classes: ['a4'] }]);
    expect(sections).toMatchObject([{ id: 's1', department: 'd1', size: 3 }, { id: 's2', department: 'd2', size: 2 }]);
  });

  test('another section that is enrolled to the last student comes whole too', () => {
    expect(made({ enrolments: enrolled(7, 1, [1, 2, 3, 4, 5]) }).classes[0]).toMatchObject({ sections: ['s1', 's2'], size: 5 });
  });

  test('who is not here doesn’t count, and a section without students still has its classes', () => {
    const { classes, enrolments } = made({ students: [], enrolments: enrolled(7, 1, [1, 2]) });
    expect(classes).toMatchObject([{ sections: ['s1'], size: 0 }, { sections: ['s1'], size: 0 }]);
    expect(enrolments).toEqual([]);
  });

  test('one subject of a section with several faculty members is one class, of the first one’s assignment', () => {
    const { classes } = made({ assignments: [assignment(3, 7, 1, 5), assignment(4, 7, 1, 2), assignment(6, 8, 1, 5)] });
    expect(classes).toMatchObject([{ id: 'a3', faculty: ['f5', 'f2'] }, { id: 'a6', faculty: ['f5'] }]);
  });

  test('a subject without parts has what is usual for its type', () => {
    const { classes } = made({ assignments: [assignment(3, 7, 1, 5), assignment(4, 8, 1, 6, { subjectType: 'lab' })] });
    expect(classes.map(({ parts, minWorkingDays }) => [parts, minWorkingDays])).toEqual([
      [[{ kind: 'lecture', count: 3, length: 1, roomKind: 'theory', equipment: [], week: 'every' }], 3],
      [[{ kind: 'lab', count: 1, length: 2, roomKind: 'lab', equipment: [], week: 'every' }], 1],
    ]);
  });

  test('weeks differ when a part or a closure is in one of them only', () => {
    const part = { subjectId: 7, kind: 'lab' as const, meetings: 1, periods: 2, roomKind: 'lab' as const, equipment: ['kilns'], week: 'even' as const };
    const closure = { roomId: 1, weekday: 2, start: '10:30', end: '11:30', week: 'odd' as const };
    expect(made().weeks).toBe(1);
    expect(made({ parts: [part] }).weeks).toBe(2);
    const { weeks, rooms } = made({ closures: [closure] });
    expect([weeks, rooms[0]!.closed]).toEqual([2, [{ day: 1, period: 1, week: 'odd' }, { day: 1, period: 2, week: 'odd' }]]);
  });

  test('more than a week holds of a subject is refused by its code', () => {
    const part = { subjectId: 7, kind: 'lab' as const, meetings: 1, periods: 5, roomKind: 'lab' as const, equipment: [], week: 'every' as const };
    expect(() => made({ parts: [part] })).toThrow(expect.objectContaining({ code: 'subject-parts-wrong', details: { subject: 'X7', meetings: 1, periods: 5, days: 3, most: 4 } }));
  });

  test('a faculty member’s times close or cost each period that they touch, at the highest cost', () => {
    const time = { facultyId: 5, weekday: 1 };
    const { faculty } = made({
      facultyTimes: [{ ...time, start: '08:00', end: '09:30', cost: null }, { ...time, start: '10:00', end: '12:00', cost: 2 }, { ...time, start: '11:30', end: '12:30', cost: 7 }],
    });
    expect(faculty[0]).toEqual({
      id: 'f5', maxPerDay: 4, maxPerWeek: 12, unavailable: [{ day: 0, period: 0, week: 'every' }],
      preferences: [{ day: 0, period: 1, cost: 2 }, { day: 0, period: 2, cost: 7 }, { day: 0, period: 3, cost: 7 }],
    });
  });

  test('classes of another term at the same time take their room, faculty member and section', () => {
    const { rooms, faculty, sections } = made({ elsewhere: [{ roomId: 2, facultyId: 6, sectionId: 1, weekday: 3, start: '12:00', end: '12:55' }] });
    const then = [{ day: 2, period: 3, week: 'every' }];
    expect([rooms[1]!.taken, faculty[1]!.unavailable, sections[0]!.unavailable]).toEqual([then, then, then]);
    expect([rooms[0]!.taken, faculty[0]!.unavailable, sections[1]!.unavailable]).toEqual([[], [], []]);
  });

  test('nobody has a period that a weekday lacks', () => {
    const shorter = teachingWeek([['09:00', '09:55'], ['10:00', '10:55']].flatMap(([start, end]) => [1, 2].map((weekday) => ({ id: weekday, weekday, start: start!, end: end! }))).slice(0, 3));
    const lacking = [{ day: 1, period: 1, week: 'every' }];
    const { rooms, faculty, sections } = campusUniversity({ ...records, assignments: [assignment(3, 7, 1, 5, { subjectType: 'lab' })] }, shorter);
    for (const { closed } of rooms) expect(closed).toEqual(lacking);
    for (const { unavailable } of [...faculty, ...sections]) expect(unavailable).toEqual(lacking);
  });

  test('whoever is enrolled in what: every student has exactly the classes of the own enrolments, and nothing is wrong in the description', () => {
    const pairs = fc.uniqueArray(fc.record({ studentId: fc.integer({ min: 1, max: 6 }), subjectId: fc.integer({ min: 7, max: 9 }), sectionId: fc.integer({ min: 1, max: 2 }) }), {
      selector: (row) => JSON.stringify(row),
    });
    const assignments = [7, 8, 9].flatMap((subjectId) => [1, 2].map((sectionId) => assignment(10 * subjectId + sectionId, subjectId, sectionId, subjectId)));
    fc.assert(fc.property(pairs, (enrolments) => {
      const university = made({ assignments, enrolments });
      expect(universityIssues(university)).toEqual([]);
      const groups = studentGroups(university);
      for (const { id, sectionId } of records.students) {
        const own = enrolments.filter(({ studentId }) => studentId === id).map(({ subjectId, sectionId: of }) => `a${10 * subjectId + of}`).sort();
        if (own.length > 0) expect(groups.some(({ section, classes }) => section === `s${sectionId}` && classes.join() === own.join())).toBe(true);
      }
      expect(university.classes.reduce((sum, { size }) => sum + size, 0)).toBe(enrolments.filter(({ studentId }) => studentId <= 5).length);
    }));
  });
});

describe('T4 entries of a campus’s timetable as rows', () => {
  const university = made({ assignments: [assignment(3, 7, 1, 5), assignment(4, 7, 1, 6)] });
  const entry = { class: 'a3', part: 0, occurrence: 1, day: 1, period: 2, length: 2, week: 'odd' as const, room: 'r1' };

  test('say subject, first faculty member, room, the first period’s slot and the times', () => {
    expect(entriesToRows([entry], university, week)).toEqual([{
      course_id: 7, faculty_id: 5, room_id: 1, time_slot_id: 22, assignment_id: 3, part: 0, occurrence: 1, day: 2, start_time: '11:00', end_time: '12:55', week: 'odd',
    }]);
    expect(() => entriesToRows([{ ...entry, period: 3 }], university, week)).toThrow(RangeError);
    expect(() => entriesToRows([{ ...entry, class: 'a9' }], university, week)).toThrow(RangeError);
  });

  test('weekly classes in force are the meetings of their class in order; what fits none is left out', () => {
    const row = { assignmentId: 3, roomId: 1, weekday: 1, start: '09:00', end: '09:55', week: 'every' as const };
    const weekly = [row, { ...row, weekday: 2, assignmentId: 4 }, { ...row, start: '10:00', end: '11:55' }, { ...row, roomId: 2 }, { ...row, start: '09:05' }, { ...row, week: 'odd' as const }];
    expect(previousEntries(university, { weekly, assignments: [assignment(3, 7, 1, 5), assignment(4, 7, 1, 6)] }, week)).toEqual([
      { class: 'a3', part: 0, occurrence: 0, day: 0, period: 0, length: 1, week: 'every', room: 'r1' },
      { class: 'a3', part: 0, occurrence: 1, day: 1, period: 0, length: 1, week: 'every', room: 'r1' },
    ]);
  });
});
