// beadle: one command line. `beadle solve` counts its own start in the time that it is given, so nothing else is loaded for it.
import { argv } from 'node:process';
import { Command } from 'commander';
import { solveCommand } from './commands/solve.ts';

try {
  const program = argv[2] === 'solve'
    ? new Command('beadle').showHelpAfterError().addCommand(solveCommand())
    : (await import('./program.ts')).beadleProgram();
  await program.parseAsync();
} catch (error) {
  const known = error instanceof Error && (error.name === 'Error' || error.name === 'ConfigError');
  // What a command had opened when it failed must not keep it waiting.
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`, () => process.exit(1));
}
