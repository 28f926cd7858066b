import { flush, run } from '@oclif/core';
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
    await run([...argv], entry);
    await flush();
  } catch (error) {
    const text = renderError(error);
    if (text !== '') process.stderr.write(`${text}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

/** `sendit batch list | head` closes the pipe early; that is no failure. */
function endOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
}
