import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type KnownInterview, matchInterview } from '../../../domain/interviews/matching.ts';
import type { Finding } from '../../../domain/interviews/types.ts';

const HOURS = ['10:00', '15:00'];
const DAYS = ['2026-11-25', '2026-11-26'];

function finding(parts: Partial<Finding>): Finding {
  return {
    kind: 'invite', company: 'Acme', role: null, round: null, mode: null, start: '2026-11-25T10:00:00Z', end: null, previousStart: null,
    timeZone: 'UTC', location: null, link: null, confidence: 1, source: 'rules', evidence: '', ...parts,
  };
}

function known(id: number, parts: Partial<KnownInterview> = {}): KnownInterview {
  return { id, companyKey: 'acme', role: null, round: null, date: '2026-11-25', startsAt: new Date('2026-11-25T10:00:00Z'), status: 'confirmed', ...parts };
}

const match = (found: Finding, all: KnownInterview[], replied: KnownInterview[] = []) =>
  matchInterview(found, found.start.slice(0, 10), { known: all, replied });

const moment = fc.tuple(fc.constantFrom(...DAYS), fc.option(fc.constantFrom(...HOURS)));
const round = fc.constantFrom('hr', 'technical', null);

const findings = fc.record({
  kind: fc.constantFrom('invite', 'reschedule', 'cancel'), moment, previous: fc.option(moment), round,
  company: fc.constantFrom('Acme', 'Acme India Pvt Ltd', 'Other', null),
}).map(({ moment: at, previous, ...parts }) => finding({ ...parts, start: text(at), previousStart: previous === null ? null : text(previous) }) as Finding);

const interviews = fc.array(fc.record({
  moment, round, companyKey: fc.constantFrom('acme', 'acmeindia', 'other'), status: fc.constantFrom('asked', 'confirmed', 'cancelled', 'rejected'),
}), { maxLength: 6 }).map((rows) => rows.map(({ moment: [date, hour], ...parts }, id) =>
  known(id, { ...parts, date, startsAt: hour === null ? null : new Date(`${date}T${hour}:00Z`) } as Partial<KnownInterview>)));

function text([date, hour]: readonly [string, string | null]): string {
  return hour === null ? date : `${date}T${hour}:00Z`;
}

describe('I12 which interview a finding speaks of', () => {
  test('the order in which the student’s interviews come changes nothing', () => {
    fc.assert(fc.property(findings, interviews, fc.nat(), fc.boolean(), (found, all, seed, inThread) => {
      const replied = inThread ? all.slice(0, 2) : [];
      const turned = all.map((_, index) => all[(index + seed) % all.length]!).toReversed();
      expect(match(found, turned, replied.toReversed())).toEqual(match(found, all, replied));
    }), { numRuns: 1000 });
  });

  test('an invitation never stands beside a certain interview of the same company and moment', () => {
    fc.assert(fc.property(round, round, fc.constantFrom(...HOURS), interviews, fc.nat(), (ofMail, ofTwin, hour, others, place) => {
      const startsAt = new Date(`2026-11-25T${hour}:00Z`);
      const twin = known(99, { round: ofTwin, startsAt });
      const all = others.toSpliced(place % (others.length + 1), 0, twin);
      const answer = match(finding({ round: ofMail, start: startsAt.toISOString() }), all, all.slice(0, 2));
      expect(answer).toMatchObject({ kind: 'same', interview: { startsAt, status: 'confirmed' } });
    }));
  });

  test('what it speaks of is of its company', () => {
    fc.assert(fc.property(findings, interviews, (found, all) => {
      const answer = match(found, all, all.slice(0, 1));
      if (answer.kind !== 'same' || found.company === null) return;
      expect(found.company === 'Other').toBe(answer.interview.companyKey === 'other');
    }));
  });

  test('short names are one company only where they are the same', () => {
    const [tcs, tcsx] = [known(1, { companyKey: 'tcs' }), known(2, { companyKey: 'tcsplus' })];
    expect(match(finding({ company: 'TCS', kind: 'cancel' }), [tcs, tcsx])).toEqual({ kind: 'same', interview: tcs });
  });

  test('a call-off names the moment; where two are left it is in doubt', () => {
    const [one, two] = [known(1), known(2, { startsAt: new Date('2026-11-25T15:00:00Z') })];
    expect(match(finding({ kind: 'cancel', start: '2026-11-25T15:00:00Z' }), [one, two])).toEqual({ kind: 'same', interview: two });
    expect(match(finding({ kind: 'cancel', start: '2026-11-25' }), [one, two])).toEqual({ kind: 'doubt', interviews: [one, two] });
  });
});
