// What every migration shares: tables that may already be there (MySQL commits DDL implicitly, so a migration that
// stopped half-way runs again), and the column types that the rules of the schema ask for.
import type { Knex } from 'knex';

type Build = (table: Knex.CreateTableBuilder) => void;

/** Creates a table with the campus's character set and collation unless it is there already. */
export async function createTable(knex: Knex, name: string, build: Build): Promise<void> {
  if (await knex.schema.hasTable(name)) return;
  await knex.schema.createTable(name, (table) => {
    table.engine('InnoDB');
    table.charset('utf8mb4');
    table.collate('utf8mb4_unicode_520_ci');
    build(table);
  });
}

/** Drops tables, the last created first. */
export async function dropTables(knex: Knex, ...names: string[]): Promise<void> {
  for (const name of names) await knex.schema.dropTableIfExists(name);
}

/** The surrogate key of a table. */
export function id(table: Knex.CreateTableBuilder): void {
  table.bigIncrements('id');
}

/** A column that refers to `parent`.id; the index MySQL needs comes with it. */
export function reference(table: Knex.CreateTableBuilder, column: string, parent: string) {
  const builder = table.bigInteger(column).unsigned();
  table.foreign(column).references('id').inTable(parent).onDelete('RESTRICT');
  return builder;
}

/** An instant in UTC with milliseconds. */
export function instant(table: Knex.CreateTableBuilder, column: string) {
  return table.datetime(column, { precision: 3 });
}

/** A key, token or Message-ID: compared byte by byte, returned as a string. */
export function key(table: Knex.CreateTableBuilder, column: string, length = 191) {
  return table.specificType(column, `varchar(${length}) character set ascii collate ascii_bin`);
}

/** JSON as text: MariaDB has no JSON type of its own, and the driver would parse one server's and not the other's. */
export function json(table: Knex.CreateTableBuilder, column: string) {
  return table.specificType(column, 'mediumtext');
}
