// Students who attend one session instead of another: the makeup of a class, or the same class of another section.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

export interface Replacement {
  studentId: number;
  /** Where the student goes. */
  sessionId: number;
  /** The class that it stands for. */
  insteadOfId: number;
}

const COLUMNS = { studentId: 'student_id', sessionId: 'session_id', insteadOfId: 'instead_of_id' } as const;

/** Replacements of these students for these classes. */
export async function replacementsFor(knex: Knex, insteadOfIds: number[], studentIds?: number[]): Promise<Replacement[]> {
  if (insteadOfIds.length === 0) return [];
  return knex('replacements')
    .whereIn('instead_of_id', insteadOfIds)
    .modify((query) => {
      if (studentIds) void query.whereIn('student_id', studentIds);
    })
    .orderBy('id')
    .select(COLUMNS);
}

/** Who comes to a session instead of another, by student. */
export async function replacementsIn(knex: Knex, sessionId: number): Promise<Replacement[]> {
  return knex('replacements').where({ session_id: sessionId }).orderBy('student_id').select(COLUMNS);
}

export async function insertReplacements(trx: Trx, replacements: Replacement[], now: Date): Promise<void> {
  if (replacements.length === 0) return;
  await trx('replacements').insert(replacements.map(({ studentId, sessionId, insteadOfId }) =>
    ({ student_id: studentId, session_id: sessionId, instead_of_id: insteadOfId, created_at: now })));
}

export async function deleteReplacement(trx: Trx, { studentId, sessionId }: Pick<Replacement, 'studentId' | 'sessionId'>): Promise<void> {
  await trx('replacements').where({ student_id: studentId, session_id: sessionId }).delete();
}

/**
 * Takes seats in a class for students of other sections, while there are so many.
 * @param enrolled the class's own students
 * @returns whether there were; all or none are taken
 */
export async function takeSeats(
  trx: Trx, sessionId: number, seats: number, { enrolled, capacity }: { enrolled: number; capacity: number },
): Promise<boolean> {
  const taken = await trx('schedule').where({ id: sessionId, status: 'scheduled' }).andWhereRaw('guests + ? <= ?', [enrolled + seats, capacity])
    .update({ guests: trx.raw('guests + ?', [seats]) });
  return taken === 1;
}

export async function freeSeat(trx: Trx, sessionId: number): Promise<void> {
  await trx('schedule').where({ id: sessionId }).andWhere('guests', '>', 0).update({ guests: trx.raw('guests - 1') });
}
