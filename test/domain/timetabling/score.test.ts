// Each part of the quality score on a timetable that can be counted by hand, and what holds for all.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { generateUniversity } from '../../../domain/timetabling/generate.ts';
import { compactness, continuity, facultyPreference, peakSpread, qualityOf, roomUse, workloadBalance } from '../../../domain/timetabling/score.ts';
import { qualityParts, variants } from '../../../domain/timetabling/variants.ts';
import { college, collegeTimetable, moved, teacher } from './little-college.ts';

describe('T3 the parts of the quality score', () => {
  test('faculty preference: each period that somebody dislikes, against the worst slot for all that they teach', () => {
    const picky = teacher('Petrov', { preferences: [{ day: 0, period: 3, cost: 2 }, { day: 2, period: 0, cost: 5 }] });
    const university = { ...college, faculty: [teacher('Nair'), teacher('Ortiz'), picky] };
    // Mosses on day 0 at 3, ferns on day 2 at 0; four periods taught.
    expect(facultyPreference(university, collegeTimetable)).toEqual({ value: 7, most: 20 });
  });

  test('compactness: free periods between classes, by the students who have them, in each week', () => {
    // Section A (39 without choices): day 0 at 0 and 2 is a gap, day 1 too, day 2 none; in both weeks. The same with Ada, for whom mosses at 3 changes
    // nothing. Section B (39): 1 and 2 on both days, no gap; Ben neither. Cy: leaves on days 0 and 1, ferns at 0 and 1 on day 2: none.
    // At most: A and B have 4 periods in one week and 6 in the other (2 and 3 days of a gap of 2), Ada and Ben 6 and 8, Cy 4 and 4.
    expect(compactness(college, collegeTimetable)).toEqual({ value: 40 * 4, most: 78 * (2 + 3) * 2 + 2 * (3 + 3) * 2 + (2 + 2) * 2 });
  });

  test('room use: empty seats, against the largest room that could be used', () => {
    // Roots: 4 lectures of 40 in 60 seats and 2 labs of 40 in 45; leaves: 80 in 120, twice; mosses 2 in 60, ferns 1 in 60, twice each.
    const value = 4 * 20 + 2 * 5 + 2 * 40 + 2 * 58 + 2 * 59;
    expect(roomUse(college, collegeTimetable)).toEqual({ value, most: 4 * 80 + 2 * 5 + 2 * 40 + 2 * 118 + 2 * 119 });
  });

  test('workload balance: periods beyond an even day, against all on as few days as it takes', () => {
    // Nair teaches 6 periods in each week, an even day has 2, and so it is. Petrov 4: an even day has 2, and so it is. Ortiz 2: 1 a day.
    // At most: Nair 4 on one day and 2 on the other, so 2 beyond; Petrov 4 on one, 2 beyond; Ortiz 2 on one, 1 beyond; in both weeks.
    expect(workloadBalance(college, collegeTimetable)).toEqual({ value: 0, most: 2 * (2 + 2 + 1) });
    expect(workloadBalance(college, moved('leaves', 0, 1, { day: 0, period: 1 }))).toEqual({ value: 2, most: 10 });
  });

  test('peak spread: meetings at once beyond an even share, against all rooms in use at once', () => {
    // 12 periods of meetings in 12 periods of a week: even is 1; only one at a time, but for none.
    expect(peakSpread(college, collegeTimetable)).toEqual({ value: 0, most: 2 * 3 * 3 });
    expect(peakSpread(college, moved('leaves', 0, 1, { day: 0, period: 3 }))).toEqual({ value: 2, most: 18 });
  });

  test('continuity: rooms of a class beyond the first of each kind, against a room for each meeting', () => {
    expect(continuity(college, collegeTimetable)).toEqual({ value: 0, most: 5 });
    expect(continuity(college, moved('roots A', 0, 1, { room: 'H3' }))).toEqual({ value: 1, most: 5 });
  });
});

describe('T3 the quality score', () => {
  test('each variant weighs six parts to 1', () => {
    expect(variants.map(({ name }) => name)).toEqual(['Balanced', 'Faculty-First', 'Student-Compact', 'Room-Efficient', 'Workload-Balanced']);
    for (const { weights } of variants) expect(qualityParts.reduce((sum, part) => sum + weights[part], 0)).toBeCloseTo(1);
  });

  test('it is the weighted sum of its parts, from 0 to 100, and no part costs more than the most', () => {
    fc.assert(fc.property(fc.integer(), fc.constantFrom(...variants), (seed, { weights }) => {
      const { university, solution } = generateUniversity(seed, { courses: 60, students: 500 });
      const { score, parts } = qualityOf(university, solution, weights);
      expect(score).toBeCloseTo(100 * parts.reduce((sum, { part, quality }) => sum + weights[part] * quality, 0));
      for (const { value, most, quality } of parts) {
        expect(value).toBeLessThanOrEqual(most);
        expect(quality).toBeCloseTo(most === 0 ? 1 : 1 - value / most);
      }
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(100);
    }), { numRuns: 25 });
  });

  test('the most that a part can cost doesn\'t depend on the timetable', () => {
    const { university, solution } = generateUniversity(2, { courses: 60, students: 500 });
    const most = (entries: typeof solution) => qualityOf(university, entries, variants[0]!.weights).parts.map((part) => part.most);
    expect(most(solution.slice(0, 50))).toEqual(most(solution));
  });

  test('a part that can\'t cost anything is as good as can be', () => {
    expect(qualityOf(college, collegeTimetable, variants[0]!.weights).parts.find(({ part }) => part === 'facultyPreference')).toMatchObject({ quality: 1, most: 0 });
  });
});
