import { Flags } from '@oclif/core';
import { abortOnTermination } from '@sendit/daemon';
import { BaseCommand } from '../../base-command.ts';
import { loadStopSettings } from '@sendit/runtime/settings';
import { type StoppedWatcher, stopWatcher } from '@sendit/runtime/daemon';

export default class WatcherStop extends BaseCommand {
  static override summary = 'Stop the watcher: running imports end first.';
  static override description = 'Sends SIGTERM and waits; SIGKILL only after --timeout. Nothing is lost either way.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --timeout 120',
  ];
  static override flags = {
    timeout: Flags.integer({
      summary: 'Seconds to wait before SIGKILL (default: stopTimeoutMs).',
      min: 0,
      max: 86_400,
    }),
  };

  async run(): Promise<StoppedWatcher> {
    const { flags } = await this.parse(WatcherStop);
    const { settings, problem } = await loadStopSettings(flags);
    if (problem !== undefined) this.logToStderr(`WARNING ${problem.message} Stopping what runs all the same.`);
    using termination = abortOnTermination();
    const timeoutMs = flags.timeout === undefined ? settings.stopTimeoutMs : flags.timeout * 1_000;
    const stopped = await stopWatcher(settings, { timeoutMs, signal: termination.signal });
    if (stopped.killed) this.logToStderr(`WARNING Process ${stopped.pid} did not end in time and was killed.`);
    this.log('DEBUG Dicom watching has been stopped.');
    return stopped;
  }
}
