import { parseArgs } from 'node:util';
import { loadSettings, toConfigurationError } from '@sendit/config';
import { abortOnTermination, createLogger } from '@sendit/daemon';
import { type ErrorCode, SenditError, toMessage } from '@sendit/model';
import { BUILT_IN_PROCESSORS } from '@sendit/processors';
import { runWorkerProcess } from './worker-process.ts';

const HELP = `Usage: sendit-worker [--config FILE] [--state-dir DIR] [--concurrency N]

Imports queued batches until SIGTERM or Ctrl-C; running imports end first. Needs DATABASE_URL, and REDIS_URL for a Redis queue.
The same as \`sendit worker start\`.
`;

/** What must be written differently before trying again: exit code 2, as the CLI's. */
const USER_CODES: ReadonlySet<ErrorCode> = new Set(['bad-arguments', 'bad-configuration', 'needs-server']);

try {
  await main();
} catch (error) {
  const more =
    error instanceof SenditError ? [...error.problems.map((problem) => `  ${problem}`), error.hint ?? ''] : [];
  process.stderr.write(`${[`Error: ${toMessage(error)}`, ...more].join('\n').trimEnd()}\n`);
  const isForTheUser = error instanceof SenditError && USER_CODES.has(error.code);
  process.exitCode = isForTheUser ? 2 : 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', short: 'c' },
      'state-dir': { type: 'string' },
      concurrency: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  const loaded = await loadSettings({
    cwd: process.cwd(),
    env: process.env,
    builtInProcessors: Object.keys(BUILT_IN_PROCESSORS),
    checkFolders: false,
    requireWatchPaths: false,
    ...(values.config === undefined ? {} : { configFile: values.config }),
    flags: {
      ...(values['state-dir'] === undefined ? {} : { stateDir: values['state-dir'] }),
      ...(values.concurrency === undefined ? {} : { workerConcurrency: Number(values.concurrency) }),
    },
  });
  if (loaded.kind === 'invalid') throw toConfigurationError(loaded);
  const { settings } = loaded;
  const logger = createLogger({
    level: settings.messageLevel,
    format: settings.logFormat,
    out: process.stdout,
    err: process.stderr,
    colour: process.stderr.isTTY && process.env['NO_COLOR'] === undefined,
  });
  using termination = abortOnTermination();
  await runWorkerProcess(settings, logger, termination.signal);
}
