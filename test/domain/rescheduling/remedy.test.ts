import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chooseRemedies, type HitSession } from '../../../domain/rescheduling/remedy.ts';

const session = (parts: Partial<HitSession> = {}): HitSession => ({
  hit: 18, attendees: 60, hoursLeft: 48, moveThreshold: 0.3, makeupMinStudents: 3, cutOffHours: 2, kind: 'regular', ...parts,
});

describe('I16 which remedy for those who find no seat in another section', () => {
  test('a makeup comes before moving the class, when they are enough', () => {
    expect(chooseRemedies(session())).toEqual({ kind: 'search', inOrder: ['makeup', 'move'] });
    expect(chooseRemedies(session({ hit: 3 }))).toEqual({ kind: 'search', inOrder: ['makeup'] });
    expect(chooseRemedies(session({ hit: 2 }))).toEqual({ kind: 'on-duty', because: 'too-few' });
    expect(chooseRemedies(session({ makeupMinStudents: 19 }))).toEqual({ kind: 'search', inOrder: ['move'] });
  });

  test('a class is moved from 30 % of its attendees on, exactly', () => {
    for (let attendees = 10; attendees <= 300; attendees += 10) {
      const threshold = (attendees / 10) * 3;
      expect(chooseRemedies(session({ hit: threshold, attendees, makeupMinStudents: 999 })).kind).toBe('search');
      expect(chooseRemedies(session({ hit: threshold - 1, attendees, makeupMinStudents: 999 }))).toEqual({ kind: 'on-duty', because: 'too-few' });
    }
  });

  test('when everybody is hit the class moves: nobody would be left for it', () => {
    expect(chooseRemedies(session({ hit: 60 }))).toEqual({ kind: 'search', inOrder: ['move'] });
  });

  test('a makeup is not made up again, but may move', () => {
    expect(chooseRemedies(session({ kind: 'makeup' }))).toEqual({ kind: 'search', inOrder: ['move'] });
    expect(chooseRemedies(session({ kind: 'makeup', hit: 4 }))).toEqual({ kind: 'on-duty', because: 'too-few' });
  });

  test('after the cut-off the class is not moved; a makeup comes later anyway', () => {
    expect(chooseRemedies(session({ hoursLeft: 2 }))).toEqual({ kind: 'search', inOrder: ['makeup', 'move'] });
    expect(chooseRemedies(session({ hoursLeft: 1.9 }))).toEqual({ kind: 'search', inOrder: ['makeup'] });
    expect(chooseRemedies(session({ hoursLeft: 1.9, hit: 60 }))).toEqual({ kind: 'on-duty', because: 'too-late' });
    expect(chooseRemedies(session({ hoursLeft: -1, makeupMinStudents: 99 }))).toEqual({ kind: 'on-duty', because: 'too-late' });
  });

  test('property: more students hit never take a remedy away, but for the makeup when nobody is left', () => {
    fc.assert(fc.property(
      fc.integer({ min: 2, max: 120 }), fc.integer({ min: 1, max: 119 }), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 100 }),
      (attendees, wanted, makeupMinStudents, percent) => {
        const hit = Math.min(wanted, attendees - 1);
        const searched = (count: number): readonly string[] => {
          const remedies = chooseRemedies(session({ hit: count, attendees, makeupMinStudents, moveThreshold: percent / 100 }));
          return remedies.kind === 'search' ? remedies.inOrder : [];
        };
        const more = searched(hit + 1);
        for (const remedy of searched(hit)) if (!(remedy === 'makeup' && hit + 1 === attendees)) expect(more).toContain(remedy);
      },
    ));
  });

  test('numbers that cannot be are refused', () => {
    expect(() => chooseRemedies(session({ hit: 3, attendees: 2 }))).toThrow(RangeError);
    expect(() => chooseRemedies(session({ hit: 0 }))).toThrow(RangeError);
  });
});
