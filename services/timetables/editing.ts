// A draft edited by hand (T10): what a move would break and cost, what would make it possible, and the move itself.
import type { Knex } from 'knex';
import { insertAudit } from '../../db/repositories/audit.ts';
import { entryRowsOf, findTimetable, hasWeeklyClasses, lockTerm, placeEntries, setDraftQuality, type Timetable } from '../../db/repositories/timetables.ts';
import { Refusal } from '../../domain/refusal.ts';
import { entriesToRows, type EntryRow } from '../../domain/timetabling/campus-entries.ts';
import { draftOf, type Draft } from '../../domain/timetabling/draft.ts';
import { suggestionsFor, type Suggestion } from '../../domain/timetabling/edit-suggestions.ts';
import { effectOf, entriesAfter, type Effect, type Move } from '../../domain/timetabling/edit.ts';
import { hardCount } from '../../domain/timetabling/hard-violations.ts';
import { qualityOf } from '../../domain/timetabling/score.ts';
import { placeOf, type TeachingWeek } from '../../domain/timetabling/teaching-week.ts';
import { meetingKey, type Entry, type Lock, type University } from '../../domain/timetabling/university.ts';
import { variants } from '../../domain/timetabling/variants.ts';
import { requirePermission } from '../access.ts';
import type { Person, ServiceContext } from '../context.ts';
import { searchInputOf } from './inputs.ts';
import { slotIdsOf } from './university.ts';
import { unplacedOf } from './unplaced.ts';

export interface MoveSeen {
  effect: Effect;
  suggestions: Suggestion[];
}

/**
 * What a move in a draft would do, and moves of which it is one that break nothing. Ids are those of the job's university.
 * @throws Refusal not-allowed; not-found, also for a meeting, room or period that there isn't; timetable-not-draft; entry-locked
 */
export async function lookAtMove(context: ServiceContext, actor: Person, timetableId: number, move: Move): Promise<MoveSeen> {
  const { knex } = context.db;
  const { draft } = await editable(knex, await ownDraft(context, actor, timetableId), [move]);
  return known(() => ({ effect: effectOf(draft, [move]), suggestions: suggestionsFor(draft, move) }));
}

/**
 * Carries out moves of different meetings together: one, or a suggestion's two. What was locked stays, and nothing is broken that wasn't.
 * @throws Refusal as `lookAtMove`; move-breaks
 */
export async function moveEntries(context: ServiceContext, actor: Person, timetableId: number, moves: readonly Move[]): Promise<Timetable> {
  const { termId } = await ownDraft(context, actor, timetableId);
  return context.db.transaction(async (trx) => {
    // Whoever publishes a draft holds the term too: it isn't changed in between.
    await lockTerm(trx, termId);
    const { draft, week } = await editable(trx, (await findTimetable(trx, timetableId))!, moves);
    const { broken } = known(() => effectOf(draft, moves));
    if (broken.length > 0) throw new Refusal('move-breaks', { count: hardCount(broken) });
    const entries = entriesAfter(draft, moves);
    const moved = new Set(moves.map(meetingKey));
    await placeEntries(trx, timetableId, entriesToRows(entries.filter((entry) => moved.has(meetingKey(entry))), draft.university, week));
    const { score, parts } = qualityOf(draft.university, entries, draft.weights);
    await setDraftQuality(trx, timetableId, { qualityScore: Math.round(100 * score) / 100, parts: JSON.stringify(parts), unplaced: JSON.stringify(unplacedOf(draft.university, entries)) });
    await insertAudit(trx, { userId: actor.userId, action: 'timetable.move', subject: `timetable/${timetableId}`, details: { moves } }, context.now().toJSDate());
    return (await findTimetable(trx, timetableId))!;
  });
}

/** What the domain doesn't know by its names is not there. */
function known<Answer>(ask: () => Answer): Answer {
  try {
    return ask();
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal('not-found');
    throw error;
  }
}

async function ownDraft(context: ServiceContext, actor: Person, timetableId: number): Promise<Timetable> {
  requirePermission(actor, 'timetables.generate');
  const timetable = await findTimetable(context.db.knex, timetableId);
  if (timetable?.organisationId !== actor.organisationId) throw new Refusal('not-found');
  return timetable;
}

/** A draft as it is now, with the campus as its job saw it. One that has been in force has weekly classes that sessions come from: it stays as it was. */
async function editable(knex: Knex, { timetableId, jobId, termId, status, variantName }: Timetable, moves: readonly Move[]): Promise<{ draft: Draft; week: TeachingWeek }> {
  if (status !== 'draft' || await hasWeeklyClasses(knex, timetableId)) throw new Refusal('timetable-not-draft');
  const [input, rows, week] = await Promise.all([searchInputOf(knex, jobId), entryRowsOf(knex, timetableId), slotIdsOf(knex, termId)]);
  if (!input) throw new Refusal('not-found');
  const placed = rows.flatMap((row) => {
    const entry = entryOf(row, week);
    return entry === null ? [] : [{ entry, locked: row.locked }];
  });
  const locks = placed.filter(({ locked }) => locked).map(({ entry: { class: id, part, occurrence, day, period, room } }): Lock => ({ class: id, part, occurrence, slot: { day, period }, room }));
  const isLocked = new Set(locks.map(meetingKey));
  if (moves.some((move) => isLocked.has(meetingKey(move)))) throw new Refusal('entry-locked');
  const university: University = { ...input.university, locks: [...input.university.locks, ...locks] };
  const { weights } = variants.find(({ name }) => name === variantName)!;
  return { draft: draftOf(university, placed.map(({ entry }) => entry), weights), week };
}

/** Null for one whose times are no periods any more: its meeting has no place then. */
function entryOf({ assignment_id: assignment, part, occurrence, day, start_time: start, end_time: end, week: ofWeeks, room_id: room }: EntryRow, week: TeachingWeek): Entry | null {
  const place = placeOf(week, { weekday: day, start, end });
  return place && { class: `a${assignment}`, part, occurrence, ...place, week: ofWeeks, room: `r${room}` };
}
