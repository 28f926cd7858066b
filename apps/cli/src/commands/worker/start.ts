import { abortOnTermination, routeConsole } from '@sendit/daemon';
import { runWorker } from '@sendit/runtime';
import { openConsoleLogger, toServiceManager } from '@sendit/runtime/daemon';
import { BaseCommand } from '../../base-command.ts';
import { loadCliSettings } from '@sendit/runtime/settings';
import { workerFlags } from '../../start-flags.ts';

export default class WorkerStart extends BaseCommand {
  static override summary = 'Import queued batches, as a process of its own, until SIGTERM or Ctrl-C.';
  static override description =
    'Needs PostgreSQL (DATABASE_URL); with REDIS_URL any number of workers share the queue. Running imports end before it exits. ' +
    'On the embedded database the watcher process has the worker in it.';
  static override examples = [
    'DATABASE_URL=postgres://… REDIS_URL=redis://… <%= config.bin %> <%= command.id %> --concurrency 4',
  ];
  static override flags = workerFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(WorkerStart);
    const { settings, warnings } = await loadCliSettings(flags, 'working');
    const logger = openConsoleLogger(settings);
    using _console = routeConsole(logger);
    for (const warning of warnings) logger.warning(warning);
    using termination = abortOnTermination();
    const { signal } = termination;
    const service = toServiceManager(logger, signal);
    await runWorker(settings, { logger, signal, onReady: () => void service.ready() });
  }
}
