// Moves in drafts as doors name them: by assignment, weekday, clock time and room, instead of the ids and slots of the job's university.
import { findTimetable, type Timetable } from '../../db/repositories/timetables.ts';
import { Refusal } from '../../domain/refusal.ts';
import { rowId } from '../../domain/timetabling/campus-entries.ts';
import type { Effect, Move } from '../../domain/timetabling/edit.ts';
import type { TeachingWeek } from '../../domain/timetabling/teaching-week.ts';
import { requirePermission } from '../access.ts';
import type { Person, ServiceContext } from '../context.ts';
import { lookAtMove, moveEntries } from './editing.ts';
import { slotIdsOf } from './university.ts';

export interface NamedMove {
  assignmentId: number;
  /** Which of what the class needs, and which of its meetings, from 0. */
  part: number;
  occurrence: number;
  /** ISO's weekday, and when a period begins on the campus's wall clock, HH:mm. */
  weekday: number;
  start: string;
  roomId: number;
}

export interface NamedMoveSeen {
  effect: Effect;
  suggestions: (Effect & { moves: NamedMove[] })[];
}

/** What a move would do, as `lookAtMove`. @throws Refusal as that; bad-request for a time at which no period begins */
export async function lookAtNamedMove(context: ServiceContext, actor: Person, timetableId: number, move: NamedMove): Promise<NamedMoveSeen> {
  const week = await weekOf(context, actor, timetableId);
  const { effect, suggestions } = await lookAtMove(context, actor, timetableId, moveIn(week, move));
  return { effect, suggestions: suggestions.map(({ moves, ...each }) => ({ ...each, moves: moves.map((one) => named(week, one)) })) };
}

/** Carries out moves, as `moveEntries`. @throws Refusal as that; bad-request for a time at which no period begins */
export async function moveNamedEntries(context: ServiceContext, actor: Person, timetableId: number, moves: readonly NamedMove[]): Promise<Timetable> {
  const week = await weekOf(context, actor, timetableId);
  return moveEntries(context, actor, timetableId, moves.map((move) => moveIn(week, move)));
}

async function weekOf(context: ServiceContext, actor: Person, timetableId: number): Promise<TeachingWeek> {
  requirePermission(actor, 'timetables.generate');
  const timetable = await findTimetable(context.db.knex, timetableId);
  if (timetable?.organisationId !== actor.organisationId) throw new Refusal('not-found');
  return slotIdsOf(context.db.knex, timetable.termId);
}

function moveIn({ weekdays, periods }: TeachingWeek, { assignmentId, part, occurrence, weekday, start, roomId }: NamedMove): Move {
  const day = weekdays.indexOf(weekday);
  const period = periods.findIndex((each) => each.start === start);
  if (day === -1) throw new Refusal('bad-request', { field: 'weekday' });
  if (period === -1) throw new Refusal('bad-request', { field: 'start' });
  return { class: `a${assignmentId}`, part, occurrence, day, period, room: `r${roomId}` };
}

function named({ weekdays, periods }: TeachingWeek, { class: id, part, occurrence, day, period, room }: Move): NamedMove {
  return { assignmentId: rowId(id), part, occurrence, weekday: weekdays[day]!, start: periods[period]!.start, roomId: rowId(room) };
}
