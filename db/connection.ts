// The connection to MySQL, with the same session settings on every server (rule 11 of docs/architecture.md).
import knexModule, { type Knex } from 'knex';
import type { PoolConnection, TypeCastField } from 'mysql2';
import { intentsWrittenIn } from './repositories/intents.ts';
import { isDuplicate, runTransaction, type Trx } from './transaction.ts';

export { isDuplicate, type Trx };

export interface Database {
  /** For single statements that need no transaction. */
  readonly knex: Knex;
  /** Runs `work` in one READ COMMITTED transaction, again when MySQL chose it as a deadlock's victim. See transaction.ts. */
  transaction<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
  /** Called after each commit that wrote intents, with their ids. */
  onIntents(listener: (ids: number[]) => void): void;
  close(): Promise<void>;
}

/** MySQL 8.4's default, so that MariaDB refuses what MySQL refuses. */
const SQL_MODE =
  'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

const SESSION_SETTINGS = [
  'SET NAMES utf8mb4 COLLATE utf8mb4_unicode_520_ci',
  `SET SESSION sql_mode = '${SQL_MODE}', time_zone = '+00:00'`,
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];

/**
 * Opens a pool on `url` (mysql://user:password@host:port/database).
 * Instants come back as Date in UTC, DATE columns as 'YYYY-MM-DD'. `warn` hears what the pool has to say of lost connections.
 */
export function openDatabase(
  url: string, { poolSize = 10, warn = () => {} }: { poolSize?: number; warn?: (message: string) => void } = {},
): Database {
  const { hostname, port, username, password, pathname } = new URL(url);
  const listeners: ((ids: number[]) => void)[] = [];
  const report = (message: unknown) => warn(message instanceof Error ? message.message : String(message));
  const knex = knexModule({
    client: 'mysql2',
    log: { warn: report, error: report, deprecate: report, debug: () => {} },
    connection: {
      host: hostname,
      port: Number(port || 3306),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)),
      charset: 'utf8mb4',
      timezone: 'Z',
      typeCast: (field: TypeCastField, next: () => unknown) => (field.type === 'DATE' ? field.string() : next()),
      supportBigNumbers: true,
    },
    pool: {
      min: 0,
      max: poolSize,
      afterCreate: (connection: PoolConnection, done: (error: Error | null, connection: PoolConnection) => void) => {
        const next = (index: number): void => {
          const statement = SESSION_SETTINGS[index];
          if (statement === undefined) return done(null, connection);
          connection.query(statement, (error) => (error ? done(error, connection) : next(index + 1)));
        };
        next(0);
      },
    },
  });
  return {
    knex,
    async transaction(work) {
      const { result, intents } = await runTransaction(knex, async (trx) => ({
        result: await work(trx),
        intents: intentsWrittenIn(trx),
      }));
      if (intents.length > 0) for (const listener of listeners) listener(intents);
      return result;
    },
    onIntents(listener) {
      listeners.push(listener);
    },
    close: () => knex.destroy(),
  };
}
