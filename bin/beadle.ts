// beadle: one command line. Each command is a file in bin/commands.
import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { Command } from 'commander';
import { ConfigError, readConfig } from '../config.ts';
import { addDepartments } from './commands/departments.ts';
import { addDoors } from './commands/doors.ts';
import { addRecords } from './commands/records.ts';
import { doctorCommand } from './commands/doctor.ts';
import { extractCommand } from './commands/extract.ts';
import { addSenders } from './commands/senders.ts';
import { simulateCommand } from './commands/simulate.ts';
import { startCommand } from './commands/start.ts';

if (existsSync('.env')) loadEnvFile('.env');

try {
  const config = readConfig();
  const program = new Command('beadle')
    .description('Sees that everyone on campus is where they have to be.')
    .showHelpAfterError()
    .addCommand(startCommand(config))
    .addCommand(doctorCommand(config))
    .addCommand(simulateCommand(config))
    .addCommand(extractCommand({ ...(config.openai && { openai: config.openai }), ...config.campus, authservId: config.mail.authservId }));
  addDoors(program, config);
  addRecords(program, config);
  addSenders(program, config);
  addDepartments(program, config);
  await program.parseAsync();
} catch (error) {
  const known = error instanceof ConfigError || (error instanceof Error && error.name === 'Error');
  // What a command had opened when it failed must not keep it waiting.
  process.stderr.write(`${known ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`, () => process.exit(1));
}
