// What has to be started, signalled or updated in Temporal, written beside the change that asks for it.
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, json, key } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'intents', (table) => {
    id(table);
    key(table, 'process', 40).notNullable();
    key(table, 'workflow_id', 100).notNullable();
    key(table, 'message', 60).notNullable();
    // Ids and enums only: it becomes part of the workflow's history.
    json(table, 'payload').notNullable();
    table.integer('attempts').unsigned().notNullable().defaultTo(0);
    instant(table, 'due_at').notNullable();
    instant(table, 'done_at').nullable();
    key(table, 'error_code', 60).nullable();
    instant(table, 'created_at').notNullable();
    table.index(['done_at', 'due_at'], 'intents_due');
    table.index(['workflow_id'], 'intents_of_process');
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'intents');
}
