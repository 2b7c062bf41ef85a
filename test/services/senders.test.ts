// The sender list and who may keep it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Person, Role } from '../../services/context.ts';
import { personById } from '../../services/links.ts';
import { listSenders, removeSender, senderLists, setSender } from '../../services/senders.ts';
import { testCampus, testContext, type TestCampus } from '../support/context.ts';
import { NOW } from './scene.ts';

let campus: TestCampus;
const context = () => testContext(campus.db, { now: NOW });
beforeAll(async () => {
  campus = await testCampus();
});
afterAll(() => campus?.close());

async function someone(role: Role): Promise<Person> {
  const { id } = await campus.db.knex('users').where({ role }).first('id');
  return (await personById(context(), id))!;
}

describe('I10 the sender list is kept by admins and placement staff', () => {
  test('the later word on a sender counts, and who said it is known; taken off, nothing is said', async () => {
    const [admin, registrar] = [await someone('admin'), await someone('registrar')];
    await setSender(context(), admin, 'Pelican.example', 'deny');
    expect(await setSender(context(), registrar, '@pelican.example', 'allow')).toMatchObject({ pattern: 'pelican.example', verdict: 'allow', setBy: registrar.name });
    expect(await listSenders(context(), admin)).toMatchObject([{ pattern: 'pelican.example', verdict: 'allow', updatedAt: new Date(NOW) }]);
    expect((await senderLists(context(), [admin.organisationId])).get(admin.organisationId)).toEqual(new Map([['pelican.example', 'allow']]));
    const [sender] = await listSenders(context(), admin);
    expect(await removeSender(context(), admin, { id: sender!.id })).toBe(true);
    expect(await removeSender(context(), admin, { written: 'pelican.example' })).toBe(false);
    expect(await listSenders(context(), admin)).toEqual([]);
    expect(await campus.db.knex('audit_log').orderBy('id').pluck('action')).toEqual(['sender.deny', 'sender.allow', 'sender.remove']);
  });

  test('what is neither an address nor a domain is refused', async () => {
    const admin = await someone('admin');
    await expect(setSender(context(), admin, '*.example', 'deny')).rejects.toMatchObject({ code: 'sender-pattern' });
    await expect(removeSender(context(), admin, { written: 'nonsense' })).rejects.toMatchObject({ code: 'sender-pattern' });
  });

  test.each(['student', 'faculty', 'hod'] as const)('a %s may neither see nor change it', async (role) => {
    const person = await someone(role);
    await expect(listSenders(context(), person)).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(setSender(context(), person, 'pelican.example', 'allow')).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(removeSender(context(), person, { written: 'pelican.example' })).rejects.toMatchObject({ code: 'not-allowed' });
  });

  test('said twenty times at once it is one row', async () => {
    const admin = await someone('admin');
    await Promise.all(Array.from({ length: 20 }, (_, index) => setSender(context(), admin, 'busy.example', index % 2 ? 'allow' : 'deny')));
    expect(await listSenders(context(), admin)).toHaveLength(1);
  });
});
