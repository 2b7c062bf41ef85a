// `beadle worker`, `beadle api`, `beadle bots`: the parts of an installation that runs in several processes.
import { type Command, Option } from 'commander';
import { createTelegramBot } from '../../bots/telegram/bot.ts';
import type { Config } from '../../config.ts';
import { type TaskQueue, taskQueues } from '../../domain/processes/index.ts';
import { connectProcesses, createLog, openContext, runApi, runWorkers } from '../assemble.ts';
import { placesOf } from '../places.ts';
import { runUntilStopped } from '../run.ts';

export function addDoors(program: Command, config: Config): void {
  program.command('worker')
    .description('work off the task queues (all, or those named)')
    .addOption(new Option('--queue <queue...>', 'task queues').choices(taskQueues).default(taskQueues))
    .action(async ({ queue }: { queue: TaskQueue[] }) => {
      const { places, context, processes, log } = await connect(config);
      const workers = await runWorkers(config, places, context, processes, log, queue);
      log.info({ queues: queue }, 'workers run');
      await runUntilStopped([{ stop: () => context.db.close() }, processes, workers]);
    });

  program.command('api')
    .description('serve REST and the calendar feeds')
    .action(async () => {
      const { places, context, processes, log } = await connect(config);
      const api = await runApi(config, places, context, processes, log);
      log.info({ url: api.url }, 'the API listens');
      await runUntilStopped([{ stop: () => context.db.close() }, processes, api]);
    });

  program.command('bots')
    .description('run the bots whose tokens are set')
    .action(async () => {
      if (!config.telegram) throw new Error('no bot to run: set TELEGRAM_BOT_TOKEN');
      const { context, processes, log } = await connect(config);
      const bot = createTelegramBot({ ...config.telegram, context, log });
      await bot.start();
      await runUntilStopped([{ stop: () => context.db.close() }, processes, bot]);
    });
}

async function connect(config: Config) {
  const places = placesOf(config);
  const log = createLog(config);
  const context = openContext(config, places, log);
  const processes = await connectProcesses(context, places, log);
  return { places, log, context, processes };
}
