// Finds the servers that Beadle starts privately: on PATH, in the usual folders, or in set-up's cache.
import {
  findProgram,
  isProgram,
  mysql8Place,
  serverFolders,
  temporalCliPlace,
  timeSkippingServerPlace,
} from '../../scripts/setup/places.mjs';

/** A MySQL-speaking server: its program, its kind (they differ in options and in how a data folder is made). */
export interface MysqlProgram {
  kind: 'mariadb' | 'mysql';
  server: string;
  /** mariadb-install-db; only for MariaDB. */
  install?: string;
  /** The folder with share/; only where it isn't the installed one. */
  baseFolder?: string;
}

/** MariaDB if it is there, else MySQL, else undefined. */
export function findMysql(): MysqlProgram | undefined {
  const also = serverFolders();
  const mariadb = findProgram(['mariadbd'], { also });
  const install = findProgram(['mariadb-install-db', 'mysql_install_db'], { also });
  if (mariadb && install) return { kind: 'mariadb', server: mariadb, install };
  const mysqld = findProgram(['mysqld'], { also });
  return mysqld ? { kind: 'mysql', server: mysqld } : undefined;
}

/** The MySQL 8.0 that set-up keeps for compatibility tests; undefined when set-up couldn't bring it. */
export function findMysql8(): MysqlProgram | undefined {
  const { folder, program } = mysql8Place();
  return isProgram(program) ? { kind: 'mysql', server: program, baseFolder: folder } : undefined;
}

/** Temporal's CLI: on PATH, else in set-up's cache. */
export function findTemporal(): string | undefined {
  const { program } = temporalCliPlace();
  return findProgram(['temporal']) ?? (isProgram(program) ? program : undefined);
}

/** The script that runs Temporal's time-skipping test server. */
export function findTimeSkippingServer(): string | undefined {
  const { program } = timeSkippingServerPlace();
  return isProgram(program) ? program : undefined;
}

/** Dovecot's master program. */
export function findDovecot(): string | undefined {
  return findProgram(['dovecot'], { also: serverFolders() });
}
