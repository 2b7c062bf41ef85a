// Users with one role each, and what makes some of them students or faculty.
import type { Knex } from 'knex';
import { createTable, dropTables, id, key, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'users', (table) => {
    id(table);
    reference(table, 'organisation_id', 'organisations').notNullable();
    reference(table, 'department_id', 'departments').nullable();
    table.string('email', 191).notNullable().unique();
    table.string('name', 100).notNullable();
    table.enum('role', ['student', 'cr', 'faculty', 'hod', 'admin', 'registrar', 'system']).notNullable();
    key(table, 'locale', 16).nullable();
    key(table, 'time_zone', 64).nullable();
    table.boolean('active').notNullable().defaultTo(true);
  });
  await createTable(knex, 'sections', (table) => {
    id(table);
    reference(table, 'department_id', 'departments').notNullable();
    table.tinyint('year').unsigned().notNullable();
    table.string('name', 10).notNullable();
    table.unique(['department_id', 'year', 'name']);
  });
  await createTable(knex, 'students', (table) => {
    id(table);
    reference(table, 'user_id', 'users').notNullable().unique();
    reference(table, 'section_id', 'sections').notNullable();
    key(table, 'student_id', 20).notNullable().unique();
    table.string('guardian_email', 191).nullable();
    key(table, 'roll_number', 20).notNullable();
    // Kept while the student is class representative, and after.
    key(table, 'mobile', 20).nullable();
    table.unique(['section_id', 'roll_number']);
  });
  await createTable(knex, 'faculty', (table) => {
    id(table);
    reference(table, 'user_id', 'users').notNullable().unique();
    key(table, 'faculty_id', 20).notNullable().unique();
    // How many periods are not too much.
    table.tinyint('most_periods_a_day').unsigned().notNullable().defaultTo(5);
    table.tinyint('most_periods_a_week').unsigned().notNullable().defaultTo(24);
  });
  // Days of the campus on which a faculty member is away, both included.
  await createTable(knex, 'faculty_leave', (table) => {
    id(table);
    reference(table, 'faculty_id', 'faculty').notNullable();
    table.date('starts_on').notNullable();
    table.date('ends_on').notNullable();
    table.unique(['faculty_id', 'starts_on', 'ends_on'], { indexName: 'faculty_leave_once' });
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'faculty_leave', 'faculty', 'students', 'sections', 'users');
}
