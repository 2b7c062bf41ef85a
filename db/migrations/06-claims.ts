// Who or what is taken when: one row per resource and 5-minute slot, so that nothing can be booked twice.
import type { Knex } from 'knex';
import { createTable, dropTables, instant, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'claims', (table) => {
    table.enum('kind', ['faculty', 'room', 'student']).notNullable();
    table.bigInteger('resource_id').unsigned().notNullable();
    // 5-minute slots since the Unix epoch: slot n is [n * 300 s, (n + 1) * 300 s).
    table.integer('slot').unsigned().notNullable();
    reference(table, 'session_id', 'schedule').notNullable();
    // Only held until then, for a session that may get this time; null for what is booked.
    instant(table, 'held_until').nullable();
    table.primary(['kind', 'resource_id', 'slot']);
    // Who of many is taken at one time, answered by the index alone.
    table.index(['kind', 'slot', 'resource_id', 'session_id', 'held_until'], 'claims_when');
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'claims');
}
