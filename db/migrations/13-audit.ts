// Who changed what, when: one row per change that a person or a process asked for.
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, json, key, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'audit_log', (table) => {
    id(table);
    instant(table, 'at').notNullable();
    reference(table, 'user_id', 'users').nullable();
    key(table, 'action', 60).notNullable();
    key(table, 'subject', 100).notNullable();
    json(table, 'details').notNullable();
    table.index(['subject'], 'audit_log_of_subject');
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'audit_log');
}
