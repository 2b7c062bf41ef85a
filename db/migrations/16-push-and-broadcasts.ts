// Where else and when people want to be told: devices for push messages, preferences; and what was broadcast to whom.
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, json, key, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  // A device that takes push messages. It is whose it was registered for last.
  await createTable(knex, 'push_tokens', (table) => {
    id(table);
    reference(table, 'user_id', 'users').notNullable();
    // SHA-256: a token is too long for a key.
    table.specificType('token_hash', 'binary(32)').notNullable().unique();
    key(table, 'token', 4096).notNullable();
    table.enum('platform', ['android', 'ios', 'web']).notNullable();
    instant(table, 'registered_at').notNullable();
  });
  await createTable(knex, 'broadcasts', (table) => {
    id(table);
    reference(table, 'user_id', 'users').notNullable();
    table.string('title', 200).notNullable();
    table.string('message', 2000).notNullable();
    // Ids of sections or departments, or 'all'.
    json(table, 'audience').notNullable();
    table.integer('recipients').unsigned().notNullable();
    // How many devices of theirs take push messages.
    table.integer('devices').unsigned().notNullable();
    instant(table, 'sent_at').notNullable();
    // People whom a message has reached, and whom none could; null while it is under way.
    table.integer('reached').unsigned().nullable();
    table.integer('missed').unsigned().nullable();
    table.index(['user_id', 'sent_at'], 'broadcasts_of_user');
  });
  await createTable(knex, 'notice_preferences', (table) => {
    reference(table, 'user_id', 'users').primary();
    // The channels wanted, with commas between them; null: every linked chat and device, else e-mail.
    key(table, 'channels', 60).nullable();
    // The campus's wall clock in the person's zone, HH:mm; over midnight where the end is before the beginning.
    key(table, 'quiet_from', 5).nullable();
    key(table, 'quiet_until', 5).nullable();
    // Of classes and interviews, so many minutes before; null: none.
    table.smallint('reminder_minutes').unsigned().nullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'notice_preferences', 'broadcasts', 'push_tokens');
}
