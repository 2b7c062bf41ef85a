// Who is signed in: one row a sign-in, with the refresh tokens that follow each other in it.
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'sign_ins', (table) => {
    id(table);
    reference(table, 'user_id', 'users').notNullable();
    instant(table, 'signed_in_at').notNullable();
    // Of its newest token.
    instant(table, 'expires_at').notNullable().index('sign_ins_expiry');
    instant(table, 'ended_at').nullable();
    // reused: somebody presented a token that had been exchanged already, so it was copied.
    table.enum('ended_because', ['signed-out', 'reused', 'inactive']).nullable();
  });
  await createTable(knex, 'refresh_tokens', (table) => {
    id(table);
    reference(table, 'sign_in_id', 'sign_ins').notNullable();
    // SHA-256; nothing here signs anybody in.
    table.specificType('token_hash', 'binary(32)').notNullable().unique();
    instant(table, 'expires_at').notNullable().index('refresh_tokens_expiry');
    instant(table, 'used_at').nullable().index('refresh_tokens_use');
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'refresh_tokens', 'sign_ins');
}
