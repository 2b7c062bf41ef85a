// What is taught to whom by whom: subjects, who teaches one to a section, and who is enrolled from when until when.
import type { Knex } from 'knex';
import { createTable, dropTables, id, key, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'subjects', (table) => {
    id(table);
    reference(table, 'organisation_id', 'organisations').notNullable();
    key(table, 'subject_code', 20).notNullable();
    table.string('subject_mnemonic', 100).notNullable();
    table.string('subject_name', 200).notNullable();
    table.enum('subject_type', ['theory', 'lab']).notNullable();
    // No longer taught; what was taught of it stays.
    table.boolean('active').notNullable().defaultTo(true);
    table.unique(['organisation_id', 'subject_code']);
  });
  await createTable(knex, 'faculty_assignment', (table) => {
    id(table);
    reference(table, 'faculty_id', 'faculty').notNullable();
    reference(table, 'subject_id', 'subjects').notNullable();
    reference(table, 'section_id', 'sections').notNullable();
    reference(table, 'term_id', 'terms').notNullable();
    table.boolean('active').notNullable().defaultTo(true);
    table.unique(['term_id', 'section_id', 'subject_id', 'faculty_id'], { indexName: 'faculty_assignment_once' });
  });
  // valid_to is the first day on which the enrolment no longer holds; null while it holds.
  await createTable(knex, 'student_subject', (table) => {
    id(table);
    reference(table, 'student_id', 'students').notNullable();
    reference(table, 'subject_id', 'subjects').notNullable();
    reference(table, 'section_id', 'sections').notNullable();
    table.date('valid_from').notNullable();
    table.date('valid_to').nullable();
    table.unique(['student_id', 'subject_id', 'section_id', 'valid_from'], { indexName: 'student_subject_once' });
    // All that a roster asks for.
    table.index(['section_id', 'subject_id', 'valid_from', 'valid_to', 'student_id'], 'student_subject_roster');
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'student_subject', 'faculty_assignment', 'subjects');
}
