// Many rows by one statement: what the query builder would take longer to write than the server to carry out.
import type { Knex } from 'knex';
import type { Trx } from '../connection.ts';

type Value = string | number | boolean | Date | Buffer | null;

/** Some 300 kB a statement: well below any server's max_allowed_packet. */
const ROWS_PER_STATEMENT = 4000;

/**
 * Inserts rows given as lists of values in the columns' order. Names are the code's own.
 * @returns their generated ids, where the table has any: those of one statement follow each other
 */
export async function insertRows<Row extends readonly Value[]>(trx: Trx, table: string, columns: readonly string[], rows: readonly Row[]): Promise<number[]> {
  const ids: number[] = [];
  for (let first = 0; first < rows.length; first += ROWS_PER_STATEMENT) {
    const part = rows.slice(first, first + ROWS_PER_STATEMENT);
    const [{ insertId }] = await trx.raw(`insert into ${table} (${columns.join(', ')}) values ?`, [part as unknown as Knex.Value]);
    ids.push(...part.map((_, index) => insertId + index));
  }
  return ids;
}

/** What isn't there is read as NULL; JSON's null MySQL 8.0 takes for the text "null". */
const withoutNulls = (_: string, value: unknown) => value ?? undefined;

/** Sets columns of rows by their ids. `types` are the columns' SQL types, for the server to read the values by. */
export async function updateRows(
  trx: Trx, table: string, types: Readonly<Record<string, string>>, rows: readonly { id: number; [column: string]: string | number | null }[],
): Promise<void> {
  const columns = Object.keys(types);
  const read = columns.map((column) => `${column} ${types[column]} path '$.${column}'`).join(', ');
  const set = columns.map((column) => `t.${column} = n.${column}`).join(', ');
  for (let first = 0; first < rows.length; first += ROWS_PER_STATEMENT) {
    await trx.raw(
      `update ${table} t join json_table(?, '$[*]' columns (id bigint unsigned path '$.id', ${read})) n on n.id = t.id set ${set}`,
      [JSON.stringify(rows.slice(first, first + ROWS_PER_STATEMENT), withoutNulls)],
    );
  }
}
