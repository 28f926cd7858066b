import { join, resolve } from 'node:path';
import type { Origins } from './origins.ts';
import type { ParsedConfig } from './schema.ts';
import { toSocketPath } from './socket-path.ts';

/** Where sendit keeps what it writes; all absolute. */
export interface ResolvedPaths {
  readonly stateDir: string;
  readonly pidFile: string;
  readonly outFile: string;
  readonly errFile: string;
  readonly socketPath: string;
  readonly databaseDir: string;
}

/** Makes every path absolute: a given one starts from where it was given, the others lie in the state directory. */
export function resolvePaths(config: ParsedConfig, origins: Origins): ResolvedPaths {
  const place = (setting: keyof ResolvedPaths, otherwise: string): string => {
    const given = config[setting];
    return given === undefined ? otherwise : resolve(origins.of(setting).base, given);
  };
  const stateDir = place('stateDir', join(origins.fallback.base, '.sendit'));
  return {
    stateDir,
    pidFile: place('pidFile', join(stateDir, 'watcher.pid')),
    outFile: place('outFile', join(stateDir, 'logs', 'watcher.out')),
    errFile: place('errFile', join(stateDir, 'logs', 'watcher.err')),
    socketPath: toSocketPath(place('socketPath', join(stateDir, 'api.sock'))),
    databaseDir: place('databaseDir', join(stateDir, 'database')),
  };
}
