// timetable/<job>: split, searched part after part, joined, kept; called off, or not to be had. And publish/<timetable>.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { record } from '../support/histories.ts';
import { type SkippingWorker, startSkipping } from './environment.ts';

let skipping: SkippingWorker;
beforeAll(async () => { skipping = await startSkipping(); });
afterAll(() => skipping?.stop());

const begin = (jobId: string) => skipping.environment.client.workflow.signalWithStart('generateTimetable', {
  workflowId: `timetable/${jobId}`, taskQueue: skipping.taskQueue, args: [jobId], signal: 'requested', signalArgs: [{ intentId: 1 }],
});

describe('T2, T6 making a timetable', () => {
  test('searches the parts of each variant, then the whole, keeps it, and ends the job', async () => {
    const done: string[] = [];
    const note = <Value>(what: string, value: Value): Promise<Value> => {
      done.push(what);
      return Promise.resolve(value);
    };
    await skipping.withActivities({
      prepareGeneration: () => note('prepared', { variants: 2, parts: 3 }),
      searchPart: (_, variant, part) => note(`${variant} part ${part}`, true),
      searchWhole: (_, variant) => note(`${variant} whole`, true),
      saveVariant: (_, variant) => note(`${variant} saved`, true),
      endGeneration: (_, status) => note(status, undefined),
    }, async () => {
      const handle = await begin('tt_all');
      expect(await handle.result()).toBe('completed');
      await record(handle, 'timetable');
    });
    expect(done[0]).toBe('prepared');
    expect(done.at(-1)).toBe('completed');
    for (const variant of [0, 1]) {
      const own = done.filter((what) => what.startsWith(`${variant} `));
      expect(own).toEqual([...[1, 2, 3].map((part) => `${variant} part ${part}`), `${variant} whole`, `${variant} saved`]);
    }
  });

  test('ends where there can be no timetable', async () => {
    await skipping.withActivities({ prepareGeneration: () => Promise.resolve(null) }, async () => {
      const handle = await begin('tt_none');
      expect(await handle.result()).toBe('failed');
      await record(handle, 'timetable-infeasible');
    });
  });

  test('a search that fails is tried again; one that is called off ends them all', async () => {
    let tries = 0;
    const ended: string[] = [];
    await skipping.withActivities({
      prepareGeneration: () => Promise.resolve({ variants: 2, parts: 1 }),
      searchPart: async (jobId) => {
        tries += 1;
        if (tries === 1) throw new Error('the database is away');
        if (tries === 3) await skipping.environment.client.workflow.getHandle(`timetable/${jobId}`).signal('cancelled', { intentId: 2 });
        return true;
      },
      searchWhole: () => Promise.reject(new Error('the database is away')),
      saveVariant: () => Promise.reject(new Error('nothing to keep')),
      endGeneration: (_, status) => {
        ended.push(status);
        return Promise.resolve();
      },
    }, async () => {
      const handle = await begin('tt_off');
      expect(await handle.result()).toBe('cancelled');
      await record(handle, 'timetable-called-off');
    });
    expect(ended).toEqual(['cancelled']);
  });

  test('an admin can cancel it, and its row says so', async () => {
    const ended: string[] = [];
    await skipping.withActivities({
      prepareGeneration: () => Promise.reject(new Error('the database is away')),
      endGeneration: (_, status) => {
        ended.push(status);
        return Promise.resolve();
      },
    }, async () => {
      const handle = await begin('tt_cancelled');
      await skipping.environment.sleep('30 seconds');
      await handle.cancel();
      expect(await handle.result()).toBe('cancelled');
      await record(handle, 'timetable-cancelled');
    });
    expect(ended).toEqual(['cancelled']);
  });

  test('it ends without drafts when its row is over', async () => {
    await skipping.withActivities({ prepareGeneration: () => Promise.resolve({ variants: 1, parts: 1 }), searchPart: () => Promise.resolve(false) }, async () => {
      const handle = await begin('tt_over');
      expect(await handle.result()).toBe('cancelled');
      await record(handle, 'timetable-over');
    });
  });
});

describe('T4 publishing', () => {
  const publish = (id: number) => skipping.environment.client.workflow.signalWithStart('publishTimetable', {
    workflowId: `publish/${id}`, taskQueue: skipping.taskQueue, args: [id], signal: 'wake', signalArgs: [{ intentId: 1 }],
  });

  test('writes in batches, puts in force, then tells in batches', async () => {
    const done: string[] = [];
    await skipping.withActivities({
      writeNextClasses: (_, after) => {
        done.push(`after ${after}`);
        return Promise.resolve(after < 20 ? after + 10 : null);
      },
      enforceTimetable: () => {
        done.push('in force');
        return Promise.resolve('2026-11-23T01:00:00.000Z');
      },
      tellOfPublication: (_, publishedAt, after) => {
        done.push(`told after ${after}, ${publishedAt}`);
        return Promise.resolve(after === 0 ? 1000 : null);
      },
    }, async () => {
      const handle = await publish(3);
      await handle.result();
      await record(handle, 'publish');
    });
    expect(done).toEqual(['after 0', 'after 10', 'after 20', 'in force', 'told after 0, 2026-11-23T01:00:00.000Z', 'told after 1000, 2026-11-23T01:00:00.000Z']);
  });

  test('nobody is told of what was taken back before it was in force', async () => {
    await skipping.withActivities({ writeNextClasses: () => Promise.resolve(null), enforceTimetable: () => Promise.resolve(null) }, async () => {
      const handle = await publish(4);
      await handle.result();
      await record(handle, 'publish-taken-back');
    });
  });
});
