import type { StartedWatcher } from '@sendit/runtime/daemon';

/** Output of a command once the daemon runs. */
export function renderStarted({ pid, portalLink }: StartedWatcher): string {
  return `The watcher runs with pid ${pid}.${portalLink === null ? '' : ` Portal: ${portalLink}`}`;
}
