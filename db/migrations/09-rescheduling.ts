// What is done about a class that interviews hit: a round per session, whom it is for, what was offered and decided.
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, json, key, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'rescheduled_class', (table) => {
    id(table);
    reference(table, 'session_id', 'schedule').notNullable();
    table.smallint('round').unsigned().notNullable();
    // Open: gathering, offered, and undoing (nobody needs any more what was done). Over: the others.
    table.enum('status', [
      'gathering', 'offered', 'undoing', 'seated', 'made_up', 'moved', 'declined', 'on_duty', 'withdrawn', 'expired', 'undone',
    ]).notNullable();
    // What the offer is for: a makeup class or the whole class; and the makeup that came of it.
    table.enum('remedy', ['makeup', 'move']).nullable();
    reference(table, 'makeup_session_id', 'schedule').nullable();
    instant(table, 'original_starts_at').notNullable();
    instant(table, 'original_ends_at').notNullable();
    reference(table, 'original_room_id', 'rooms').notNullable();
    // Why nothing fitted, as codes with values.
    json(table, 'blocked').nullable();
    // Which offer of the round stands: when an accepted option turns out taken, the round offers anew.
    table.smallint('offer').unsigned().notNullable().defaultTo(0);
    instant(table, 'offered_at').nullable();
    instant(table, 'reminded_at').nullable();
    instant(table, 'escalated_at').nullable();
    instant(table, 'created_at').notNullable();
    instant(table, 'updated_at').notNullable();
    table.unique(['session_id', 'round'], { indexName: 'rescheduled_class_round' });
    table.index(['status'], 'rescheduled_class_open');
  });
  await createTable(knex, 'rescheduled_class_student', (table) => {
    id(table);
    reference(table, 'rescheduled_class_id', 'rescheduled_class').notNullable();
    reference(table, 'student_id', 'students').notNullable();
    reference(table, 'interview_id', 'student_company_drive').notNullable();
    // affected: waits, or shares the fate of the round; seated: attends another section; made_up: attends the makeup.
    table.enum('status', ['affected', 'seated', 'made_up', 'withdrawn']).notNullable().defaultTo('affected');
    table.unique(['rescheduled_class_id', 'student_id', 'interview_id'], { indexName: 'rescheduled_class_student_once' });
  });
  await createTable(knex, 'rescheduled_class_option', (table) => {
    id(table);
    reference(table, 'rescheduled_class_id', 'rescheduled_class').notNullable();
    table.smallint('offer').unsigned().notNullable();
    table.tinyint('position').unsigned().notNullable();
    instant(table, 'starts_at').notNullable();
    instant(table, 'ends_at').notNullable();
    reference(table, 'room_id', 'rooms').notNullable();
    json(table, 'reasons').notNullable();
    table.unique(['rescheduled_class_id', 'offer', 'position'], { indexName: 'rescheduled_class_option_once' });
  });
  await createTable(knex, 'rescheduled_class_decision', (table) => {
    id(table);
    reference(table, 'rescheduled_class_id', 'rescheduled_class').notNullable();
    reference(table, 'option_id', 'rescheduled_class_option').nullable();
    // Null: the department's policy decided.
    reference(table, 'user_id', 'users').nullable();
    table.enum('choice', ['accept', 'decline']).notNullable();
    table.enum('outcome', ['pending', 'applied', 'refused']).notNullable().defaultTo('pending');
    key(table, 'refusal_code', 60).nullable();
    instant(table, 'created_at').notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'rescheduled_class_decision', 'rescheduled_class_option', 'rescheduled_class_student', 'rescheduled_class');
}
