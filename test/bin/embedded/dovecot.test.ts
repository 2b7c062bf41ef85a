// The private Dovecot.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ImapFlow } from 'imapflow';
import type { EmbeddedDovecot, EmbeddedDovecotOptions } from '../../../bin/embedded/dovecot.ts';
import { startDovecot } from '../../../bin/embedded/dovecot.ts';

let stateDir: string;
const servers: EmbeddedDovecot[] = [];
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'beadle-dovecot-test-'));
  await chmod(stateDir, 0o755);
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await rm(stateDir, { recursive: true, force: true });
});

async function started(options: Omit<EmbeddedDovecotOptions, 'stateDir'>, folder = stateDir): Promise<EmbeddedDovecot> {
  const server = await startDovecot({ stateDir: folder, ...options });
  servers.push(server);
  return server;
}

const MAIL = 'From: hr@initech.example\r\nSubject: Round 2\r\n\r\nMonday at ten.\r\n';

async function subjects(server: EmbeddedDovecot, user: string, password: string, append?: string): Promise<string[]> {
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.secure,
    tls: server.certificate ? { ca: server.certificate } : {},
    auth: { user, pass: password },
    logger: false,
  });
  await client.connect();
  if (append) await client.append('INBOX', append);
  const { exists } = await client.mailboxOpen('INBOX');
  const mails = exists === 0 ? [] : await client.fetchAll('1:*', { envelope: true });
  await client.logout();
  return mails.map((mail) => mail.envelope?.subject ?? '');
}

describe('D9 an embedded mail server', () => {
  test('keeps mail over a restart, apart for each user', async () => {
    const first = await started({ passwords: { everyone: 'sesame' } });
    expect(await subjects(first, 'asha@campus.example', 'sesame', MAIL)).toEqual(['Round 2']);
    await first.stop();

    const second = await started({ passwords: { everyone: 'sesame' }, port: first.port });
    expect(second.port).toBe(first.port);
    expect(await subjects(second, 'asha@campus.example', 'sesame')).toEqual(['Round 2']);
    expect(await subjects(second, 'ben@campus.example', 'sesame')).toEqual([]);
  });

  test('works below a folder that is closed to others', async () => {
    await chmod(stateDir, 0o700);
    const said: string[] = [];
    const server = await started({ passwords: { everyone: 'pw' }, log: (line) => said.push(line) }, join(stateDir, 'inner'));
    const found = await subjects(server, 'asha@campus.example', 'pw', MAIL);
    await rm(server.mailFolder, { recursive: true });
    expect(found).toEqual(['Round 2']);
    if (!server.mailFolder.startsWith(stateDir)) expect(said.join()).toContain(server.mailFolder);
  });

  test('lets only listed users in, each with their own password', async () => {
    const server = await started({ passwords: { users: { 'asha@campus.example': 'one', 'ben@campus.example': 'two' } } });
    expect(await subjects(server, 'asha@campus.example', 'one')).toEqual([]);
    await expect(subjects(server, 'asha@campus.example', 'two')).rejects.toMatchObject({ authenticationFailed: true });
    await expect(subjects(server, 'carl@campus.example', 'one')).rejects.toMatchObject({ authenticationFailed: true });
  });

  test('speaks TLS with a certificate of its own', async () => {
    const server = await started({ passwords: { everyone: 'pw' }, tls: true });
    expect(await subjects(server, 'asha@campus.example', 'pw', MAIL)).toEqual(['Round 2']);
  });
});
