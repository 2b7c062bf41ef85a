// Timetables: what they are made from beside the curriculum, the jobs that make them, and the drafts from which one is published.
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, json, key, reference } from './helpers.ts';

const WEEKS = ['every', 'odd', 'even'];

export async function up(knex: Knex): Promise<void> {
  // What a class of a subject needs each week: so many meetings of so many periods. A subject without any has what is usual for its type.
  await createTable(knex, 'subject_parts', (table) => {
    id(table);
    reference(table, 'subject_id', 'subjects').notNullable();
    table.enum('kind', ['lecture', 'tutorial', 'lab']).notNullable();
    table.tinyint('meetings').unsigned().notNullable();
    table.tinyint('periods').unsigned().notNullable();
    table.enum('room_kind', ['theory', 'lab']).notNullable();
    json(table, 'equipment').notNullable();
    table.enum('week', WEEKS).notNullable().defaultTo('every');
    table.unique(['subject_id', 'kind', 'periods', 'week'], { indexName: 'subject_parts_once' });
  });
  // Times on the campus's wall clock when a faculty member can't teach (cost null) or would rather not (1 to 9, the worst).
  await createTable(knex, 'faculty_times', (table) => {
    id(table);
    reference(table, 'faculty_id', 'faculty').notNullable();
    table.tinyint('weekday').unsigned().notNullable();
    key(table, 'start_time', 5).notNullable();
    key(table, 'end_time', 5).notNullable();
    table.tinyint('cost').unsigned().nullable();
    table.unique(['faculty_id', 'weekday', 'start_time'], { indexName: 'faculty_times_once' });
  });
  // When a room can't be used.
  await createTable(knex, 'room_closures', (table) => {
    id(table);
    reference(table, 'room_id', 'rooms').notNullable();
    table.tinyint('weekday').unsigned().notNullable();
    key(table, 'start_time', 5).notNullable();
    key(table, 'end_time', 5).notNullable();
    table.enum('week', WEEKS).notNullable().defaultTo('every');
    table.unique(['room_id', 'weekday', 'start_time', 'week'], { indexName: 'room_closures_once' });
  });
  // The making of a term's timetable, in variants. The names of columns are those of the campus's other systems.
  await createTable(knex, 'generation_jobs', (table) => {
    key(table, 'job_id', 50).primary();
    reference(table, 'organization_id', 'organisations').notNullable();
    reference(table, 'term_id', 'terms').notNullable();
    table.tinyint('semester').unsigned().notNullable();
    table.string('academic_year', 20).notNullable();
    table.enum('status', ['queued', 'running', 'completed', 'failed', 'cancelled']).notNullable();
    table.enum('stage', ['clustering', 'scheduling', 'resolving', 'saving']).nullable();
    // Per cent of what is to be done.
    table.tinyint('progress').unsigned().notNullable().defaultTo(0);
    // Seconds that each variant is searched for.
    table.smallint('seconds').unsigned().notNullable();
    table.integer('seed').unsigned().notNullable();
    // Why it failed: reasons with ids and numbers, as JSON.
    json(table, 'reasons').nullable();
    reference(table, 'created_by_id', 'users').notNullable();
    instant(table, 'created_at').notNullable();
    instant(table, 'completed_at').nullable();
    // The term, while the job is queued or running: one at a time.
    table.bigInteger('under_way').unsigned().nullable().unique();
    table.index(['term_id', 'created_at'], 'generation_jobs_of_term');
  });
  // The campus as it was when the job began, as compressed JSON: all that its searches look at.
  await createTable(knex, 'generation_inputs', (table) => {
    key(table, 'job_id', 50).primary();
    table.foreign('job_id').references('job_id').inTable('generation_jobs').onDelete('CASCADE');
    table.specificType('university', 'longblob').notNullable();
    // Classes (ids) that are searched together, as JSON.
    table.specificType('clusters', 'longblob').notNullable();
  });
  // What a search has found so far; the next worker goes on from there. Part 0 is the whole, what is joined of the parts.
  await createTable(knex, 'generation_searches', (table) => {
    key(table, 'job_id', 50).notNullable();
    table.foreign('job_id').references('job_id').inTable('generation_jobs').onDelete('CASCADE');
    table.tinyint('variant').unsigned().notNullable();
    table.smallint('part').unsigned().notNullable();
    // Seconds searched, of those that it may.
    table.float('seconds').notNullable().defaultTo(0);
    table.boolean('finished').notNullable().defaultTo(false);
    table.integer('hard').unsigned().nullable();
    table.bigInteger('soft').unsigned().nullable();
    // Slots and rooms of its events, little-endian 32-bit numbers, the slots first.
    table.specificType('placement', 'longblob').nullable();
    instant(table, 'updated_at').notNullable();
    table.primary(['job_id', 'variant', 'part']);
  });
  await createTable(knex, 'timetables', (table) => {
    table.bigIncrements('timetable_id');
    key(table, 'generation_job_id', 50).notNullable();
    table.foreign('generation_job_id').references('job_id').inTable('generation_jobs').onDelete('RESTRICT');
    reference(table, 'term_id', 'terms').notNullable();
    table.string('variant_name', 50).notNullable();
    table.decimal('quality_score', 5, 2).notNullable();
    // The parts of the score, and meetings without a place with what blocks each, as JSON.
    json(table, 'parts').notNullable();
    json(table, 'unplaced').notNullable();
    table.enum('status', ['draft', 'publishing', 'published']).notNullable();
    instant(table, 'created_at').notNullable();
    reference(table, 'published_by_id', 'users').nullable();
    instant(table, 'published_at').nullable();
    // What was in force before it was published: to that it goes back.
    table.bigInteger('replaced_id').unsigned().nullable();
    table.unique(['generation_job_id', 'variant_name'], { indexName: 'timetables_once' });
    table.index(['term_id', 'status'], 'timetables_of_term');
  });
  await createTable(knex, 'timetable_entries', (table) => {
    table.bigIncrements('entry_id');
    table.bigInteger('timetable_id').unsigned().notNullable();
    table.foreign('timetable_id').references('timetable_id').inTable('timetables').onDelete('CASCADE');
    reference(table, 'course_id', 'subjects').notNullable();
    reference(table, 'faculty_id', 'faculty').notNullable();
    reference(table, 'room_id', 'rooms').notNullable();
    // The period that it begins in.
    reference(table, 'time_slot_id', 'weekly_slot').notNullable();
    reference(table, 'assignment_id', 'faculty_assignment').notNullable();
    // The position among what the class needs, and which of its meetings.
    table.tinyint('part').unsigned().notNullable();
    table.tinyint('occurrence').unsigned().notNullable();
    // ISO's weekday: 1 is Monday.
    table.tinyint('day').unsigned().notNullable();
    key(table, 'start_time', 5).notNullable();
    key(table, 'end_time', 5).notNullable();
    table.enum('week', WEEKS).notNullable();
    table.boolean('locked').notNullable().defaultTo(false);
    table.unique(['timetable_id', 'assignment_id', 'part', 'occurrence'], { indexName: 'timetable_entries_once' });
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(
    knex, 'timetable_entries', 'timetables', 'generation_searches', 'generation_inputs', 'generation_jobs', 'room_closures', 'faculty_times', 'subject_parts',
  );
}
