import { join } from 'node:path';
import { Flags } from '@oclif/core';
import { abortOnTermination } from '@sendit/daemon';
import { PAGE_DIRECTORY } from '@sendit/page';
import { BaseCommand } from '../../base-command.ts';
import { renderStarted } from '../../render/render-started.ts';
import { refuseSecondStart, runDaemonProcess, startWatcher, stopIfRunning } from '@sendit/runtime/daemon';
import { loadCliSettings } from '@sendit/runtime/settings';
import { startFlags } from '../../start-flags.ts';

export default class WatcherStart extends BaseCommand {
  static override summary = 'Start the watcher as a daemon; returns when every watch exists.';
  static override description =
    'The configuration is checked first: every problem at once, exit code 2. Without DATABASE_URL the database is embedded and the ' +
    'import worker and the page run in the same process.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --data /data --data /incoming',
    '<%= config.bin %> <%= command.id %> --foreground --log-format json',
  ];
  static override flags = {
    ...startFlags,
    foreground: Flags.boolean({ summary: 'Stay in the foreground and show the transcript, for service managers.' }),
    replace: Flags.boolean({ summary: 'Stop a running watcher first.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(WatcherStart);
    const { settings, ...loaded } = await loadCliSettings(flags, 'watching');
    using termination = abortOnTermination();
    const { signal } = termination;
    if (flags.replace) {
      const pid = await stopIfRunning(settings, signal);
      if (pid !== undefined) this.logToStderr(`The watcher with pid ${pid} has been stopped.`);
    }
    await refuseSecondStart(settings);
    if (flags.foreground) {
      await runDaemonProcess(
        {
          settings,
          ...loaded,
          foreground: true,
          page: PAGE_DIRECTORY,
          // Not through the console, whose words the log takes as its own: these are for a person at the terminal.
          onReady: async ({ portalLink, portalUrl }) => {
            // What a service manager reads is a log, where the token has no place.
            const url = process.stdout.isTTY ? portalLink : portalUrl;
            process.stdout.write(`${renderHints(settings, url)}\n`);
          },
        },
        signal,
      );
      this.log('DEBUG Dicom watching has been stopped.');
      return;
    }
    const started = await startWatcher(settings, {
      modulePath: join(this.config.root, 'dist', 'daemon.js'),
      flags,
      onLine: (line, stream) => (stream === 'out' ? this.log(line) : this.logToStderr(line)),
      signal,
    });
    this.log(renderStarted(started));
  }
}

/** Next steps for a person, shown once in the foreground. */
function renderHints(
  settings: { readonly watchPaths: readonly { readonly folder: string }[] },
  url: string | null,
): string {
  const folder = settings.watchPaths[0]?.folder ?? '';
  return [
    '',
    `Drop a directory:   cp -r STUDY ${folder}/STUDY.tmp && mv ${folder}/STUDY.tmp ${folder}/STUDY`,
    'Try it:             npm run demo             (in another terminal)',
    'See what came in:   npx sendit batch list',
    ...(url === null ? [] : [`Page:               ${url}`]),
    'Stop:               Ctrl-C',
    '',
  ].join('\n');
}
