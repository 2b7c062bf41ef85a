// `beadle solve`: a timetable for an instance of ITC-2007 track 3. This is what the solver is measured with.
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { CttError, problemOfCtt, readCtt, writeSolution } from '../../domain/timetabling/ctt.ts';
import { evaluate } from '../../domain/timetabling/evaluate.ts';
import { type Budget, moment, solve } from '../../services/solving.ts';

/** What remains to be done when the search is over: collecting, checking, writing, ending. */
const CLOSING_MS = 100;
const MOST_THREADS = 64;

interface Options {
  seconds?: number;
  iterations?: number;
  threads: number;
  seed: number;
  out?: string;
}

/**
 * `beadle solve FILE.ctt --seconds N`: the last line of standard output is the cost as JSON. Exit code 1 when hard rules are broken, 2 when
 * the file is not what it should be. The time counts from the start of the process.
 */
export function solveCommand(): Command {
  return new Command('solve')
    .description('make a timetable for a competition instance (.ctt); the last line printed is its cost as JSON')
    .argument('<file>', 'an instance of ITC-2007 track 3')
    .option('--seconds <n>', 'how long to search, the start of the command included', seconds)
    .option('--iterations <n>', 'how many steps to search in each thread, instead of a time: then one thread finds the same for the same seed', between(1, 1e12))
    .option('--threads <n>', 'how many searches run side by side', between(1, MOST_THREADS), 1)
    .option('--seed <n>', 'where the random numbers begin', between(0, 2 ** 31 - 1), 1)
    .option('--out <file>', 'where to write the solution: "course room day period" a line')
    .action(async (file: string, options: Options, command: Command) => {
      if (options.seconds === undefined && options.iterations === undefined) command.error('say how long to search: --seconds or --iterations', { exitCode: 2 });
      await run(file, options, command);
    });
}

async function run(file: string, { seconds: time, iterations: steps, threads, seed, out }: Options, command: Command): Promise<void> {
  const text = await readFile(file, 'latin1').catch((error: Error) => command.error(error.message, { exitCode: 2 }));
  let instance;
  try {
    instance = readCtt(text);
  } catch (error) {
    if (!(error instanceof CttError)) throw error;
    return command.error(`${file}: ${error.message}`, { exitCode: 2 });
  }
  const problem = problemOfCtt(instance);
  const budget: Budget = { beginAt: moment(), ...(steps !== undefined && { iterations: steps }), ...(time !== undefined && { until: performance.timeOrigin + time * 1000 - CLOSING_MS }) };
  const { iterations, ...found } = await solve(problem, { budget, threads, seed });
  const { parts, hard, soft } = evaluate(problem, found);
  if (out !== undefined) await writeFile(out, writeSolution(instance, problem, found), 'latin1');
  const lines = [
    ['room capacity', parts.capacity], ['minimum working days', parts.minimumWorkingDays], ['compactness', parts.compactness],
    ['room stability', parts.roomStability], ['cost', soft], ['hard violations', hard],
  ] as const;
  const result = {
    instance: basename(file), cost: soft, hard, roomCapacity: parts.capacity, minWorkingDays: parts.minimumWorkingDays, compactness: parts.compactness,
    roomStability: parts.roomStability, seconds: Number((performance.now() / 1000).toFixed(3)), iterations, seed,
  };
  process.stdout.write(`${lines.map(([name, value]) => `${name.padEnd(22)}${String(value).padStart(8)}`).join('\n')}\n${JSON.stringify(result)}\n`);
  if (hard > 0) process.exitCode = 1;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(text) || value <= 0) throw new InvalidArgumentError('it must be a number of seconds above 0.');
  return value;
}

const between = (least: number, most: number) => (text: string): number => {
  const value = Number(text);
  if (!/^\d{1,13}$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`it must be a whole number from ${least} to ${most}.`);
  return value;
};
