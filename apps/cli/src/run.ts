import { flush, run } from '@oclif/core';
import { SenditError } from '@sendit/model';
import { exitCodeOf, renderError } from './errors.ts';
import { toShownArguments } from './hide-arguments.ts';

/**
 * Runs one command line. Errors go to stderr as `Error: …` with the next step, unwrapped so that a path stays whole; the exit
 * code says what kind of failure it was (docs/cli.md).
 */
export async function runCli(argv: readonly string[], entry: string): Promise<void> {
  process.stdout.on('error', endOnClosedPipe);
  process.stderr.on('error', endOnClosedPipe);
  const shown = toShownArguments(argv);
  if (shown !== undefined) process.title = shown;
  try {
    await run(toCommand(argv), entry);
    await flush();
  } catch (error) {
    const text = renderError(await withAdvice(error, argv, entry).catch(() => error));
    if (text !== '') process.stderr.write(`${text}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

/** `sendit help batch list` for those who are used to it. */
function toCommand(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  return first === 'help' ? [...rest, '--help'] : [...argv];
}

/** The same failure, in our own words where oclif knows no such command or flag. */
async function withAdvice(error: unknown, argv: readonly string[], entry: string): Promise<unknown> {
  if (!(error instanceof Error) || error instanceof SenditError) return error;
  const { readCommands, toAdvice } = await import('./did-you-mean.ts');
  const advice = toAdvice(error.message, argv, await readCommands(entry));
  return advice === undefined ? error : Object.assign(error, { message: advice });
}

/** `sendit batch list | head` closes the pipe early; that is no failure. */
function endOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
}
