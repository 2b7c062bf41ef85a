// timetable/<job>: makes a term's timetable. The campus is read and split, variants are searched side by side, part after part, each is joined,
// searched as a whole and kept as a draft. What is found is in MySQL; here go ids and counts.
import { allHandlersFinished, CancellationScope, condition, isCancellation, setHandler } from '@temporalio/workflow';
import { records, solver } from './activities.ts';
import { cancelled, requested } from './messages.ts';
import { show } from './visibility.ts';

const KIND = 'timetable';

export async function generateTimetable(jobId: string): Promise<'completed' | 'failed' | 'cancelled'> {
  const scope = new CancellationScope();
  setHandler(requested, () => {});
  setHandler(cancelled, () => scope.cancel());
  try {
    return await scope.run(() => generate(jobId));
  } catch (error) {
    // By its row or by an admin here: the row says so from now on.
    const status = isCancellation(error) ? 'cancelled' : 'failed';
    await CancellationScope.nonCancellable(() => records.endGeneration(jobId, status));
    show(KIND, status, status === 'cancelled' ? 'Called off.' : 'A step failed too often.');
    if (status === 'failed') throw error;
    return status;
  } finally {
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }
}

async function generate(jobId: string): Promise<'completed' | 'failed' | 'cancelled'> {
  show(KIND, 'clustering', 'Reads the campus.');
  const plan = await solver.prepareGeneration(jobId);
  if (!plan) {
    show(KIND, 'failed', 'There can be no timetable, or nobody wants it any more: the job says which.');
    return 'failed';
  }
  let saved = 0;
  show(KIND, 'scheduling', `Searches **${plan.variants}** variants of **${plan.parts}** parts.`);
  const done = await Promise.all(Array.from({ length: plan.variants }, async (_, variant) => {
    // A part keeps out of the way of those before it.
    for (let part = 1; part <= plan.parts; part += 1) if (!(await solver.searchPart(jobId, variant, part))) return false;
    if (!(await solver.searchWhole(jobId, variant)) || !(await solver.saveVariant(jobId, variant))) return false;
    saved += 1;
    show(KIND, 'saving', `**${saved}** of **${plan.variants}** variants are there.`);
    return true;
  }));
  if (done.includes(false)) return 'cancelled';
  await records.endGeneration(jobId, 'completed');
  show(KIND, 'completed', `**${saved}** drafts wait to be looked at.`);
  return 'completed';
}
