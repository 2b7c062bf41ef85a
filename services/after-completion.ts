// What follows when a session's attendance is completed: marks are looked at for what is odd, and who is too low is warned.
import type { ServiceContext } from './context.ts';
import { flagMarks } from './suspicion.ts';
import { warnAfter } from './warnings.ts';

/** Done again, nothing is flagged or said twice. */
export async function followCompletion(context: ServiceContext, sessionId: number): Promise<void> {
  await flagMarks(context, sessionId);
  await warnAfter(context, sessionId);
}
