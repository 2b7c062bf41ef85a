// Interviews per student (the seed's student_company_drive), grouped into a company's drives.
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, key, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'drives', (table) => {
    id(table);
    reference(table, 'organisation_id', 'organisations').notNullable();
    table.string('company_name', 200).notNullable();
    key(table, 'company_key', 100).notNullable();
    table.date('date').notNullable();
    table.unique(['organisation_id', 'company_key', 'date'], { indexName: 'drives_once' });
  });
  await createTable(knex, 'student_company_drive', (table) => {
    id(table);
    reference(table, 'student_id', 'students').notNullable();
    reference(table, 'drive_id', 'drives').nullable();
    table.string('company_name', 200).notNullable();
    key(table, 'company_key', 100).notNullable();
    table.string('role', 200).nullable();
    table.enum('round', ['assessment', 'technical', 'hr', 'managerial', 'group-discussion', 'case']).nullable();
    table.enum('mode', ['online', 'on-campus', 'elsewhere', 'phone']).nullable();
    // With a time: starts_at and ends_at. A bare date: only date. The day is the campus's.
    table.date('date').notNullable();
    instant(table, 'starts_at').nullable();
    instant(table, 'ends_at').nullable();
    key(table, 'time_zone', 64).notNullable();
    table.string('location', 300).nullable();
    table.string('link', 500).nullable();
    // asked: the student has still to say; confirmed: counts; cancelled: called off; rejected: the student said no; erased: the
    // student withdrew the consent, and what followed is being undone: all that it said is blank.
    table.enum('status', ['asked', 'confirmed', 'cancelled', 'rejected', 'erased']).notNullable();
    table.enum('asked_because', ['unsure', 'perhaps-meant', 'unverified', 'failed', 'in-doubt', 'by-hand']).nullable();
    // Where the student gave the time: the start that mails had said until then, which they may say again.
    key(table, 'corrected_from', 40).nullable();
    table.float('confidence').notNullable();
    table.enum('source', ['calendar', 'markup', 'rules', 'model', 'student']).notNullable();
    table.text('evidence').nullable();
    // What identifies it: the calendar UID, else the Message-ID that it came from, hashed; a second mail merges into it.
    table.specificType('origin_key', 'binary(32)').notNullable();
    table.integer('calendar_sequence').unsigned().nullable();
    table.integer('version').unsigned().notNullable().defaultTo(1);
    table.integer('sequence').unsigned().notNullable().defaultTo(0);
    instant(table, 'created_at').notNullable();
    instant(table, 'updated_at').notNullable();
    table.unique(['student_id', 'origin_key'], { indexName: 'student_company_drive_once' });
    table.index(['student_id', 'date'], 'student_company_drive_of_day');
    table.index(['status', 'ends_at'], 'student_company_drive_open');
  });
  // A cancellation or a move that fits several of a student's interviews: the student says which.
  await createTable(knex, 'interview_doubts', (table) => {
    id(table);
    reference(table, 'student_id', 'students').notNullable();
    table.specificType('message_key', 'binary(32)').notNullable();
    table.enum('kind', ['cancel', 'reschedule']).notNullable();
    // Where a move leads.
    table.date('date').notNullable();
    instant(table, 'starts_at').nullable();
    instant(table, 'ends_at').nullable();
    // none: it is about none of them.
    table.enum('status', ['open', 'settled', 'none']).notNullable().defaultTo('open');
    instant(table, 'created_at').notNullable();
    table.unique(['student_id', 'message_key'], { indexName: 'interview_doubts_once' });
  });
  // Every mail that spoke of an interview, so that replies find it (In-Reply-To, References).
  await createTable(knex, 'interview_mail', (table) => {
    id(table);
    reference(table, 'interview_id', 'student_company_drive').notNullable();
    reference(table, 'student_id', 'students').notNullable();
    table.specificType('message_key', 'binary(32)').notNullable();
    table.unique(['student_id', 'message_key'], { indexName: 'interview_mail_once' });
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'interview_mail', 'interview_doubts', 'student_company_drive', 'drives');
}
