// Writes a demo campus into an empty database.

import type { Knex } from 'knex';
import type { DemoCampus } from './demo-rows.ts';

/** Parents before children: the order of the foreign keys. */
const TABLES = [
  'organisations', 'departments', 'terms', 'holidays', 'users', 'sections', 'students', 'faculty', 'subjects', 'faculty_assignment',
  'student_subject', 'rooms', 'weekly_slot', 'default_schedule', 'schedule', 'claims',
  'subject_parts', 'faculty_times', 'room_closures',
] as const satisfies readonly (keyof DemoCampus)[];

/** Some 100 kB a statement: well below any server's max_allowed_packet. */
const ROWS_PER_INSERT = 1000;

/** Inserts all rows with their ids. Rejects with the driver's duplicate-key error when the database has such rows already. */
export async function loadDemoCampus(trx: Knex.Transaction, campus: DemoCampus): Promise<void> {
  for (const table of TABLES) {
    const rows: readonly object[] = campus[table];
    for (let first = 0; first < rows.length; first += ROWS_PER_INSERT) {
      await trx(table).insert(rows.slice(first, first + ROWS_PER_INSERT));
    }
  }
}
