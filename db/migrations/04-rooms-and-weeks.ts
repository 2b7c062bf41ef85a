// Rooms, the weekly slots into which classes may be moved and those of which timetables are made, and the timetable of an ordinary week.
import type { Knex } from 'knex';
import { createTable, dropTables, id, json, key, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'rooms', (table) => {
    id(table);
    reference(table, 'organisation_id', 'organisations').notNullable();
    table.string('name', 50).notNullable();
    table.string('building', 50).notNullable();
    table.smallint('capacity').unsigned().notNullable();
    table.enum('kind', ['theory', 'lab']).notNullable();
    json(table, 'equipment').notNullable();
    table.unique(['organisation_id', 'name']);
  });
  // Weekdays are ISO's: 1 is Monday. Times are the campus's wall clock, HH:mm. Makeups and moved classes begin anywhere within their windows;
  // a timetable's classes take whole periods.
  await createTable(knex, 'weekly_slot', (table) => {
    id(table);
    reference(table, 'organisation_id', 'organisations').notNullable();
    table.tinyint('weekday').unsigned().notNullable();
    key(table, 'start_time', 5).notNullable();
    key(table, 'end_time', 5).notNullable();
    table.enum('purpose', ['makeup', 'period']).notNullable().defaultTo('makeup');
    // Of a period that no longer is, timetables of the past have the row.
    table.boolean('active').notNullable().defaultTo(true);
    table.unique(['organisation_id', 'purpose', 'weekday', 'start_time', 'end_time'], { indexName: 'weekly_slot_once' });
  });
  await createTable(knex, 'default_schedule', (table) => {
    id(table);
    reference(table, 'assignment_id', 'faculty_assignment').notNullable();
    reference(table, 'room_id', 'rooms').notNullable();
    table.tinyint('weekday').unsigned().notNullable();
    key(table, 'start_time', 5).notNullable();
    key(table, 'end_time', 5).notNullable();
    // Weeks are counted from the term's first, which is odd.
    table.enum('week', ['every', 'odd', 'even']).notNullable().defaultTo('every');
    // The timetable that it was generated with; 0: entered by hand. In force while the term's is the same.
    table.bigInteger('timetable_id').unsigned().notNullable().defaultTo(0);
    // No sessions are made from one that isn't; those that were stand.
    table.boolean('active').notNullable().defaultTo(true);
    table.unique(['assignment_id', 'timetable_id', 'weekday', 'start_time', 'week'], { indexName: 'default_schedule_once' });
    table.index(['timetable_id'], 'default_schedule_of_timetable');
  });
  // What is in force: all that readers of the weekly classes look at.
  await knex.raw(`create or replace view weekly_classes as
    select w.* from default_schedule as w
    join faculty_assignment as a on a.id = w.assignment_id and a.active
    join terms as t on t.id = a.term_id and t.timetable_id = w.timetable_id
    where w.active`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop view if exists weekly_classes');
  await dropTables(knex, 'default_schedule', 'weekly_slot', 'rooms');
}
