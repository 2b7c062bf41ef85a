// A process that dies by kill -9 between its commit and anything that follows it. Arguments: database URL, session id.
import { openDatabase } from '../../db/connection.ts';
import { addIntent } from '../../db/repositories/intents.ts';
import { workflowIds } from '../../domain/processes/index.ts';

const [url, sessionId] = process.argv.slice(2) as [string, string];
const db = openDatabase(url);
db.onIntents(() => process.kill(process.pid, 'SIGKILL'));
await db.transaction(async (trx) => {
  const now = new Date();
  const session = await trx('schedule').where({ id: sessionId }).first();
  const [roundId] = await trx('rescheduled_class').insert({
    session_id: session.id, round: 1, status: 'gathering', original_starts_at: session.starts_at, original_ends_at: session.ends_at,
    original_room_id: session.room_id, created_at: now, updated_at: now,
  });
  await addIntent(trx, { process: 'reschedule', workflowId: workflowIds.reschedule(session.id), message: 'joined', payload: {} }, now);
  return roundId;
});
