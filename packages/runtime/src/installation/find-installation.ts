import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { listConfigFiles } from '@sendit/config';

/** Facts known before any configuration is read. */
export interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: {
    readonly config?: string | undefined;
    readonly 'state-dir'?: string | undefined;
    readonly 'database-url'?: string | undefined;
    readonly data?: readonly string[] | undefined;
  };
}

/** Where the installation is that a command asks about. */
export type Installation =
  /** `folder`: where its configuration is looked for, `stateDir` where its state is unless that says otherwise. */
  | { readonly kind: 'found'; readonly folder: string; readonly stateDir: string; readonly isNamed: boolean }
  | { readonly kind: 'none'; readonly looked: readonly string[] };

/** The state directory's name, where nothing else is set. */
const STATE_DIRECTORY = '.sendit';

/**
 * Finds the installation that a command asks about, without reading a configuration: what flags and environment name; else the nearest
 * folder, from the working directory up, with a configuration file or a state directory in it, as git finds a repository.
 */
export async function findInstallation({ cwd, env, flags }: Place): Promise<Installation> {
  const stateDir = flags['state-dir'] ?? given(env['SENDIT_STATE_DIR']);
  const file = flags.config ?? given(env['SENDIT_CONFIG']);
  const folder = file === undefined ? cwd : dirname(resolve(cwd, file));
  if (stateDir !== undefined || file !== undefined) {
    return { kind: 'found', folder, stateDir: resolve(cwd, stateDir ?? join(folder, STATE_DIRECTORY)), isNamed: true };
  }
  for (const above of toFoldersAbove(cwd)) {
    const state = join(above, STATE_DIRECTORY);
    const configs = (await listConfigFiles(above).catch(() => [])).map((name) => join(above, name));
    // A configuration is code: above the working directory, as in /tmp, one of another user is not run.
    const isOurs = above === cwd ? isThere : isTrusted;
    if ([...configs, state].some(isOurs)) return { kind: 'found', folder: above, stateDir: state, isNamed: false };
  }
  const named = [env['SENDIT_PID_FILE'], env['SENDIT_DATA'], env['SENDIT_DATABASE_URL'], env['DATABASE_URL']];
  if (
    flags['database-url'] !== undefined ||
    flags.data !== undefined ||
    named.some((one) => given(one) !== undefined)
  ) {
    return { kind: 'found', folder: cwd, stateDir: join(cwd, STATE_DIRECTORY), isNamed: true };
  }
  return { kind: 'none', looked: toFoldersAbove(cwd) };
}

/** The folder and those above it, nearest first. */
function toFoldersAbove(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...toFoldersAbove(parent)];
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isTrusted(path: string): boolean {
  const uid = statSync(path, { throwIfNoEntry: false })?.uid;
  return uid !== undefined && (uid === 0 || uid === process.geteuid?.());
}

function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
