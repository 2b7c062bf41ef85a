// Leave that students ask for ahead of time, and what was decided.
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'student_leave', (table) => {
    id(table);
    reference(table, 'student_id', 'students').notNullable();
    table.enum('kind', ['medical', 'on_duty', 'other']).notNullable();
    // Half-open. Of whole days of the campus: from midnight to midnight.
    instant(table, 'starts_at').notNullable();
    instant(table, 'ends_at').notNullable();
    table.boolean('whole_days').notNullable();
    table.string('reason', 500).notNullable();
    table.enum('status', ['open', 'granted', 'rejected', 'withdrawn']).notNullable().defaultTo('open');
    // Who teaches every class that it covers, as was known when it was asked for; null: several do, or nobody.
    reference(table, 'faculty_id', 'faculty').nullable();
    reference(table, 'decided_by', 'users').nullable();
    table.string('answer', 500).nullable();
    instant(table, 'created_at').notNullable();
    instant(table, 'decided_at').nullable();
    table.index(['student_id', 'ends_at'], 'student_leave_of_student');
    table.index(['status'], 'student_leave_open');
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'student_leave');
}
