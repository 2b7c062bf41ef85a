// An institution's term from the database as a university to make a timetable for, and the grid between its slots and the clock.
import type { Knex } from 'knex';
import { campusRecords, findTerm, type PlannedTerm, periodsOf } from '../../db/repositories/campus-model.ts';
import { campusUniversity } from '../../domain/timetabling/campus.ts';
import { previousEntries } from '../../domain/timetabling/campus-entries.ts';
import { teachingWeek, type TeachingWeek } from '../../domain/timetabling/teaching-week.ts';
import type { University } from '../../domain/timetabling/university.ts';
import { Refusal } from '../../domain/refusal.ts';
import { campusDay } from '../campus-day.ts';
import type { ServiceContext } from '../context.ts';

/**
 * All that a term's timetable is made for: who is enrolled today, or on the term's first day when that is to come, and what is in force as
 * `previous`. No locks. Ids are those of `campusUniversity`.
 * @throws Refusal not-found; periods-missing, periods-overlap, periods-many; subject-parts-wrong; nothing-taught
 */
export async function universityOf(knex: Knex, context: ServiceContext, termId: number): Promise<University> {
  const term = await termOf(knex, termId);
  const today = campusDay(context);
  const week = teachingWeek(await periodsOf(knex, term.organisationId));
  const records = await campusRecords(knex, term, today > term.startsOn ? today : term.startsOn);
  if (records.assignments.length === 0) throw new Refusal('nothing-taught');
  const university = campusUniversity(records, week);
  return { ...university, previous: previousEntries(university, records, week) };
}

/** The periods of the term's institution: by its slots the rows of weekly_slot and their times. @throws Refusal as `universityOf` */
export async function slotIdsOf(knex: Knex, termId: number): Promise<TeachingWeek> {
  return teachingWeek(await periodsOf(knex, (await termOf(knex, termId)).organisationId));
}

async function termOf(knex: Knex, termId: number): Promise<PlannedTerm> {
  const term = await findTerm(knex, termId);
  if (!term) throw new Refusal('not-found');
  return term;
}
