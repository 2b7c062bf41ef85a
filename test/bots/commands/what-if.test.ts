// A faculty member asks in a chat what moving a class would do.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { handle } from '../../../bots/commands/index.ts';
import { findSession, type Session } from '../../../db/repositories/sessions.ts';
import type { Person, ServiceContext } from '../../../services/context.ts';
import { linkByCode, makeLinkCode, personById } from '../../../services/links.ts';
import { testCampus, testContext, type TestCampus } from '../../support/context.ts';

const silent = pino({ level: 'silent' });
let campus: TestCampus;
let context: ServiceContext;
let session: Session;
beforeAll(async () => {
  campus = await testCampus();
  context = testContext(campus.db, { now: '2026-11-23T03:00:00Z' });
  const [id] = await campus.db.knex('schedule').where('starts_at', '>', new Date('2026-11-24T06:00:00Z')).orderBy('id').limit(1).pluck('id');
  session = (await findSession(campus.db.knex, id))!;
});
afterAll(() => campus.close());

async function ask(userId: number, text: string): Promise<string> {
  const person: Person = (await personById(context, userId))!;
  const chat = { platform: 'telegram', chatId: `chat of ${userId}` } as const;
  await linkByCode(context, chat, (await makeLinkCode(context, person)).code);
  const [answer] = await handle(context, silent, chat, { text });
  return [answer!.title ?? '', ...answer!.lines].join('\n');
}

describe('I22 what-if in a chat', () => {
  test('alone it lists the next classes with the numbers that it takes', async () => {
    const text = await ask(session.facultyUserId, 'whatif');
    expect(text).toContain(`${session.id}: ${session.subjectCode} ${session.subjectName} (${session.sectionName}), `);
    expect(text).toContain('Write: whatif');
  });

  test('with a number, a time and a room it answers in words', async () => {
    const text = await ask(session.facultyUserId, `/whatif ${session.id} Friday 4.30 pm in room ${session.roomName}`);
    const [title, planned, verdict, students, rooms, day, calendars, unchanged] = text.split('\n');
    expect(title).toMatch(new RegExp(`^If ${session.subjectCode} .* \\(${session.sectionName}\\) were moved to .*27 Nov`));
    expect(planned).toMatch(/^Planned: /);
    expect(verdict).toBe('Nothing stands against it.');
    expect(students).toBe('No student has anything else then.');
    expect(rooms).toContain(`Free rooms that would do: ${session.roomName} (`);
    expect(day).toMatch(/^That day would then have up to [\d.]+ hours for a student, and [\d.]+ for the lecturer\.$/);
    expect(calendars).toMatch(/^The calendars of \d+ people would change\.$/);
    expect(unchanged).toBe('Nothing has been changed.');
  });

  test('what stands against it is said, a line each', async () => {
    const text = await ask(session.facultyUserId, `whatif ${session.id} Sunday 10:00`);
    expect(text).toContain('Against it: Outside the weekly slots for moved classes');
    expect(text).toContain('Against it: No teaching that day');
  });

  test('what it can’t read gets its usage, what is not there or over a plain word', async () => {
    for (const words of ['Friday 4 pm', `${session.id}`, `${session.id} soon`, `0 Friday 4 pm`]) {
      expect(await ask(session.facultyUserId, `whatif ${words}`)).toMatch(/Write: whatif/);
    }
    expect(await ask(session.facultyUserId, 'whatif 999999 Friday 4 pm')).toContain('There is no such thing');
    expect(await ask(session.facultyUserId, `whatif ${session.id} 20 Nov 2026 4 pm`)).toContain('That time is over.');
    expect(await ask(session.facultyUserId, `whatif ${session.id} Friday 4 pm Moon`)).toContain('There is no such room.');
    expect(await ask(session.facultyUserId, `whatif ${session.id} Friday 4:03 pm`)).toContain('Times must be full five minutes.');
    const [student] = await campus.db.knex('users').where({ role: 'student' }).limit(1).pluck('id');
    expect(await ask(student, `whatif ${session.id} Friday 4 pm`)).toContain('You are not allowed to do this.');
  });
});
