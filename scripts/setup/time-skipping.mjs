// Temporal's time-skipping test server: Java classes from Maven, and a script that runs them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillAside } from './aside.mjs';
import { say } from './commands.mjs';
import { maven } from './maven.mjs';
import { TIME_SKIPPING_SERVER_VERSION, findProgram, isProgram, timeSkippingServerPlace } from './places.mjs';

const POM = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>beadle</groupId>
  <artifactId>time-skipping</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${TIME_SKIPPING_SERVER_VERSION}</version>
    </dependency>
    <!-- Without it the server complains about a missing logger at each start. -->
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

const SCRIPT = `#!/bin/sh
exec java -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`;

export const timeSkipping = {
  name: "Temporal's time-skipping test server",
  aims: ['test'],
  essential: false,
  advice: 'install Maven and Java 17 (sudo apt-get install maven), then npm test again',
  isThere: ({ env }) => isProgram(timeSkippingServerPlace(env).program),
  async bring({ env }) {
    if (!findProgram(['mvn'], { env })) return;
    say("Fetching Temporal's time-skipping test server …");
    const { folder } = timeSkippingServerPlace(env);
    await fillAside(folder, async (aside) => {
      writeFileSync(join(aside, 'pom.xml'), POM);
      await maven(['dependency:copy-dependencies', `-DoutputDirectory=${join(aside, 'lib')}`], { cwd: aside, env });
      writeFileSync(join(aside, 'temporal-test-server'), SCRIPT, { mode: 0o755 });
    });
  },
};
