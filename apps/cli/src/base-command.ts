import { Command, Flags } from '@oclif/core';
import { MESSAGE_LEVELS } from '@sendit/model';
import { exitCodeOf, toErrorJson } from './errors.ts';

/** Base of the commands: finds the installation, and prints errors as JSON with `--json`. */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    config: Flags.string({
      char: 'c',
      summary: 'Configuration file (default: sendit.config.* in this folder).',
      helpGroup: 'GLOBAL',
    }),
    'state-dir': Flags.string({
      summary: 'Folder of pid file, logs, socket and embedded database.',
      helpGroup: 'GLOBAL',
    }),
    'database-url': Flags.string({ summary: 'postgres://… instead of the embedded database.', helpGroup: 'GLOBAL' }),
    'redis-url': Flags.string({ summary: 'redis://… for the queue; needs PostgreSQL.', helpGroup: 'GLOBAL' }),
    'message-level': Flags.string({
      summary: `How much is said: ${Object.keys(MESSAGE_LEVELS).join(', ')}.`,
      helpGroup: 'GLOBAL',
    }),
  };

  /** On stderr, so that what a script reads stays whole. */
  protected warnOf(message: string): void {
    process.stderr.write(`WARNING ${message}\n`);
  }

  protected override toErrorJson(error: unknown): unknown {
    return toErrorJson(error);
  }

  protected override async catch(error: Error & { exitCode?: number }): Promise<unknown> {
    if (!this.jsonEnabled()) throw error;
    this.logJson(this.toErrorJson(error));
    process.exitCode = exitCodeOf(error);
    return undefined;
  }
}
