import { spawnSync } from 'node:child_process';

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** Root without what lets it read files that nobody may read. */
const UNPRIVILEGED: Command = ['setpriv', '--bounding-set=-dac_override,-dac_read_search'];
/** Namespaces of a container; the files are the same. */
const CONTAINER: Command = ['unshare', '--pid', '--net', '--fork', '--mount-proc', '--kill-child'];

/** Whether this account may do both. */
export function canConfine(): boolean {
  const [command, ...args] = contained(confined(['true']));
  return spawnSync(command, args).status === 0;
}

/** The command, held to the modes of files although it runs as root. */
export function confined(command: Command): Command {
  return [...UNPRIVILEGED, ...command];
}

/** The command in pid and network namespaces of its own. */
export function contained(command: Command): Command {
  return [...CONTAINER, ...command];
}
