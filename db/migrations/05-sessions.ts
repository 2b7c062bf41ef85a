// Dated classes, and who attends which instead of which. `schedule` is a session; its date is the campus's day of starts_at.
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, key, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'schedule', (table) => {
    id(table);
    reference(table, 'assignment_id', 'faculty_assignment').notNullable();
    reference(table, 'room_id', 'rooms').notNullable();
    // Who takes it instead of the faculty member whom it is assigned to.
    reference(table, 'substitute_id', 'faculty').nullable();
    reference(table, 'default_schedule_id', 'default_schedule').nullable();
    // A regular class is for whoever is enrolled; a makeup for those who attend it instead of `makes_up_id`.
    table.enum('kind', ['regular', 'makeup']).notNullable().defaultTo('regular');
    reference(table, 'makes_up_id', 'schedule').nullable();
    // Seats taken by students who attend it instead of another section's class.
    table.smallint('guests').unsigned().notNullable().defaultTo(0);
    // The day it was made for: moving a session never lets its default schedule make another.
    table.date('planned_date').notNullable();
    table.date('date').notNullable();
    instant(table, 'starts_at').notNullable();
    instant(table, 'ends_at').notNullable();
    key(table, 'time_zone', 64).notNullable();
    table.enum('status', ['scheduled', 'completed', 'cancelled']).notNullable().defaultTo('scheduled');
    table.string('topic_discussed', 200).nullable();
    // Hidden from lists; its marks stay and count.
    table.boolean('archived').notNullable().defaultTo(false);
    table.integer('sequence').unsigned().notNullable().defaultTo(0);
    // The sequence as which its default schedule made it; another one, and somebody has changed it since.
    table.integer('made_sequence').unsigned().notNullable().defaultTo(0);
    instant(table, 'updated_at').notNullable();
    table.unique(['default_schedule_id', 'planned_date'], { indexName: 'schedule_made_once' });
    table.index(['assignment_id', 'starts_at'], 'schedule_of_assignment');
    table.index(['date', 'status'], 'schedule_of_day');
  });
  // A student who attends one session instead of another: the makeup of it, or another section's.
  await createTable(knex, 'replacements', (table) => {
    id(table);
    reference(table, 'student_id', 'students').notNullable();
    reference(table, 'session_id', 'schedule').notNullable();
    reference(table, 'instead_of_id', 'schedule').notNullable();
    instant(table, 'created_at').notNullable();
    table.unique(['student_id', 'session_id'], { indexName: 'replacements_seat' });
    table.unique(['student_id', 'instead_of_id'], { indexName: 'replacements_once' });
  });
  // A faculty member asks another to take a session; an open one waits for the other's word.
  await createTable(knex, 'substitutions', (table) => {
    id(table);
    reference(table, 'session_id', 'schedule').notNullable();
    reference(table, 'substitute_id', 'faculty').notNullable();
    reference(table, 'asked_by', 'users').notNullable();
    table.enum('status', ['open', 'accepted', 'declined', 'withdrawn']).notNullable().defaultTo('open');
    instant(table, 'created_at').notNullable();
    instant(table, 'decided_at').nullable();
    table.index(['substitute_id', 'status'], 'substitutions_of_substitute');
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'substitutions', 'replacements', 'schedule');
}
