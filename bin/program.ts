// All commands of the command line. Each is a file in bin/commands.
import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { addDepartments } from './commands/departments.ts';
import { addDoors } from './commands/doors.ts';
import { addRecords } from './commands/records.ts';
import { doctorCommand } from './commands/doctor.ts';
import { extractCommand } from './commands/extract.ts';
import { addSenders } from './commands/senders.ts';
import { simulateCommand } from './commands/simulate.ts';
import { solveCommand } from './commands/solve.ts';
import { startCommand } from './commands/start.ts';
import { addTimetable } from './commands/timetable.ts';

/** Every command, with the settings of the environment and of the folder's .env. @throws ConfigError */
export function beadleProgram(): Command {
  if (existsSync('.env')) loadEnvFile('.env');
  const config = readConfig();
  const program = new Command('beadle')
    .description('Sees that everyone on campus is where they have to be.')
    .showHelpAfterError()
    .addCommand(startCommand(config))
    .addCommand(doctorCommand(config))
    .addCommand(simulateCommand(config))
    .addCommand(solveCommand())
    .addCommand(extractCommand({ ...(config.openai && { openai: config.openai }), ...config.campus, authservId: config.mail.authservId }));
  addDoors(program, config);
  addRecords(program, config);
  addSenders(program, config);
  addDepartments(program, config);
  addTimetable(program, config);
  return program;
}
