// Who attended: marks, how they came about and changed, the sessions in which they were taken, and what they add up to.
import type { Knex } from 'knex';
import { createTable, dropTables, id, instant, json, key, reference } from './helpers.ts';

const STATUSES = ['present', 'late', 'absent', 'excused', 'on_duty'] as const;

export async function up(knex: Knex): Promise<void> {
  // The taking of attendance in a session: from its opening on there is a row.
  await createTable(knex, 'attendance_sessions', (table) => {
    reference(table, 'session_id', 'schedule').primary();
    table.enum('status', ['open', 'completed']).notNullable();
    // rotating: codes follow from a secret and the time (TOTP); single: one code until it is replaced.
    table.enum('mode', ['rotating', 'single']).notNullable();
    // The secret is derived from it; nothing here lets anyone make a code.
    table.specificType('nonce', 'binary(16)').notNullable();
    table.smallint('step_seconds').unsigned().notNullable();
    // In single mode, while it is open: no two open sessions have the same code.
    key(table, 'code', 6).nullable().unique();
    instant(table, 'code_since').nullable();
    instant(table, 'opened_at').notNullable();
    reference(table, 'opened_by', 'users').notNullable();
    // From when on a mark is late; null: never. Until when codes count. When it completes itself.
    instant(table, 'late_from').nullable();
    instant(table, 'closes_at').notNullable();
    instant(table, 'completes_at').notNullable();
    instant(table, 'completed_at').nullable();
    // Null: it completed itself.
    reference(table, 'completed_by', 'users').nullable();
    // How many students have which mark, from completion on.
    for (const status of STATUSES) table.smallint(status).unsigned().notNullable().defaultTo(0);
    instant(table, 'updated_at').notNullable();
    table.index(['status'], 'attendance_sessions_open');
    table.index(['opened_at'], 'attendance_sessions_when');
  });
  // A mark. Once its session is completed, everybody on the roster of then has one.
  await createTable(knex, 'attendance', (table) => {
    reference(table, 'session_id', 'schedule').notNullable();
    reference(table, 'student_id', 'students').notNullable();
    table.enum('status', STATUSES).notNullable();
    // Written by the interview's process until the class is over; it takes back only what it wrote (version).
    table.boolean('provisional').notNullable().defaultTo(false);
    table.bigInteger('interview_id').unsigned().nullable();
    table.integer('version').unsigned().notNullable().defaultTo(1);
    // How the mark as it stands came about; missing: the session was completed without one.
    table.enum('method', ['code', 'manual', 'missing', 'interview', 'leave', 'appeal']).notNullable();
    // Who wrote it; null: a process.
    table.bigInteger('marked_by').unsigned().nullable();
    // Of a mark by code: by which door, from where, on which device (a hash), and how many seconds after the code was first shown.
    table.enum('door', ['rest', 'web', 'telegram', 'slack', 'discord']).nullable();
    table.specificType('address', 'varbinary(16)').nullable();
    table.specificType('device', 'binary(16)').nullable();
    table.smallint('code_age').unsigned().nullable();
    instant(table, 'received_at').notNullable();
    instant(table, 'updated_at').notNullable();
    table.primary(['session_id', 'student_id']);
    table.index(['student_id', 'session_id'], 'attendance_of_student');
    table.index(['interview_id'], 'attendance_of_interview');
  });
  // What a mark was before each change of it. Never changed, never deleted.
  await createTable(knex, 'attendance_changes', (table) => {
    id(table);
    table.bigInteger('session_id').unsigned().notNullable();
    table.bigInteger('student_id').unsigned().notNullable();
    // Null: there was none; it was taken back.
    table.enum('from_status', STATUSES).nullable();
    table.enum('to_status', STATUSES).nullable();
    table.enum('method', ['code', 'manual', 'missing', 'interview', 'leave', 'appeal']).notNullable();
    table.bigInteger('user_id').unsigned().nullable();
    table.string('reason', 500).nullable();
    instant(table, 'at').notNullable();
    table.index(['session_id', 'student_id'], 'attendance_changes_of_mark');
  });
  // A student's marks in the completed sessions of a class (an assignment), counted; a later change of a mark changes them too.
  await createTable(knex, 'attendance_totals', (table) => {
    reference(table, 'assignment_id', 'faculty_assignment').notNullable();
    reference(table, 'student_id', 'students').notNullable();
    for (const status of STATUSES) table.smallint(status).unsigned().notNullable().defaultTo(0);
    table.primary(['assignment_id', 'student_id']);
    table.index(['student_id'], 'attendance_totals_of_student');
  });
  // A class's completed sessions and all their marks, counted; its last session is the one that begins then.
  await createTable(knex, 'attendance_class_totals', (table) => {
    reference(table, 'assignment_id', 'faculty_assignment').primary();
    table.smallint('sessions').unsigned().notNullable().defaultTo(0);
    instant(table, 'last_starts_at').notNullable();
    for (const status of STATUSES) table.integer(status).unsigned().notNullable().defaultTo(0);
  });
  // Wrong codes of a student in a session; five, and none counts for a minute.
  await createTable(knex, 'code_attempts', (table) => {
    reference(table, 'session_id', 'schedule').notNullable();
    reference(table, 'student_id', 'students').notNullable();
    table.tinyint('failures').unsigned().notNullable().defaultTo(0);
    instant(table, 'blocked_until').nullable();
    table.primary(['session_id', 'student_id']);
  });
  // What looks odd about a mark, for faculty to judge. It changes nothing by itself.
  await createTable(knex, 'attendance_flags', (table) => {
    id(table);
    reference(table, 'session_id', 'schedule').notNullable();
    reference(table, 'student_id', 'students').notNullable();
    table.enum('kind', ['shared-device', 'far-rooms', 'stale-code', 'off-campus', 'check-missed']).notNullable();
    json(table, 'evidence').notNullable();
    table.enum('verdict', ['open', 'dismissed', 'upheld']).notNullable().defaultTo('open');
    table.bigInteger('judged_by').unsigned().nullable();
    instant(table, 'created_at').notNullable();
    table.unique(['session_id', 'student_id', 'kind'], { indexName: 'attendance_flags_once' });
  });
  // A second look in the middle of a class at who is still there: at a moment that nobody knows beforehand.
  await createTable(knex, 'attendance_checks', (table) => {
    reference(table, 'session_id', 'schedule').primary();
    instant(table, 'due_at').notNullable();
    // Null: students haven't been asked yet. They have until then.
    instant(table, 'asked_at').nullable();
    instant(table, 'until').nullable();
    instant(table, 'closed_at').nullable();
  });
  await createTable(knex, 'attendance_check_answers', (table) => {
    reference(table, 'session_id', 'schedule').notNullable();
    reference(table, 'student_id', 'students').notNullable();
    instant(table, 'at').notNullable();
    table.primary(['session_id', 'student_id']);
  });
  // A student asks for another mark after the cut-off; whoever decides over the class decides.
  await createTable(knex, 'attendance_appeals', (table) => {
    id(table);
    reference(table, 'session_id', 'schedule').notNullable();
    reference(table, 'student_id', 'students').notNullable();
    table.enum('wanted', ['present', 'late', 'excused', 'on_duty']).notNullable();
    table.string('reason', 500).notNullable();
    table.enum('status', ['open', 'granted', 'rejected']).notNullable().defaultTo('open');
    reference(table, 'decided_by', 'users').nullable();
    table.string('answer', 500).nullable();
    instant(table, 'created_at').notNullable();
    instant(table, 'decided_at').nullable();
    table.index(['session_id', 'status'], 'attendance_appeals_of_session');
    table.index(['student_id', 'session_id'], 'attendance_appeals_of_student');
  });
}

export async function down(knex: Knex): Promise<void> {
  await dropTables(
    knex, 'attendance_appeals', 'attendance_check_answers', 'attendance_checks', 'attendance_flags', 'code_attempts', 'attendance_class_totals', 'attendance_totals', 'attendance_changes', 'attendance', 'attendance_sessions',
  );
}
