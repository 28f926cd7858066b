import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findOnPath(...names: readonly string[]): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  return directories.flatMap((directory) => names.map((name) => join(directory, name))).find(isExecutable);
}

/** Folder with `initdb`, `postgres` and `pg_ctl`: Debian's newest, else the one on PATH. */
export function postgresBinDir(): string | undefined {
  const base = '/usr/lib/postgresql';
  let versions: string[] = [];
  try {
    versions = readdirSync(base).toSorted((a, b) => Number(b) - Number(a));
  } catch {
    // Not Debian: PATH is searched below.
  }
  const debian = versions.map((version) => join(base, version, 'bin')).find((bin) => isExecutable(join(bin, 'initdb')));
  return debian ?? findOnPath('initdb')?.replace(/\/initdb$/, '');
}

/** `redis-server`, where installed. */
export function redisServerPath(): string | undefined {
  return findOnPath('redis-server');
}

/** Chromium or Chrome, where installed. */
export function chromiumPath(): string | undefined {
  return findOnPath('chromium', 'chromium-browser', 'google-chrome');
}

/** DCMTK's `dcmdump`, where installed. */
export function dcmdumpPath(): string | undefined {
  return findOnPath('dcmdump');
}

/** nginx, where installed; Debian has it where only root looks. */
export function nginxPath(): string | undefined {
  return findOnPath('nginx') ?? (isExecutable('/usr/sbin/nginx') ? '/usr/sbin/nginx' : undefined);
}

/** util-linux's `unshare`, where this account may make pid and network namespaces. */
function unsharePath(): string | undefined {
  const path = findOnPath('unshare');
  if (path === undefined) return undefined;
  const probe = spawnSync(path, ['--pid', '--net', '--fork', '--mount-proc', 'true']);
  return probe.status === 0 ? path : undefined;
}

/** Programs that some suites need and a machine may lack: where each is, if it is, and the Debian package that brings it. */
export const SERVICES = {
  postgres: { find: postgresBinDir, debian: 'postgresql' },
  redis: { find: redisServerPath, debian: 'redis-server' },
  chromium: { find: chromiumPath, debian: 'chromium' },
  nginx: { find: nginxPath, debian: 'nginx-light' },
  dcmtk: { find: dcmdumpPath, debian: 'dcmtk' },
  systemd: { find: () => findOnPath('systemd-analyze'), debian: 'systemd' },
  unshare: { find: unsharePath, debian: 'util-linux' },
} as const;

/** One of {@link SERVICES}. */
export type ServiceName = keyof typeof SERVICES;
