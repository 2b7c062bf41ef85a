// `beadle doctor` as a process: what is well, and how to mend what is not.
import { describe, expect, test } from '@jest/globals';
import { findFreePort } from '../../../bin/embedded/port.ts';
import { createTestDatabase } from '../../support/database.ts';
import { beadle, settingsFor } from './run-beadle.ts';

const REAL = { IMAP_HOST: 'imap.example.edu', SMTP_URL: 'smtp://mail.example.edu:587' };

describe('D9 a doctor for connections and settings', () => {
  test('when all is well every line is ok', async () => {
    const database = await createTestDatabase();
    const { code, out } = await beadle(['doctor'], { ...settingsFor(database.url), ...REAL });
    await database.drop();
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n').filter((line) => !line.startsWith('ok    '))).toEqual([]);
    expect(out).toMatch(/^ok {4}database \(version \d/m);
    expect(out).toMatch(/^ok {4}Temporal \(namespace test-/m);
  });

  test('a database and a Temporal that are down are to be mended, and nothing secret is shown', async () => {
    const port = await findFreePort();
    const { code, out } = await beadle(['doctor'], {
      ...settingsFor(`mysql://beadle:hunter2@127.0.0.1:${port}/beadle`), ...REAL, TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
    });
    expect(code).toBe(1);
    expect(out).toMatch(/^MEND {2}database .*DATABASE_URL/m);
    expect(out).toMatch(/^MEND {2}Temporal .*TEMPORAL_ADDRESS/m);
    expect(out).not.toContain('hunter2');
  });

  test('a missing key is to be mended by setting it', async () => {
    const { SECRET_KEYS: _, ...rest } = settingsFor('mysql://beadle@127.0.0.1:1/beadle');
    const { code, out } = await beadle(['doctor'], { ...rest, ...REAL });
    expect(code).toBe(1);
    expect(out).toMatch(/^MEND .*SECRET_KEYS is not set/m);
  });

  test('an OpenID provider that can’t be reached is to be mended', async () => {
    const port = await findFreePort();
    const { out } = await beadle(['doctor'], {
      ...settingsFor('mysql://beadle@127.0.0.1:1/beadle'), ...REAL, SIGN_IN_ISSUER: `http://127.0.0.1:${port}`, SIGN_IN_CLIENT_IDS: 'web',
    });
    expect(out).toMatch(/^MEND {2}sign-in .*SIGN_IN_ISSUER/m);
  });

  test('without SMTP_URL nobody could be told: to be mended', async () => {
    const { code, out } = await beadle(['doctor'], settingsFor('mysql://beadle@127.0.0.1:1/beadle'));
    expect(code).toBe(1);
    expect(out).toMatch(/^MEND {2}e-mail .*set SMTP_URL/m);
  });
});
