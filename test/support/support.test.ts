// What the shared servers give each test file: its own database, namespace and mailboxes.
import { describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { SearchAttributeType, TypedSearchAttributes, defineSearchAttributeKey } from '@temporalio/common';
import mysql from 'mysql2/promise';
import { createTestDatabase } from './database.ts';
import { appendMails, fillMailboxes, newMailbox, readMails, withImap } from './imap.ts';
import { createTimeSkippingEnvironment, takeNamespace } from './temporal.ts';

describe('isolation of test files', () => {
  test('a database is empty, and gone after drop', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    const connection = await mysql.createConnection(one.url);
    await connection.query('CREATE TABLE here (id INT)');
    await connection.end();
    const elsewhere = await mysql.createConnection(other.url);
    expect((await elsewhere.query('SHOW TABLES'))[0]).toEqual([]);
    await elsewhere.end();
    await Promise.all([one.drop(), other.drop()]);
    await expect(mysql.createConnection(one.url)).rejects.toThrow('Unknown database');
  });

  test('a namespace is taken once and usable at once', async () => {
    const [one, other] = [takeNamespace(), takeNamespace()];
    expect(one.namespace).not.toBe(other.namespace);
    const connection = await Connection.connect({ address: one.address });
    const client = new Client({ connection, namespace: one.namespace });
    await client.workflow.start('anything', { workflowId: 'mine', taskQueue: 'nobody' });
    expect((await client.workflow.getHandle('mine').describe()).status.name).toBe('RUNNING');
    await connection.close();
  });

  test('mails come back as they were put in, with their flags', async () => {
    const login = newMailbox('asha');
    expect(await readMails(login)).toEqual([]);
    const uids = await appendMails(login, ['Subject: one\r\n\r\n1\r\n', { raw: 'Subject: two\r\n\r\n2\r\n', flags: ['\\Seen'] }]);
    const mails = await readMails(login);
    expect(mails.map(({ uid, flags, raw }) => [uid, flags, raw.toString()])).toEqual([
      [uids[0], [], 'Subject: one\r\n\r\n1\r\n'],
      [uids[1], ['\\Seen'], 'Subject: two\r\n\r\n2\r\n'],
    ]);
    await withImap(login, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageFlagsAdd('1', ['\\Flagged']);
    });
    expect((await readMails(login))[0]?.flags).toEqual(['\\Flagged']);
  });

  test('many mailboxes are filled side by side', async () => {
    const logins = Array.from({ length: 8 }, () => newMailbox());
    await fillMailboxes(logins.map((login) => ({ login, mails: ['Subject: x\r\n\r\nx\r\n'] })));
    const counts = await Promise.all(logins.map(async (login) => (await readMails(login)).length));
    expect(counts).toEqual(logins.map(() => 1));
  });
});

describe('the time-skipping server', () => {
  test('jumps over a month and knows the search attributes', async () => {
    const environment = await createTimeSkippingEnvironment();
    const before = await environment.currentTimeMs();
    await environment.sleep('30 days');
    expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(30 * 24 * 3600 * 1000);
    const kind = defineSearchAttributeKey('BeadleKind', SearchAttributeType.KEYWORD);
    const typedSearchAttributes = new TypedSearchAttributes([{ key: kind, value: 'trial' }]);
    const handle = await environment.client.workflow.start('anything', { workflowId: 'tagged', taskQueue: 'nobody', typedSearchAttributes });
    expect((await handle.describe()).typedSearchAttributes.get(kind)).toBe('trial');
    await environment.teardown();
  });
});
