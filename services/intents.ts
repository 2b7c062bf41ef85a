// What services write for processes: messages that the dispatcher carries to Temporal after the commit.
import { type Channel, workflowIds } from '../domain/processes/index.ts';
import type { Trx } from '../db/connection.ts';
import { addIntent, addIntents } from '../db/repositories/intents.ts';

/** The interview changed, or is new and hits a class: its process looks at it. */
export async function interviewChanged(trx: Trx, interviewId: number, now: Date): Promise<void> {
  await interviewsChanged(trx, [interviewId], now);
}

/** @param dueAt when their processes are told, where that is not at once */
export async function interviewsChanged(trx: Trx, interviewIds: number[], now: Date, dueAt = now): Promise<void> {
  await addIntents(trx, interviewIds.map((id) =>
    ({ process: 'interview', workflowId: workflowIds.interview(id), message: 'changed', payload: {} })), now, dueAt);
}

/** Somebody joined or left a session's round: its process looks at it. */
export async function roundJoined(trx: Trx, sessionId: number, now: Date): Promise<void> {
  await addIntent(trx, { process: 'reschedule', workflowId: workflowIds.reschedule(sessionId), message: 'joined', payload: {} }, now);
}

/** A decision was made about a session's round: its process carries it out. */
export async function roundDecided(trx: Trx, sessionId: number, decisionId: number, now: Date): Promise<void> {
  await addIntent(
    trx,
    { process: 'reschedule', workflowId: workflowIds.reschedule(sessionId), message: 'decided', payload: { decisionId } },
    now,
  );
}

/** An institution's weekly classes changed, or a day has passed: its process makes the sessions that are missing. */
export async function sessionsWanted(trx: Trx, organisationId: number, now: Date): Promise<void> {
  await addIntent(trx, { process: 'makeSessions', workflowId: workflowIds.makeSessions(organisationId), message: 'wake', payload: {} }, now);
}

/** A timetable is to be made: the job's process does it. */
export async function generationRequested(trx: Trx, jobId: string, now: Date): Promise<void> {
  await addIntent(trx, { process: 'timetable', workflowId: workflowIds.timetable(jobId), message: 'requested', payload: {} }, now);
}

/** The making of a timetable was called off: its process ends. */
export async function generationCancelled(trx: Trx, jobId: string, now: Date): Promise<void> {
  await addIntent(trx, { process: 'timetable', workflowId: workflowIds.timetable(jobId), message: 'cancelled', payload: {} }, now);
}

/** A timetable is to be put in force: its process writes its classes, and then does. */
export async function publicationWanted(trx: Trx, timetableId: number, now: Date): Promise<void> {
  await addIntent(trx, { process: 'publish', workflowId: workflowIds.publish(timetableId), message: 'wake', payload: {} }, now);
}

/** The taking of a session's attendance was begun, changed or completed: its process looks at it. */
export async function attendanceChanged(trx: Trx, sessionId: number, message: 'opened' | 'extended' | 'rotated' | 'completed', now: Date): Promise<void> {
  await addIntent(trx, { process: 'attendance', workflowId: workflowIds.attendance(sessionId), message, payload: {} }, now);
}

const woken = new WeakMap<Trx, Set<Channel>>();

/** There is something to deliver on a channel; once in a transaction is enough. */
export async function wakeChannel(trx: Trx, channel: Channel, now: Date): Promise<void> {
  const channels = woken.get(trx) ?? new Set();
  if (channels.has(channel)) return;
  woken.set(trx, channels.add(channel));
  await addIntent(trx, { process: 'deliver', workflowId: workflowIds.deliver(channel), message: 'wake', payload: {} }, now);
}
