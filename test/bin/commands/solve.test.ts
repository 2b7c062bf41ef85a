import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { drawInstance } from '../../../bench/ctt-instances.ts';
import { writeCtt } from '../../../domain/timetabling/ctt.ts';
import { beadle } from './run-beadle.ts';

let folder: string;
let file: string;
const instance = drawInstance(10);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beadle-solve-'));
  file = join(folder, 'hill.ctt');
  await writeFile(file, writeCtt(instance));
});
afterAll(() => rm(folder, { recursive: true }));

const lastLine = (out: string) => JSON.parse(out.trim().split('\n').at(-1)!) as Record<string, number>;

describe('T13 beadle solve', () => {
  test('writes a line a lecture, and prints the cost with its four parts last', async () => {
    const out = join(folder, 'hill.sol');
    const { code, out: said } = await beadle(['solve', file, '--seconds', '2', '--threads', '2', '--seed', '5', '--out', out]);
    expect(code).toBe(0);
    const line = lastLine(said);
    expect(Object.keys(line)).toEqual(['instance', 'cost', 'hard', 'roomCapacity', 'minWorkingDays', 'compactness', 'roomStability', 'seconds', 'iterations', 'seed']);
    expect(line).toMatchObject({ instance: 'hill.ctt', hard: 0, seed: 5 });
    expect(line['cost']).toBe(line['roomCapacity']! + line['minWorkingDays']! + line['compactness']! + line['roomStability']!);
    const lectures = (await readFile(out, 'latin1')).trim().split('\n').map((each) => each.split(' '));
    for (const { id, lectures: count } of instance.courses) expect(lectures.filter(([course]) => course === id)).toHaveLength(count);
    for (const [, room, day, period] of lectures) {
      expect(instance.rooms.some(({ id }) => id === room) && Number(day) < instance.days && Number(period) < instance.periodsPerDay).toBe(true);
    }
  });

  test('the same seed, one thread and a number of steps give the same answer', async () => {
    const run = async () => {
      const { cost, iterations } = lastLine((await beadle(['solve', file, '--iterations', '200000', '--seed', '9', '--out', join(folder, 'again.sol')])).out);
      return { cost, iterations, solution: await readFile(join(folder, 'again.sol'), 'latin1') };
    };
    expect(await run()).toEqual(await run());
  });

  test('an instance that can\'t be kept ends with 1 and says how much is broken', async () => {
    const tight = join(folder, 'tight.ctt');
    await writeFile(tight, writeCtt({ ...instance, rooms: instance.rooms.slice(0, 1) }));
    const { code, out } = await beadle(['solve', tight, '--iterations', '100000']);
    expect(code).toBe(1);
    expect(lastLine(out)['hard']).toBeGreaterThan(0);
  });

  test.each([
    [['--seconds', '0'], '--seconds'],
    [['--iterations', 'many'], 'whole number from 1'],
    [['--seconds', '1', '--threads', '0'], 'whole number from 1 to 64'],
    [['--seconds', '1', '--seed', '-3'], 'whole number from 0'],
    [[], 'say how long to search'],
  ])('%j is refused', async (args, message) => {
    const { code, out, err } = await beadle(['solve', file, ...args]);
    expect(code).not.toBe(0);
    expect(out).toBe('');
    expect(err).toContain(message);
  });

  test('a file that is none, or none of these, is refused with its line', async () => {
    const broken = join(folder, 'broken.ctt');
    await writeFile(broken, writeCtt(instance).replace('END.', 'END.\nmore'));
    const refused = await beadle(['solve', broken, '--seconds', '1']);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toMatch(/broken\.ctt: line \d+: "more" stands after "END\."/);
    expect(await beadle(['solve', join(folder, 'nowhere.ctt'), '--seconds', '1'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('nowhere.ctt') });
  });
});
