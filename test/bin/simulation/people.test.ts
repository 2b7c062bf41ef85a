import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { ANSWERED_KINDS, answerTo, type Told } from '../../../bin/simulation/people.ts';

const zone = 'Asia/Kolkata';
const offer = { subject: 'CS401', section: 'CSE-4A', start: '2026-08-12T03:30:00.000Z', sessionId: 9, roundId: 5, options: [{ id: 70 }, { id: 71 }, { id: 72 }] };
const interview = { interviewId: 8, company: 'Tern Robotics', start: '2026-08-12', end: null };
const params: Record<string, object> = {
  'reschedule-offer': offer, 'reschedule-reminder': offer, 'reschedule-escalated': offer, 'makeup-set': offer, 'interview-found': interview,
  'interview-question': { ...interview, start: '2026-08-12T04:30:00.000Z', end: '2026-08-12T05:30:00.000Z' },
  'interview-which': { doubtId: 3, options: [{ interviewId: 8 }, { interviewId: 9 }], company: 'Tern Robotics' },
};
const messages = fc.record({
  id: fc.nat(), userId: fc.nat(5_000), kind: fc.constantFrom(...ANSWERED_KINDS), at: fc.nat(30 * 24 * 60).map((minutes) => DateTime.fromISO('2026-08-03T00:00:00Z').plus({ minutes })),
}).map((message): Told => ({ ...message, params: params[message.kind] as Record<string, unknown> }));

describe('people of a simulated month', () => {
  test('answer later than they are told, and not at night', () => {
    fc.assert(fc.property(messages, fc.nat(100), (message, seed) => {
      const answer = answerTo(message, { seed, zone });
      if (!answer) return;
      const at = DateTime.fromISO(answer.at, { zone });
      expect(at > message.at).toBe(true);
      expect(at.hour * 60 + at.minute).toBeGreaterThanOrEqual(450);
      expect(at.hour).toBeLessThan(22);
    }));
  });

  test('answer the same to the same message, whatever numbers its rows have', () => {
    fc.assert(fc.property(messages, fc.nat(100), (message, seed) => {
      const renumbered = { ...message, id: message.id + 1, params: { ...message.params, ...('roundId' in message.params && { roundId: 99, sessionId: 98 }) } };
      const [one, other] = [answerTo(message, { seed, zone }), answerTo(renumbered, { seed, zone })];
      expect([other?.does, other?.at]).toEqual([one?.does, one?.at]);
    }));
  });

  test('do all that can be done about a message, and sometimes nothing', () => {
    const done = (kind: string) => new Set(Array.from({ length: 400 }, (_, userId) => {
      const answer = answerTo({ id: 1, userId, kind, params: params[kind] as Record<string, unknown>, at: DateTime.fromISO('2026-08-10T04:00:00Z') }, { seed: 1, zone });
      return answer ? `${answer.does}${'choice' in answer ? ` ${answer.choice} ${answer.optionId}` : ''}` : 'nothing';
    }));
    expect(done('reschedule-offer')).toEqual(new Set(['decide accept 70', 'decide accept 72', 'decide decline null', 'nothing']));
    expect(done('interview-found')).toEqual(new Set(['set-time', 'delete', 'nothing']));
    expect(done('interview-question')).toEqual(new Set(['confirm', 'reject', 'nothing']));
    expect(done('makeup-set')).toEqual(new Set(['call-off', 'nothing']));
    expect(done('interview-which')).toEqual(new Set(['settle', 'nothing']));
  });
});
