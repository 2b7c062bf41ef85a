// `beadle simulate`: a placement month on a demo campus in virtual time, and what came of it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Config } from '../../config.ts';
import { startMysql } from '../embedded/mysql.ts';
import { exitOnSignals } from '../embedded/server-process.ts';
import type { Figures } from '../simulation/figures.ts';
import { simulate } from '../simulation/simulate.ts';
import type { SimulationOptions } from '../simulation/state.ts';
import { monday, wholeNumber } from './records.ts';

interface Options extends SimulationOptions {
  json?: boolean;
  database?: string;
  state?: string;
}

export function simulateCommand(config: Config): Command {
  return new Command('simulate')
    .description('play a placement month on a demo campus in virtual time; exit code 1 when conflicts are left')
    .option('--students <n>', 'how many students', wholeNumber, 4000)
    .option('--drives <n>', 'how many companies come', wholeNumber, 40)
    .option('--seed <n>', 'the same seed gives the same figures', wholeNumber, 7)
    .option('--from <date>', 'the Monday on which it begins', monday, '2026-08-03')
    .option('--json', 'print the figures as one JSON object')
    .option('--database <url>', 'an empty database to use and keep; else a private one, deleted in the end')
    .option('--state <folder>', 'where it notes how far it has come: killed, the same call goes on from there')
    .action(({ json = false, database, state = join(config.stateDir, 'simulation'), students, drives, seed, from }: Options) =>
      run(config, { students, drives, seed, from }, { json, database, folder: state }));
}

async function run(
  config: Config, options: SimulationOptions, { json, database, folder }: { json: boolean; database: string | undefined; folder: string },
): Promise<void> {
  exitOnSignals();
  const mysqlDir = join(folder, 'mysql');
  const mysql = database === undefined ? await startMysql({ stateDir: mysqlDir }) : undefined;
  try {
    const say = (line: string) => void process.stderr.write(`${line}\n`);
    const figures = await simulate(config, options, { databaseUrl: database ?? mysql!.url, folder, say });
    process.stdout.write(json ? `${JSON.stringify(figures)}\n` : inWords(figures));
    if (figures.conflicts_left > 0) process.exitCode = 1;
  } finally {
    await mysql?.stop();
  }
  if (mysql) rmSync(folder, { recursive: true, force: true });
}

/** One figure a line, those of a group indented. */
function inWords(figures: Figures): string {
  const lines = (group: object, depth: number): string[] => Object.entries(group).flatMap(([name, value]) => {
    const label = `${'  '.repeat(depth)}${name.replaceAll('_', ' ')}`;
    return typeof value === 'object' ? [label, ...lines(value as object, depth + 1)] : [`${label.padEnd(28)}${String(value).padStart(10)}`];
  });
  return `${lines(figures, 0).join('\n')}\n`;
}
