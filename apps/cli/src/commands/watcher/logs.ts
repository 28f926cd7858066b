import { Flags } from '@oclif/core';
import { abortOnTermination, followFile, toLocalIso } from '@sendit/daemon';
import { SenditError, systemClock } from '@sendit/model';
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
    times: Flags.boolean({ summary: 'With -f: before each line that comes, when it came.' }),
    lines: Flags.integer({ char: 'n', summary: 'How many of the last lines.', default: 50, min: 0 }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(WatcherLogs);
    if (flags.times && !flags.follow) throw timesAreNotKept();
    const { paths, problem } = await findAsked(flags);
    if (problem !== undefined) this.warnOf(problem.message);
    using termination = abortOnTermination();
    const { lines, follow } = flags;
    const { signal } = termination;
    let isLive = false;
    const clock = {
      ...systemClock,
      // Asked for once all that was there is read.
      sleep: (ms: number, aborted?: AbortSignal) => {
        isLive = true;
        return systemClock.sleep(ms, aborted);
      },
    };
    for await (const line of followFile(flags.err ? paths.errFile : paths.outFile, { lines, follow, signal, clock })) {
      this.log(flags.times && isLive && !flags.err ? `${toLocalIso(new Date())} ${line}` : line);
    }
  }
}

function timesAreNotKept(): SenditError {
  return new SenditError(
    'Expected --times together with -f: watcher.out has the lines of the original, without times.',
    {
      code: 'bad-arguments',
      hint: 'Lines of watcher.err (--err) have theirs; with `logFormat: json` all have.',
    },
  );
}
