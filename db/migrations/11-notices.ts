// What a person is told (a notice) and by which way (a delivery): the outbox.
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, json, key, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'notices', (table) => {
    id(table);
    reference(table, 'user_id', 'users').notNullable();
    // The sentence in locales/ and what goes into it.
    key(table, 'kind', 60).notNullable();
    json(table, 'params').notNullable();
    // One notice per person and version of an event.
    key(table, 'event_key', 120).notNullable();
    // Which broadcast it tells; null: none.
    table.bigInteger('broadcast_id').unsigned().nullable().index('notices_of_broadcast');
    instant(table, 'created_at').notNullable();
    table.unique(['user_id', 'event_key'], { indexName: 'notices_once' });
  });
  await createTable(knex, 'deliveries', (table) => {
    id(table);
    reference(table, 'notice_id', 'notices').notNullable();
    table.enum('channel', ['telegram', 'email', 'slack', 'discord', 'push']).notNullable();
    // Where to: a chat's id, a mail address, or the row of a push token; a person may have several on one platform.
    table.string('address', 191).notNullable();
    table.enum('urgency', ['change', 'reminder']).notNullable();
    table.enum('status', ['pending', 'sending', 'sent', 'unknown', 'failed']).notNullable().defaultTo('pending');
    table.integer('attempts').unsigned().notNullable().defaultTo(0);
    instant(table, 'due_at').notNullable();
    // Where it was put off for the person's quiet hours: until then it holds nothing else back.
    instant(table, 'quiet_until').nullable();
    instant(table, 'leased_until').nullable();
    key(table, 'lease', 40).nullable();
    // Ours, made before the send (an e-mail's Message-ID), so that a second try carries the same.
    key(table, 'message_id', 191).notNullable().unique();
    // The platform's own name of the message, where it can be edited: a newer version of the event then takes its place.
    key(table, 'platform_message_id', 64).nullable();
    key(table, 'error_code', 60).nullable();
    instant(table, 'sent_at').nullable();
    table.unique(['notice_id', 'channel', 'address'], { indexName: 'deliveries_once' });
    table.index(['channel', 'status', 'due_at'], 'deliveries_due');
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'deliveries', 'notices');
}
