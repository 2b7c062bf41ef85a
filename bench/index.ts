// Benchmarks: `npm run --silent bench -- NAME` measures one against its own limit in the same run. What it says meanwhile
// goes to standard error; the last line of standard output is its result as JSON.
import { exitOnSignals } from '../bin/embedded/server-process.ts';
import { attendance } from './attendance.ts';
import { drive } from './drive.ts';
import { perturbation } from './perturbation.ts';
import { queries } from './queries.ts';
import type { Result } from './result.ts';
import { slots } from './slots.ts';
import { solveInstances } from './solve.ts';
import { sweep } from './sweep.ts';
import { universities } from './universities.ts';
import { upload } from './upload.ts';

const benchmarks: Record<string, { what: string; run: (args: string[]) => Promise<Result> }> = {
  sweep: { what: 'a sweep of 2,000 mailboxes against a bare imapflow loop over the same', run: sweep },
  drive: { what: 'a company\'s mail to 300 students until all classes hit are planned for, against empty workflows', run: drive },
  attendance: { what: 'students who mark themselves, all at once, against single-row inserts into the same MySQL', run: attendance },
  perturbation: { what: 'entries of timetables that move when a room closes or somebody is away, against the least that can', run: perturbation },
  queries: { what: 'questions about attendance over HTTP at 50 connections against the same SQL alone', run: queries },
  slots: { what: 'the search for a new time of a class of 60 against 20 ms', run: slots },
  solve: { what: 'timetables for a folder of .ctt files [--seconds N] [--threads N] [--seeds N], against telling the cost of moves alone', run: solveInstances },
  universities: { what: 'five variants of a timetable for 2,300 courses, and one in parts, against the whole', run: universities },
  upload: { what: 'a sheet of 4,000 students over HTTP against reading it and one INSERT, twice', run: upload },
};

const [name, ...args] = process.argv.slice(2);
if (name === undefined) {
  for (const [each, { what }] of Object.entries(benchmarks)) process.stdout.write(`${each.padEnd(12)} ${what}\n`);
} else if (!Object.hasOwn(benchmarks, name)) {
  process.stderr.write(`no benchmark is called ${name}; there are: ${Object.keys(benchmarks).join(', ')}\n`);
  process.exitCode = 1;
} else {
  exitOnSignals();
  process.stdout.write(`${JSON.stringify(await benchmarks[name]!.run(args))}\n`);
}
