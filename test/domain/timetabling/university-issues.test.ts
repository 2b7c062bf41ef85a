// What a registrar may have written wrongly, each found with its field and what would be right.

import { describe, expect, test } from '@jest/globals';
import type { University } from '../../../domain/timetabling/university.ts';
import { universityIssues } from '../../../domain/timetabling/university-issues.ts';
import { college, lectures, room, taught, teacher } from './little-college.ts';

const withClass = (more: Parameters<typeof taught>[1]): University => ({ ...college, classes: [...college.classes, taught('new', more)] });

describe('T7 the description of a university holds together', () => {
  test('a university without mistakes has no issues', () => {
    expect(universityIssues(college)).toEqual([]);
  });

  const mistakes: [string, University, object][] = [
    ['an id is there twice', { ...college, rooms: [...college.rooms, room('H1')] }, { field: 'rooms[4].id', why: 'duplicate', value: 'H1', expected: 'rooms' }],
    ['an id is empty', { ...college, faculty: [...college.faculty, teacher('')] }, { field: 'faculty[3].id', why: 'empty', value: '', expected: 'faculty' }],
    ['a room is in no building', { ...college, rooms: [...college.rooms, room('H9', { building: 'Lost' })] }, { field: 'rooms[4].building', why: 'unknown', value: 'Lost', expected: 'buildings' }],
    ['a class is taught by nobody known', withClass({ faculty: ['Nobody'] }), { field: 'classes[5].faculty[0]', why: 'unknown', value: 'Nobody', expected: 'faculty' }],
    ['a class names a section twice', withClass({ sections: ['A', 'A'] }), { field: 'classes[5].sections[1]', why: 'duplicate', value: 'A', expected: 'classes[5].sections' }],
    ['a size is negative', withClass({ size: -1 }), { field: 'classes[5].size', why: 'range', value: -1, expected: '0..100000' }],
    ['a block is longer than a day', withClass({ parts: [lectures(1, 5)] }), { field: 'classes[5].parts[0].length', why: 'range', value: 5, expected: '1..4' }],
    ['a class has nothing to teach', withClass({ parts: [] }), { field: 'classes[5].parts', why: 'empty', value: 0, expected: 'parts' }],
    ['a number is no whole one', withClass({ minWorkingDays: 1.5 }), { field: 'classes[5].minWorkingDays', why: 'range', value: 1.5, expected: '0..3' }],
    ['a break comes after the last period', { ...college, breaks: [{ after: 3, minutes: 10 }] }, { field: 'breaks[0].after', why: 'range', value: 3, expected: '0..2' }],
    ['a slot is on a day that there isn\'t', { ...college, faculty: [...college.faculty, teacher('Quist', { unavailable: [{ day: 3, period: 0, week: 'every' }] })] }, { field: 'faculty[3].unavailable[0].day', why: 'range', value: 3, expected: '0..2' }],
    ['a student chose what there isn\'t', { ...college, enrolments: [{ student: 'Dee', section: null, classes: ['algae'], unavailable: [] }] }, { field: 'enrolments[0].classes[0]', why: 'unknown', value: 'algae', expected: 'classes' }],
    ['a section has fewer students than are enrolled', { ...college, sections: college.sections.map((section) => ({ ...section, size: section.id === 'A' ? 0 : 40 })) }, { field: 'sections[0].size', why: 'range', value: 0, expected: '1..100000' }],
    ['a class has seats for fewer than chose it', { ...college, classes: college.classes.map((each) => ({ ...each, size: each.id === 'mosses' ? 1 : each.size })) }, { field: 'classes[3].size', why: 'range', value: 1, expected: '2..100000' }],
    ['a lock is for a meeting that there isn\'t', { ...college, locks: [{ class: 'ferns', part: 0, occurrence: 2, slot: null, room: 'H1' }] }, { field: 'locks[0].occurrence', why: 'range', value: 2, expected: '0..1' }],
    ['a lock fixes nothing', { ...college, locks: [{ class: 'ferns', part: 0, occurrence: 0, slot: null, room: null }] }, { field: 'locks[0]', why: 'empty', value: 'ferns', expected: 'slot or room' }],
    ['a walk is told in both directions', { ...college, walks: [...college.walks, { between: ['New', 'Old'], minutes: 4 }] }, { field: 'walks[1].between', why: 'duplicate', value: 'New – Old', expected: 'walks' }],
    ['a day is there twice', { ...college, weekdays: [1, 3, 3] }, { field: 'weekdays[2]', why: 'duplicate', value: '3', expected: 'weekdays' }],
    ['a period has no cost', { ...college, periodCosts: [1, 2] }, { field: 'periodCosts.length', why: 'range', value: 2, expected: '4..4' }],
  ];
  test.each(mistakes)('%s', (_, university, issue) => {
    expect(universityIssues(university)).toEqual([issue]);
  });

  test('a week of its own needs weeks that differ', () => {
    expect(universityIssues({ ...college, weeks: 1 }).map(({ field, why, expected }) => ({ field, why, expected }))).toEqual([
      { field: 'classes[0].parts[1].week', why: 'week', expected: 'every' }, { field: 'classes[1].parts[1].week', why: 'week', expected: 'every' },
    ]);
  });
});
