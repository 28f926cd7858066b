import { join } from 'node:path';
import { abortOnTermination } from '@sendit/daemon';
import { BaseCommand } from '../../base-command.ts';
import { renderStarted } from '../../render/render-started.ts';
import { refuseSecondStart, startWatcher, stopIfRunning } from '@sendit/runtime/daemon';
import { loadCliSettings } from '@sendit/runtime/settings';
import { startFlags } from '../../start-flags.ts';

export default class WatcherRestart extends BaseCommand {
  static override summary = 'Stop the watcher, if it runs, and start it again.';
  static override description =
    'The configuration is checked before the running watcher is touched. Give the flags that it was started with.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --data /data',
  ];
  static override flags = startFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(WatcherRestart);
    const { settings } = await loadCliSettings(flags, 'watching');
    using termination = abortOnTermination();
    const pid = await stopIfRunning(settings, termination.signal);
    await refuseSecondStart(settings);
    this.log(pid === undefined ? 'The watcher was not running.' : 'DEBUG Dicom watching has been stopped.');
    const started = await startWatcher(settings, {
      modulePath: join(this.config.root, 'dist', 'daemon.js'),
      flags,
      onLine: (line, stream) => (stream === 'out' ? this.log(line) : this.logToStderr(line)),
      signal: termination.signal,
    });
    this.log(renderStarted(started));
  }
}
