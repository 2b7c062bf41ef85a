// The institution: its departments with their rules, its terms and holidays.
import type { Knex } from 'knex';
import { createTable, dropTables, id, key, reference } from './helpers.ts';

export async function up(knex: Knex): Promise<void> {
  await createTable(knex, 'organisations', (table) => {
    id(table);
    key(table, 'code', 40).notNullable().unique();
    table.string('name', 200).notNullable();
    key(table, 'time_zone', 64).notNullable();
    key(table, 'locale', 16).notNullable();
    key(table, 'mail_domain', 191).notNullable();
  });
  await createTable(knex, 'departments', (table) => {
    id(table);
    reference(table, 'organisation_id', 'organisations').notNullable();
    table.string('code', 20).notNullable();
    table.string('name', 200).notNullable();
    table.tinyint('move_threshold_percent').unsigned().notNullable().defaultTo(30);
    table.smallint('horizon_days').unsigned().notNullable().defaultTo(14);
    // So many students who miss the same class and find no seat elsewhere get a makeup class.
    table.smallint('makeup_min_students').unsigned().notNullable().defaultTo(3);
    // Hours after an offer: when the faculty member is reminded, when the head of department is asked too, when the policy decides.
    table.tinyint('reminder_hours').unsigned().notNullable().defaultTo(3);
    table.tinyint('escalation_hours').unsigned().notNullable().defaultTo(6);
    table.tinyint('decision_hours').unsigned().notNullable().defaultTo(12);
    table.enum('decision_policy', ['automatic', 'expire']).notNullable().defaultTo('expire');
    // Below so many per cent in a subject a student is warned; and who else is told.
    table.tinyint('warn_threshold_percent').unsigned().notNullable().defaultTo(75);
    table.boolean('warn_cr').notNullable().defaultTo(false);
    table.boolean('warn_faculty').notNullable().defaultTo(false);
    table.boolean('warn_guardians').notNullable().defaultTo(false);
    table.unique(['organisation_id', 'code']);
  });
  await createTable(knex, 'terms', (table) => {
    id(table);
    reference(table, 'organisation_id', 'organisations').notNullable();
    table.string('academic_year', 20).notNullable();
    table.tinyint('semester').unsigned().notNullable();
    table.date('starts_on').notNullable();
    table.date('ends_on').notNullable();
    // The published timetable; 0: weekly classes are entered by hand.
    table.bigInteger('timetable_id').unsigned().notNullable().defaultTo(0);
    table.unique(['organisation_id', 'academic_year', 'semester']);
  });
  await createTable(knex, 'holidays', (table) => {
    id(table);
    reference(table, 'organisation_id', 'organisations').notNullable();
    table.date('date').notNullable();
    table.string('name', 100).notNullable();
    table.unique(['organisation_id', 'date']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(knex, 'holidays', 'terms', 'departments', 'organisations');
}
