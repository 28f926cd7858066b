import { Flags } from '@oclif/core';
import { abortOnTermination, followFile } from '@sendit/daemon';
import { BaseCommand } from '../../base-command.ts';
import { findAsked } from '@sendit/runtime/installation';

export default class WatcherLogs extends BaseCommand {
  static override summary = 'Show watcher.out, or watcher.err with --err.';
  static override description = 'The logs stay after the watcher has stopped.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> -f',
    '<%= config.bin %> <%= command.id %> --err -n 100',
  ];
  static override flags = {
    follow: Flags.boolean({ char: 'f', summary: 'Go on with what is written, through rotation, until Ctrl-C.' }),
    err: Flags.boolean({ summary: 'watcher.err instead of watcher.out.' }),
    times: Flags.boolean({ summary: 'Before each line of watcher.out, when it came.' }),
    lines: Flags.integer({ char: 'n', summary: 'How many of the last lines.', default: 50, min: 0 }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(WatcherLogs);
    const { paths, problem } = await findAsked(flags);
    if (problem !== undefined) this.warnOf(problem.message);
    using termination = abortOnTermination();
    const { lines, follow, times } = flags;
    const { signal } = termination;
    for await (const line of followFile(flags.err ? paths.errFile : paths.outFile, { lines, follow, times, signal })) {
      this.log(line);
    }
  }
}
