// How people come in: linked chats, one-time codes, events of a platform already dealt with, feeds, repeated requests.
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, json, key, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'chat_links', (table) => {
    id(table);
    reference(table, 'user_id', 'users').notNullable();
    table.enum('platform', ['telegram', 'slack', 'discord']).notNullable();
    key(table, 'chat_id', 64).notNullable();
    instant(table, 'linked_at').notNullable();
    table.unique(['platform', 'chat_id'], { indexName: 'chat_links_once' });
  });
  await createTable(knex, 'link_codes', (table) => {
    id(table);
    reference(table, 'user_id', 'users').notNullable();
    table.specificType('code_hash', 'binary(32)').notNullable().unique();
    instant(table, 'expires_at').notNullable();
    instant(table, 'used_at').nullable();
  });
  await createTable(knex, 'link_attempts', (table) => {
    table.enum('platform', ['telegram', 'slack', 'discord']).notNullable();
    key(table, 'chat_id', 64).notNullable();
    table.smallint('failures').unsigned().notNullable().defaultTo(0);
    instant(table, 'window_ends_at').notNullable();
    table.primary(['platform', 'chat_id']);
  });
  await createTable(knex, 'platform_events', (table) => {
    table.enum('platform', ['telegram', 'slack', 'discord']).notNullable();
    key(table, 'event_id', 100).notNullable();
    instant(table, 'created_at').notNullable();
    table.primary(['platform', 'event_id']);
    table.index(['created_at'], 'platform_events_age');
  });
  // A chat that was asked for an interview's time: the next message is read as one.
  await createTable(knex, 'chat_prompts', (table) => {
    table.enum('platform', ['telegram', 'slack', 'discord']).notNullable();
    key(table, 'chat_id', 64).notNullable();
    reference(table, 'user_id', 'users').notNullable();
    reference(table, 'interview_id', 'student_company_drive').notNullable();
    instant(table, 'expires_at').notNullable();
    table.primary(['platform', 'chat_id']);
  });
  // The one device with which a student marks attendance: known by an app's opaque id, a key pair's thumbprint, or a chat.
  await createTable(knex, 'devices', (table) => {
    id(table);
    reference(table, 'student_id', 'students').notNullable().unique();
    table.enum('kind', ['app', 'key', 'chat']).notNullable();
    // SHA-256 of the id, thumbprint or chat.
    table.specificType('device_hash', 'binary(32)').notNullable().unique();
    // Of a key pair: the public JWK.
    json(table, 'public_key').nullable();
    instant(table, 'bound_at').notNullable();
  });
  // The address's token is derived from the nonce; nothing here lets anyone read a feed.
  await createTable(knex, 'feed_tokens', (table) => {
    id(table);
    reference(table, 'user_id', 'users').notNullable();
    table.specificType('nonce', 'binary(16)').notNullable();
    instant(table, 'created_at').notNullable();
    instant(table, 'revoked_at').nullable();
  });
  await createTable(knex, 'idempotency_keys', (table) => {
    id(table);
    reference(table, 'user_id', 'users').notNullable();
    key(table, 'idempotency_key', 100).notNullable();
    table.specificType('request_hash', 'binary(32)').notNullable();
    table.smallint('status').unsigned().nullable();
    json(table, 'response').nullable();
    instant(table, 'created_at').notNullable();
    table.unique(['user_id', 'idempotency_key'], { indexName: 'idempotency_keys_once' });
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'idempotency_keys', 'feed_tokens', 'devices', 'chat_prompts', 'platform_events', 'link_attempts', 'link_codes', 'chat_links');
}
