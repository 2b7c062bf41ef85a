import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Mailing, mailingsIn } from './mailings.ts';
import { planMonth } from '../../../bin/simulation/scenario.ts';
import { CAMPUS_WEEKS } from '../../../bin/simulation/scene.ts';
import { writeMail } from '../../../bin/simulation/mails.ts';
import { demoCampus } from '../../../db/seeds/demo-campus.ts';
import { parseMail } from '../../../domain/interviews/parse-mail.ts';
import { extract, forPerson } from '../../../domain/interviews/pipeline.ts';

const ZONE = 'Asia/Kolkata';
const campusOf = (students: number, seed: number) => demoCampus({ students, seed, from: '2026-08-03', weeks: CAMPUS_WEEKS, timeZone: ZONE });
const plans = fc.record({ students: fc.integer({ min: 1, max: 900 }), drives: fc.integer({ min: 1, max: 30 }), seed: fc.nat(1_000_000) });
const plan = ({ students, drives, seed }: { students: number; drives: number; seed: number }) => planMonth(campusOf(students, seed), { drives, seed });

describe('a simulated placement month', () => {
  test('is the same for the same seed, and another for another', () => {
    fc.assert(fc.property(plans, (options) => {
      expect(JSON.stringify(plan(options))).toBe(JSON.stringify(plan(options)));
    }), { numRuns: 8 });
    expect(JSON.stringify(plan({ students: 300, drives: 8, seed: 1 }))).not.toBe(JSON.stringify(plan({ students: 300, drives: 8, seed: 2 })));
  });

  test('happens in the order of its times, by day, on days of the term; interviews are in working hours', () => {
    fc.assert(fc.property(plans, (options) => {
      const { drives, happenings } = plan(options);
      const times = happenings.map(({ at }) => at.toMillis());
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      for (const { at } of happenings) expect([at.hour >= 8 && at.hour < 22, at.toISODate()! >= '2026-08-03', at.toISODate()! < '2026-09-14']).toEqual([true, true, true]);
      for (const { called } of drives) {
        for (const { when: { start, end } } of called) expect([start.weekday < 7, start.hour >= 9, (end ?? start.plus({ hours: 1 })).hour <= 18]).toEqual([true, true, true]);
      }
    }), { numRuns: 15 });
  });

  test('sends nobody two mails at once, and each mail to students who are there', () => {
    fc.assert(fc.property(plans, (options) => {
      for (const { mails } of mailingsIn(plan(options))) {
        const recipients = mails.map(({ studentId }) => studentId);
        expect(new Set(recipients).size).toBe(recipients.length);
        for (const id of recipients) expect(id >= 1 && id <= options.students).toBe(true);
      }
    }), { numRuns: 10 });
  });

  test('announces before it takes place, and calls as many students as its mails say', () => {
    fc.assert(fc.property(plans, (options) => {
      for (const { announcedAt, called, rows, form, calls } of plan(options).drives) {
        for (const { when } of called) expect(announcedAt < when.start).toBe(true);
        expect(rows).toHaveLength(called.length);
        expect(calls.length).toBeGreaterThanOrEqual(called.length);
        if (form === 'lone') expect(calls.map(({ letter }) => letter.verified)).toEqual([false]);
      }
    }), { numRuns: 10 });
  });

  test('there are not more drives than companies', () => {
    expect(() => plan({ students: 300, drives: 1000, seed: 1 })).toThrow(RangeError);
    expect(() => plan({ students: 300, drives: 0, seed: 1 })).toThrow(RangeError);
  });
});

describe('the mails of a simulated month', () => {
  const campus = campusOf(300, 3);
  const month = planMonth(campus, { drives: 32, seed: 3 });
  const users = new Map(campus.users.map((user) => [user.id, user]));
  const people = new Map(campus.students.map(({ id, user_id, roll_number }) => [id, { ...users.get(user_id)!, rollNumber: roll_number, timeZone: ZONE }]));

  async function readFor(studentId: number, mailing: Mailing, index: number) {
    const person = people.get(studentId)!;
    const raw = writeMail(mailing.mails[index]!.letter, person, mailing.at);
    const found = await extract(await parseMail(Buffer.from(raw)), person, { timeZone: ZONE, locale: 'en-IN' });
    return found.found ? forPerson(found, person) : null;
  }

  test('say what the drive is, to those whom it calls; nothing to the others', async () => {
    for (const drive of month.drives) {
      const first = { at: drive.announcedAt, mails: drive.calls };
      for (const [index, { studentId }] of drive.calls.entries()) {
        if (index % 5 > 0 && index > 3) continue;
        const own = drive.called.find(({ id }) => id === studentId);
        const read = await readFor(studentId, first, index);
        if (!own) {
          expect(read).toEqual({ meant: 'no' });
          continue;
        }
        const start = drive.form === 'day' ? own.when.start.toISODate()! : own.when.start.toISO({ suppressMilliseconds: true })!;
        expect(read).toMatchObject({ meant: 'yes', finding: { kind: 'invite', company: drive.company, start } });
      }
    }
  });

  test('that change something say so, and newsletters say nothing', async () => {
    const kinds = new Map<string, number>();
    for (const mailing of mailingsIn(month)) {
      const [mail] = mailing.mails;
      const read = await readFor(mail!.studentId, mailing, 0);
      const kind = read === null ? 'nothing' : read.meant === 'no' ? 'not meant' : read.finding.kind;
      if (/^(?:Rescheduled|Updated):/.test(mail!.letter.subject)) expect(['reschedule', 'not meant']).toContain(kind);
      if (/^Cancell?ed:/.test(mail!.letter.subject)) expect(['cancel', 'not meant']).toContain(kind);
      if (mail!.letter.messageId.startsWith('<news')) expect(kind).toBe('nothing');
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    for (const kind of ['invite', 'reschedule', 'cancel', 'nothing']) expect(kinds.get(kind)).toBeGreaterThan(0);
  });
});
