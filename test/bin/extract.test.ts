// `beadle extract` as people run it: a process with files or standard input.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

let folder: string;
let runner: string;
const command = pathToFileURL(join(process.cwd(), 'bin/commands/extract.ts')).href;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beadle-extract-'));
  runner = join(folder, 'run.mjs');
  await writeFile(runner, `import { extractCommand } from ${JSON.stringify(command)};\nawait extractCommand({ timeZone: 'Asia/Kolkata', locale: 'en-IN' }).parseAsync(process.argv);\n`);
});
afterAll(() => rm(folder, { recursive: true }));

interface Line { id: unknown; interview: Record<string, unknown> | null; error?: string }

async function run(args: string[], input = ''): Promise<{ code: number | null; lines: Line[]; errors: string }> {
  const child = spawn(process.execPath, [runner, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { errors += chunk.toString(); });
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => { child.on('close', resolve); });
  return { code, errors, lines: out.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Line) };
}

const invitation = { id: 'a', from: 'Kestrel HR <hr@kestrel.example>', to: 'Asha Rao <asha@example.org>', date: '2027-03-01T09:00:00+05:30', subject: 'Interview with Kestrel', text: 'Your technical interview is scheduled on 04/03/2027 at 2:30 pm for 45 minutes.' };

describe('I13 beadle extract', () => {
  test('prints one object a line with the fields that quality is measured by', async () => {
    const { code, lines } = await run(['--jsonl', '--rules-only'], `${JSON.stringify(invitation)}\n`);
    expect(code).toBe(0);
    expect(lines).toEqual([{ id: 'a', interview: {
      kind: 'invite', company: 'Kestrel', role: null, start: '2027-03-04T14:30:00+05:30', end: '2027-03-04T15:15:00+05:30', timeZone: 'Asia/Kolkata', location: null,
      link: null, audience: 'personal', confidence: expect.any(Number), source: 'rules', evidence: 'Your technical interview is scheduled on 04/03/2027 at 2:30 pm for 45 minutes.',
    } }]);
  });

  test('a line that cannot be read is named on standard error, the rest is still printed, and the exit code is 2', async () => {
    const { code, lines, errors } = await run(['--jsonl'], `{"id":"x", nonsense\n\n{"id":"b","subject":5}\n${JSON.stringify(invitation)}\n`);
    expect(code).toBe(2);
    expect(errors).toMatch(/^line 1: .*\nline 3: /);
    expect(lines.map(({ id, interview, error }) => [id, interview?.['company'] ?? null, error !== undefined])).toEqual([[null, null, true], ['b', null, true], ['a', 'Kestrel', false]]);
  });

  test('a raw mail is read from a file and from the field raw', async () => {
    const raw = 'From: Kestrel HR <hr@kestrel.example>\r\nTo: asha@example.org\r\nDate: Mon, 01 Mar 2027 09:00:00 +0530\r\nSubject: HR interview on 5 March at 10 am\r\n\r\nSee you at our office.\r\n';
    const file = join(folder, 'one.eml');
    await writeFile(file, raw);
    const fromFile = await run([file]);
    const fromField = await run(['--jsonl'], JSON.stringify({ id: 7, raw }));
    expect(fromFile.lines[0]).toMatchObject({ id: file, interview: { start: '2027-03-05T10:00:00+05:30' } });
    expect(fromField.lines[0]).toMatchObject({ id: 7, interview: { start: '2027-03-05T10:00:00+05:30' } });
  });

  test('the owner\'s zone and the locale decide what the mail leaves open', async () => {
    const text = 'Your interview is scheduled on 04/03/2027 at 2:30 pm.';
    const berlin = await run(['--jsonl', '--time-zone', 'Europe/Berlin'], JSON.stringify({ ...invitation, text }));
    const owner = await run(['--jsonl', '--locale', 'en-US'], JSON.stringify({ ...invitation, text, userTimezone: 'America/Chicago' }));
    expect(berlin.lines[0]?.interview?.['start']).toBe('2027-03-04T14:30:00+01:00');
    expect(owner.lines[0]?.interview?.['start']).toBe('2027-04-03T14:30:00-05:00');
  });

  test('a missing file and an unknown zone are said with exit code 2', async () => {
    expect(await run([join(folder, 'none.eml')])).toMatchObject({ code: 2, lines: [{ interview: null }] });
    expect(await run(['--jsonl', '--time-zone', 'Mars/Olympus'])).toMatchObject({ code: 2, lines: [] });
  });
});
