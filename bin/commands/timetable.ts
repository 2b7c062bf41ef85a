// beadle timetable: a term's timetable is made while one watches, looked at, published and taken back.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { Config } from '../../config.ts';
import { translator } from '../../locales/index.ts';
import { blockedTexts, reasonTexts } from '../../locales/timetable.ts';
import type { Person, ServiceContext } from '../../services/context.ts';
import { generateTimetable, generationProgress, type GenerationResult, generationResult } from '../../services/timetables/generating.ts';
import { publishTimetable, unpublishTimetable } from '../../services/timetables/publishing.ts';
import { actAs } from './acting.ts';
import { inColumns } from './columns.ts';

const LOOK_EVERY_MS = 500;
const AS = ['--as <user>', 'the e-mail address of an admin or a registrar'] as const;

interface GenerateOptions {
  as: string;
  organisation: string;
  year: string;
  semester: number;
  seconds?: number;
  seed?: number;
}

export function addTimetable(program: Command, config: Config): void {
  const timetable = program.command('timetable').description("make a term's timetable, and publish it");

  timetable.command('generate').description('make drafts of a timetable, and print them when they are there; a worker has to run')
    .requiredOption(...AS)
    .requiredOption('--organisation <code>', "the institution's code", 'DEMO')
    .requiredOption('--year <year>', 'the academic year, such as 2026-27')
    .requiredOption('--semester <n>', 'the semester', whole)
    .option('--seconds <n>', 'how long each variant is searched for', whole)
    .option('--seed <n>', 'where the random numbers begin', whole)
    .action(({ as, organisation, year, semester, seconds, seed }: GenerateOptions) => actAs(config, as, async (context, person) => {
      const { jobId } = await generateTimetable(context, person, { organisation, academicYear: year, semester, seconds, seed });
      await watch(context, person, jobId);
      return resultText(await generationResult(context, person, jobId), person);
    }));

  timetable.command('show <job>').description('print the drafts of a job, or why there are none')
    .requiredOption(...AS)
    .action((job: string, { as }: { as: string }) => actAs(config, as, async (context, person) => resultText(await generationResult(context, person, job), person)));

  timetable.command('publish <timetable>').description("make a draft the term's timetable; a worker has to run")
    .requiredOption(...AS)
    .action((id: string, { as }: { as: string }) => actAs(config, as, async (context, person) => `${id}: ${(await publishTimetable(context, person, whole(id))).status}`));

  timetable.command('unpublish <timetable>').description('take a publication back: what was in force before it is again')
    .requiredOption(...AS)
    .action((id: string, { as }: { as: string }) => actAs(config, as, async (context, person) => `${id}: ${(await unpublishTimetable(context, person, whole(id))).status}`));
}

/** Says on standard error how far a job is, until it has ended. */
async function watch(context: ServiceContext, person: Person, jobId: string): Promise<void> {
  let said = '';
  for (;;) {
    const { status, stage, progress, best } = await generationProgress(context, person, jobId);
    const line = [jobId, status, stage ?? '', `${progress} %`, best ? `breaks ${best.hard}, costs ${best.soft}` : ''].filter((word) => word !== '').join('  ');
    if (line !== said) process.stderr.write(`${line}\n`);
    said = line;
    if (status !== 'queued' && status !== 'running') return;
    await sleep(LOOK_EVERY_MS);
  }
}

function resultText({ status, reasons, university, timetables }: GenerationResult, { locale }: Person): string {
  const t = translator(locale);
  const drafts = timetables.map(({ timetableId, variantName, qualityScore, unplaced, status: state }) => [timetableId, variantName, qualityScore.toFixed(2), unplaced.count, state]);
  return [
    status,
    ...reasonTexts(t, university, reasons),
    ...(drafts.length > 0 ? [inColumns([['id', 'variant', 'quality', 'without-place', 'status'], ...drafts])] : []),
    ...timetables.flatMap(({ variantName, unplaced }) => (university ? unplaced.meetings.map((meeting) => `${variantName}: ${blockedTexts(t, university, meeting).join(' ')}`) : [])),
  ].join('\n');
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('it must be a whole number.');
  return Number(text);
}
