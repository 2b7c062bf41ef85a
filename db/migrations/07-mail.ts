// Students' mailboxes, which of their mails were read, and what was found in a mail (once for all who got it).
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, json, key, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'mailboxes', (table) => {
    id(table);
    reference(table, 'student_id', 'students').notNullable().unique();
    key(table, 'host', 191).notNullable();
    table.smallint('port').unsigned().notNullable();
    table.enum('security', ['tls', 'starttls', 'none']).notNullable();
    table.string('username', 191).notNullable();
    table.enum('auth', ['password', 'oauth2']).notNullable();
    // The password or the OAuth 2 refresh token, sealed (AES-256-GCM) under the key with this id.
    table.specificType('secret', 'varbinary(4096)').notNullable();
    key(table, 'secret_key_id', 40).notNullable();
    table.specificType('access_token', 'varbinary(8192)').nullable();
    key(table, 'access_token_key_id', 40).nullable();
    instant(table, 'access_token_expires_at').nullable();
    instant(table, 'consented_at').notNullable();
    table.enum('status', ['active', 'backing_off', 'withdrawn']).notNullable().defaultTo('active');
    // The cursor: everything up to last_uid under this uid_validity has been dealt with.
    table.bigInteger('uid_validity').unsigned().nullable();
    table.bigInteger('last_uid').unsigned().notNullable().defaultTo(0);
    table.integer('failures').unsigned().notNullable().defaultTo(0);
    key(table, 'failure_code', 60).nullable();
    instant(table, 'retry_at').nullable();
    instant(table, 'last_read_at').nullable();
    // New mails that the running sweep counted; the reader that leased the mailbox and until when.
    table.integer('pending').unsigned().notNullable().defaultTo(0);
    key(table, 'lease', 120).nullable();
    instant(table, 'leased_until').nullable();
    table.index(['pending'], 'mailboxes_pending');
    table.index(['lease'], 'mailboxes_lease');
  });
  await createTable(knex, 'mail_seen', (table) => {
    id(table);
    reference(table, 'mailbox_id', 'mailboxes').notNullable();
    // SHA-256 of the Message-ID; of the header where there is none.
    table.specificType('message_key', 'binary(32)').notNullable();
    table.specificType('fingerprint', 'binary(32)').nullable();
    table.enum('outcome', ['skipped', 'denied', 'nothing', 'not_meant', 'entered', 'asked', 'dropped', 'own', 'unreadable']).notNullable();
    instant(table, 'seen_at').notNullable();
    table.unique(['mailbox_id', 'message_key'], { indexName: 'mail_seen_once' });
    table.index(['fingerprint'], 'mail_seen_of_extraction');
    table.index(['seen_at'], 'mail_seen_age');
  });
  await createTable(knex, 'mail_extraction', (table) => {
    table.specificType('fingerprint', 'binary(32)').notNullable().primary();
    // 'working' while one reader extracts; the others wait for it, until its lease lapses.
    table.enum('status', ['working', 'done']).notNullable();
    instant(table, 'leased_until').nullable();
    json(table, 'extraction').nullable();
    table.integer('prompt_tokens').unsigned().notNullable().defaultTo(0);
    table.integer('completion_tokens').unsigned().notNullable().defaultTo(0);
    instant(table, 'created_at').notNullable();
    table.index(['created_at'], 'mail_extraction_age');
  });
  // Senders whose mails are never read (deny) or need no proof of their origin (allow).
  await createTable(knex, 'mail_senders', (table) => {
    id(table);
    reference(table, 'organisation_id', 'organisations').notNullable();
    // An address, or a domain with all below it; lower case.
    key(table, 'pattern', 191).notNullable();
    table.enum('verdict', ['allow', 'deny']).notNullable();
    reference(table, 'user_id', 'users').nullable();
    instant(table, 'updated_at').notNullable();
    table.unique(['organisation_id', 'pattern'], { indexName: 'mail_senders_once' });
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'mail_senders', 'mail_extraction', 'mail_seen', 'mailboxes');
}
