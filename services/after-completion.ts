// What follows when a session's attendance is completed: marks are looked at for what is odd.
import type { ServiceContext } from './context.ts';
import { flagMarks } from './suspicion.ts';

/** Done again, nothing is flagged or said twice. */
export async function followCompletion(context: ServiceContext, sessionId: number): Promise<void> {
  await flagMarks(context, sessionId);
}
