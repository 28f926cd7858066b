import type { StartedWatcher } from '@sendit/runtime/daemon';

/** What a command says once the daemon runs. */
export function renderStarted({ pid, portalLink }: StartedWatcher): string {
  return `The watcher runs with pid ${pid}.${portalLink === null ? '' : ` Portal: ${portalLink}`}`;
}
