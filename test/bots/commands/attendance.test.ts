// Attendance in a chat: a lecturer opens a class, students mark themselves, the lecturer closes it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { handle } from '../../../bots/commands/index.ts';
import { marksOf } from '../../../db/repositories/marks.ts';
import type { Person } from '../../../services/context.ts';
import { linkByCode, makeLinkCode } from '../../../services/links.ts';
import { takingScene, type TakingScene } from '../../services/taking-scene.ts';

const silent = pino({ level: 'silent' });
let scene: TakingScene;
beforeAll(async () => {
  scene = await takingScene();
});
afterAll(() => scene.close());

const chatOf = (person: Person) => ({ platform: 'telegram', chatId: `chat of ${person.userId}` }) as const;

async function ask(person: Person, text: string): Promise<string> {
  await linkByCode(scene.context, chatOf(person), (await makeLinkCode(scene.context, person)).code);
  return said(person, text);
}

async function said(person: Person, text: string): Promise<string> {
  const [answer] = await handle(scene.context, silent, chatOf(person), { text });
  return [answer!.title ?? '', ...answer!.lines].join('\n').trim();
}

describe('A12 attendance in a chat', () => {
  test('a class is opened, marked and closed', async () => {
    const { session, teacher, students } = await scene.nextClass();
    scene.minutesInto(session, 2);
    const opened = await ask(teacher, 'open');
    expect(opened).toContain(`${session.subjectCode} ${session.subjectName} (${session.sectionName})`);
    const [, code] = /The code is (\d{6})\. It counts until /.exec(opened)!;
    expect(opened).toContain(`0 of ${students.length} are there.`);

    const marked = await ask(students[0]!, `mark ${code!.slice(0, 3)} ${code!.slice(3)}`);
    expect(marked).toBe(`You are marked as present in ${session.subjectCode} ${session.subjectName}.`);
    expect(await said(students[0]!, `/mark ${code}`)).toBe(`You are already marked as present in ${session.subjectCode} ${session.subjectName}.`);
    expect(await ask(students[1]!, `mark ${String((Number(code) + 1) % 1e6).padStart(6, '0')}`)).toBe('This code is wrong. You have 4 more tries.');
    expect(await ask(students[1]!, 'mark')).toContain('Write: mark CODE');
    expect(await ask(students[1]!, 'open')).toBe('You are not allowed to do this.');

    const closed = await ask(teacher, `close ${session.id} Sorting and searching`);
    expect(closed).toBe(`Attendance is completed.\npresent: 1, absent: ${students.length - 1}`);
    expect(await scene.campus.db.knex('schedule').where({ id: session.id }).first('status', 'topic_discussed')).toEqual({ status: 'completed', topic_discussed: 'Sorting and searching' });
    expect(await said(teacher, 'close')).toMatch(/no class at this time|Attendance in/);
    expect(await marksOf(scene.campus.db.knex, session.id, [students[0]!.studentId])).toEqual([expect.objectContaining({ status: 'present' })]);
  });

  test('A3 the chat that was used first is the student’s device', async () => {
    const { session, teacher, students } = await scene.nextClass();
    scene.minutesInto(session, 2);
    const [, code] = /The code is (\d{6})/.exec(await ask(teacher, `open ${session.id}`))!;
    await ask(students[2]!, `mark ${code}`);
    const elsewhere = { platform: 'discord', chatId: 'another' } as const;
    await linkByCode(scene.context, elsewhere, (await makeLinkCode(scene.context, students[2]!)).code);
    const [answer] = await handle(scene.context, silent, elsewhere, { text: `mark ${code}` });
    expect(answer!.lines).toEqual([expect.stringContaining('another device')]);
  });

  test('a lecturer without a class now is told so', async () => {
    const { teacher } = await scene.nextClass();
    scene.at('2026-11-28T20:00:00Z');
    expect(await ask(teacher, 'open')).toBe('You have no class at this time.');
    expect(await ask(teacher, 'open soon')).toContain('Write: open');
  });
});
