import { describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import fc from 'fast-check';
import { demoCampus, type DemoCampusOptions } from '../../../db/seeds/demo-campus.ts';
import type { DemoCampus } from '../../../db/seeds/demo-rows.ts';
import { toSlot } from '../../../domain/calendar/slots.ts';
import { expandCandidates } from '../../../domain/rescheduling/candidates.ts';
import { searchSlots } from '../../../domain/rescheduling/slot-search.ts';

const options: DemoCampusOptions = { students: 500, seed: 11, from: '2026-08-03', weeks: 3, timeZone: 'Asia/Kolkata' };
const campus = demoCampus(options);

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const countBy = <T, K>(items: readonly T[], key: (item: T) => K) => [...Map.groupBy(items, key)].map(([name, group]) => [name, group.length] as const);
const byId = <T extends { id: number }>(rows: readonly T[]) => new Map(rows.map((row) => [row.id, row]));

/** The week's classes with all that must not be double-booked. */
function weekOf({ default_schedule, faculty_assignment, subjects }: DemoCampus) {
  const assignments = byId(faculty_assignment);
  return default_schedule.map((entry) => {
    const { faculty_id, section_id, subject_id } = assignments.get(entry.assignment_id)!;
    return { ...entry, faculty_id, section_id, type: byId(subjects).get(subject_id)!.subject_type, start: minutes(entry.start_time), end: minutes(entry.end_time) };
  });
}

/** Pairs of classes of the week in which the same room, lecturer or section would be in two places. */
function clashes(subject: DemoCampus): string[] {
  const week = weekOf(subject);
  return (['room_id', 'faculty_id', 'section_id'] as const).flatMap((resource) =>
    [...Map.groupBy(week, (entry) => `${resource} ${entry[resource]} on ${entry.weekday}`)]
      .filter(([, entries]) => entries.some((a, index) => entries.slice(index + 1).some((b) => a.start < b.end && b.start < a.end)))
      .map(([name]) => name),
  );
}

describe('the demo campus', () => {
  test('the same options give the same rows to the byte, another seed other ones', () => {
    expect(JSON.stringify(demoCampus(options))).toBe(JSON.stringify(campus));
    expect(JSON.stringify(demoCampus({ ...options, seed: 12 }))).not.toBe(JSON.stringify(campus));
  });

  test('of any size and seed, nobody and nothing is in two places, and loads stay within 16 hours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1500 }), fc.integer(), (students, seed) => {
        const any = demoCampus({ ...options, students, seed, weeks: 0 });
        expect(any.students).toHaveLength(students);
        expect(clashes(any)).toEqual([]);
        const hours = Map.groupBy(weekOf(any), ({ faculty_id }) => faculty_id);
        for (const entries of hours.values()) expect(entries.reduce((sum, { start, end }) => sum + end - start, 0)).toBeLessThanOrEqual(16 * 60);
        for (const [, size] of countBy(any.students, ({ section_id }) => section_id)) expect(size).toBeLessThanOrEqual(60);
      }),
      { numRuns: 25 },
    );
  });

  test('a campus of 4,000 has eight departments, sections of at most 60, and no clash', () => {
    const large = demoCampus({ ...options, students: 4000, weeks: 0 });
    expect(large.departments).toHaveLength(8);
    expect(large.sections).toHaveLength(67);
    expect(clashes(large)).toEqual([]);
  });

  test('classes are on weekdays between 9 and 16, on 5-minute borders, never over lunch; labs are longer', () => {
    for (const { weekday, start, end, type } of weekOf(campus)) {
      expect(weekday >= 1 && weekday <= 5 && start >= 9 * 60 && end <= 16 * 60).toBe(true);
      expect([start % 5, end % 5]).toEqual([0, 0]);
      expect(end <= 13 * 60 || start >= 14 * 60).toBe(true);
      expect(end - start).toBe(type === 'lab' ? 115 : 55);
    }
  });

  test('every class is in a room of its kind that holds the section', () => {
    const rooms = byId(campus.rooms);
    const sizes = new Map(countBy(campus.students, ({ section_id }) => section_id));
    for (const { room_id, section_id, type } of weekOf(campus)) {
      const room = rooms.get(room_id)!;
      expect(room.kind).toBe(type);
      expect(room.capacity).toBeGreaterThanOrEqual(sizes.get(section_id)!);
      expect(JSON.parse(room.equipment)).toEqual(expect.arrayContaining([expect.any(String)]));
    }
  });

  test('a section has five or six subjects, all its students are enrolled in each from the first day, and free periods are left', () => {
    const classes = new Map(countBy(weekOf(campus).flatMap((entry) => (entry.type === 'lab' ? [entry, entry] : [entry])), ({ section_id }) => section_id));
    for (const { id } of campus.sections) {
      const assignments = campus.faculty_assignment.filter(({ section_id }) => section_id === id);
      expect([5, 6]).toContain(assignments.length);
      const students = campus.students.filter(({ section_id }) => section_id === id);
      const enrolments = campus.student_subject.filter(({ section_id }) => section_id === id);
      expect(new Set(enrolments.map(({ student_id, subject_id }) => `${student_id} ${subject_id}`)).size).toBe(students.length * assignments.length);
      expect(enrolments.every(({ valid_from, valid_to }) => valid_from === options.from && valid_to === null)).toBe(true);
      expect(classes.get(id)!).toBeLessThanOrEqual(18);
    }
  });

  test('the weekly slots for moved classes are free of ordinary ones', () => {
    const windows = campus.weekly_slot.filter(({ purpose }) => purpose === 'makeup');
    expect(windows.map(({ weekday }) => weekday)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const slot of windows) {
      const inside = weekOf(campus).filter(({ weekday, start, end }) => weekday === slot.weekday && start < minutes(slot.end_time) && end > minutes(slot.start_time));
      expect(inside).toEqual([]);
    }
  });

  test('the sessions are the week without its holidays, and claim room and lecturer for each of their slots, once', () => {
    const assignments = byId(campus.faculty_assignment);
    const closed = campus.holidays.map(({ date }) => date);
    expect(closed).toEqual(['2026-08-14', '2026-08-19']);
    const expected = Array.from({ length: 21 }, (_, index) => DateTime.fromISO(options.from).plus({ days: index }))
      .filter((day) => !closed.includes(day.toISODate()!))
      .flatMap((day) => campus.default_schedule.filter(({ weekday }) => weekday === day.weekday).map(({ id }) => `${id} ${day.toISODate()}`));
    expect(campus.schedule.map((session) => `${session.default_schedule_id} ${session.date}`).toSorted()).toEqual(expected.toSorted());

    const wanted = campus.schedule.flatMap(({ id, room_id, assignment_id, starts_at, ends_at }) =>
      Array.from({ length: (ends_at.getTime() - starts_at.getTime()) / 300_000 }, (_, index) => starts_at.getTime() / 300_000 + index).flatMap((slot) => [
        `room ${room_id} ${slot} ${id}`,
        `faculty ${assignments.get(assignment_id)!.faculty_id} ${slot} ${id}`,
      ]),
    );
    expect(campus.claims.map((claim) => `${claim.kind} ${claim.resource_id} ${claim.slot} ${claim.session_id}`).toSorted()).toEqual(wanted.toSorted());
    expect(new Set(campus.claims.map(({ kind, resource_id, slot }) => `${kind} ${resource_id} ${slot}`)).size).toBe(campus.claims.length);
  });

  test('a class keeps its wall-clock time across a clock change', () => {
    const berlin = demoCampus({ ...options, students: 60, from: '2026-10-19', weeks: 2, timeZone: 'Europe/Berlin' });
    const entries = byId(berlin.default_schedule);
    for (const { default_schedule_id, starts_at, ends_at, date } of berlin.schedule) {
      const { start_time, end_time } = entries.get(default_schedule_id)!;
      const local = (instant: Date) => DateTime.fromJSDate(instant, { zone: 'Europe/Berlin' }).toFormat('yyyy-MM-dd HH:mm');
      expect([local(starts_at), local(ends_at)]).toEqual([`${date} ${start_time}`, `${date} ${end_time}`]);
    }
    expect(new Set(berlin.schedule.map(({ starts_at }) => starts_at.getUTCHours())).size).toBeGreaterThan(6);
  });

  test('people have every role, unique plain addresses and numbers, and names in several scripts', () => {
    for (const each of [campus, demoCampus({ ...options, students: 60 })]) {
      const roles = new Map(countBy(each.users, ({ role }) => role));
      expect(roles.get('admin')).toBe(1);
      expect(roles.get('registrar')).toBe(1);
      expect(roles.get('hod')).toBe(each.departments.length);
      expect(roles.get('cr')).toBe(each.sections.length);
      expect(roles.get('cr')! + roles.get('student')!).toBe(each.students.length);
      expect(roles.get('hod')! + roles.get('faculty')!).toBe(each.faculty.length);
      for (const { email } of each.users) expect(email).toMatch(/^[a-z0-9]+@campus\.example$/);
      for (const values of [each.users.map(({ email }) => email), each.students.map(({ roll_number }) => roll_number), each.students.map(({ student_id }) => student_id), each.rooms.map(({ name }) => name)]) {
        expect(new Set(values).size).toBe(values.length);
      }
      const names = each.users.map(({ name }) => name).join('\n');
      for (const script of ['Latin', 'Devanagari', 'Tamil', 'Arabic', 'Han']) expect(names).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
      expect(names).toMatch(/['’]/);
      expect(names).toMatch(/^\p{Letter}+$/mu);
    }
  });

  test('the first section is a final-year one of computer science, led by the first student', () => {
    expect(campus.sections[0]).toEqual({ id: 1, department_id: 1, year: 4, name: 'A' });
    expect(campus.students[0]).toMatchObject({ id: 1, section_id: 1, roll_number: '23CS001', student_id: 'S230001' });
    const user = campus.users.find(({ id }) => id === campus.students[0]!.user_id);
    expect(user).toMatchObject({ role: 'cr', email: '23cs001@campus.example', department_id: 1 });
    expect(campus.users.slice(0, 2).map(({ role }) => role)).toEqual(['admin', 'registrar']);
  });

  test('every reference is to a row that is there', () => {
    const references: [table: keyof DemoCampus, column: string, parent: keyof DemoCampus][] = [
      ['users', 'department_id', 'departments'], ['sections', 'department_id', 'departments'], ['students', 'user_id', 'users'], ['students', 'section_id', 'sections'],
      ['faculty', 'user_id', 'users'], ['faculty_assignment', 'faculty_id', 'faculty'], ['faculty_assignment', 'subject_id', 'subjects'], ['faculty_assignment', 'section_id', 'sections'],
      ['student_subject', 'student_id', 'students'], ['student_subject', 'subject_id', 'subjects'], ['default_schedule', 'assignment_id', 'faculty_assignment'],
      ['default_schedule', 'room_id', 'rooms'], ['schedule', 'default_schedule_id', 'default_schedule'], ['claims', 'session_id', 'schedule'],
    ];
    for (const [table, column, parent] of references) {
      const ids = new Set((campus[parent] as { id: number }[]).map(({ id }) => id));
      const used = (campus[table] as unknown as Record<string, number | null>[]).map((row) => row[column]).filter((id) => id !== null);
      expect(used.filter((id) => !ids.has(id!))).toEqual([]);
    }
  });

  test('a class of the first section can be moved into a weekly slot (I17)', () => {
    const session = campus.schedule.find(({ assignment_id }) => assignment_id === 1)!;
    const roster = campus.students.filter(({ section_id }) => section_id === 1);
    const others = campus.schedule.filter(({ id }) => id !== session.id);
    const busyOf = (chosen: typeof others) => chosen.map(({ starts_at, ends_at }) => ({ start: starts_at.getTime() / 300_000, end: ends_at.getTime() / 300_000, label: 'class' }));
    const assignments = byId(campus.faculty_assignment);
    const { faculty_id } = assignments.get(1)!;
    const sectionBusy = busyOf(others.filter(({ assignment_id }) => assignments.get(assignment_id)!.section_id === 1));
    const { candidates, days } = expandCandidates({
      weeklySlots: campus.weekly_slot.filter(({ purpose }) => purpose === 'makeup').map(({ id, weekday, start_time, end_time }) => ({ id, weekday, startTime: start_time, endTime: end_time })),
      from: options.from,
      days: 14,
      zone: options.timeZone,
      holidays: campus.holidays.map(({ date }) => date),
      teachingWeekdays: [1, 2, 3, 4, 5, 6],
      durationMinutes: 55,
    });
    const { options: offered } = searchSlots({
      durationSlots: 11,
      candidates,
      days,
      roomNeeds: { capacity: roster.length, kind: 'theory', equipment: ['projector'] },
      rooms: campus.rooms.map((room) => ({ ...room, equipment: JSON.parse(room.equipment) as string[] })),
      busy: {
        faculty: busyOf(others.filter(({ assignment_id }) => assignments.get(assignment_id)!.faculty_id === faculty_id)),
        rooms: new Map(campus.rooms.map(({ id }) => [id, busyOf(others.filter(({ room_id }) => room_id === id))])),
        students: new Map(roster.map(({ id }) => [id, sectionBusy])),
      },
      dailyLoad: { studentsMaxSlots: 96, facultyMaxSlots: 96 },
      original: { start: session.starts_at.getTime() / 300_000, end: session.ends_at.getTime() / 300_000, roomId: session.room_id },
      notBefore: toSlot('2026-08-03T00:00:00+05:30'),
    });
    expect(offered).toHaveLength(3);
    expect(offered[0]!.roomId).toBe(session.room_id);
  });

  test('options that make no sense are refused', () => {
    for (const wrong of [{ from: '2026-08-04' }, { from: 'Monday' }, { timeZone: 'Mars/Olympus' }, { students: 0 }, { students: 1.5 }, { weeks: -1 }]) {
      expect(() => demoCampus({ ...options, ...wrong })).toThrow(RangeError);
    }
  });
});
