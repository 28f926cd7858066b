import { abortOnTermination, routeConsole } from '@sendit/daemon';
import { BaseCommand } from '../../base-command.ts';
import { PAGE_DIRECTORY } from '@sendit/page';
import { runPortal } from '@sendit/runtime';
import { openConsoleLogger, toServiceManager } from '@sendit/runtime/daemon';
import { loadCliSettings } from '@sendit/runtime/settings';
import { portalFlags } from '../../start-flags.ts';

export default class PortalStart extends BaseCommand {
  static override summary = 'Serve the status page, as a process of its own, until SIGTERM or Ctrl-C.';
  static override description =
    'Needs PostgreSQL (DATABASE_URL). On the embedded database the watcher process serves the page.';
  static override examples = ['DATABASE_URL=postgres://… <%= config.bin %> <%= command.id %> --portal-port 8080'];
  static override flags = portalFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(PortalStart);
    const { settings, warnings } = await loadCliSettings(flags, 'looking');
    const logger = openConsoleLogger(settings);
    using _console = routeConsole(logger);
    for (const warning of warnings) logger.warning(warning);
    using termination = abortOnTermination();
    const { signal } = termination;
    const service = toServiceManager(logger, signal);
    await runPortal(settings, {
      logger,
      page: PAGE_DIRECTORY,
      signal,
      onReady: ({ link }) => {
        // Where it goes to a log, `sendit portal open` prints it.
        if (process.stdout.isTTY) this.log(`Page: ${link}`);
        void service.ready();
      },
    });
  }
}
