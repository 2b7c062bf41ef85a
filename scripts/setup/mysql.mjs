// MySQL: MariaDB by apt, a server that is there already, or the one of DATABASE_URL.
import { findProgram, serverFolders } from './places.mjs';

export const mysql = {
  name: 'a MySQL server',
  aims: ['start', 'test'],
  essential: true,
  apt: ['mariadb-server-core', 'mariadb-client-core'],
  advice: 'sudo apt-get install mariadb-server-core mariadb-client-core (or brew install mariadb), or set DATABASE_URL=mysql://user:password@host:3306/beadle in .env',
  isThere({ env }) {
    if (env.DATABASE_URL) return true;
    const also = serverFolders(env);
    const mariadb = findProgram(['mariadbd'], { env, also });
    if (mariadb && findProgram(['mariadb-install-db', 'mysql_install_db'], { env, also })) return true;
    return !mariadb && findProgram(['mysqld'], { env, also }) !== undefined;
  },
};
