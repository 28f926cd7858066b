import {
  type LoadRequest,
  type LoadResult,
  loadSettings as load,
  type SenditConfig,
  type Settings,
  toConfigurationError,
} from '@sendit/config';
import * as processors from '@sendit/processors';
import { findCarried } from './carried-packages.ts';
import { type AnyLogger, toLogger } from './parts/to-logger.ts';

/**
 * `watching`: the folders must be usable, and all modules of the user's are loaded; `working`: those of the worker's steps alone; `looking`:
 * neither matters.
 */
export type Purpose = 'watching' | 'working' | 'looking';

/** Where the settings of a process come from that is not the `sendit` command. */
export interface SettingsSource {
  /** The configuration itself; no file is looked for then. */
  readonly config?: SenditConfig | undefined;
  /** A configuration file, relative to `cwd`; by default `sendit.config.*` in `cwd`. */
  readonly configFile?: string | undefined;
  /** Where relative paths start that are not in a file; the working directory by default. */
  readonly cwd?: string | undefined;
  /** Variables that override the rest, as in `process.env`; none by default. */
  readonly env?: LoadRequest['env'] | undefined;
  /** `watching` by default; a worker is `working`, a portal only looks. */
  readonly purpose?: Purpose | undefined;
  /** Receives warnings. */
  readonly logger?: AnyLogger | undefined;
}

/**
 * The settings of a process of one's own, all defaults filled in, as strictly checked as a configuration file.
 * @throws SenditError `bad-configuration` with every problem at once.
 */
export async function loadSettings(source: SettingsSource = {}): Promise<Settings> {
  const { config, configFile, cwd = process.cwd(), env = {}, logger, purpose = 'watching' } = source;
  const result = await requestSettings({ config, configFile, cwd, env, flags: {}, purpose });
  if (result.kind === 'invalid') throw toConfigurationError(result);
  for (const warning of result.warnings) toLogger(logger).warning(warning);
  return result.settings;
}

type Request = Omit<LoadRequest, 'builtInProcessors' | 'checkFolders' | 'modules' | 'aliases'> & {
  readonly purpose: Purpose;
};

/** Loads settings with the processors that sendit brings. */
export function requestSettings({ purpose, ...request }: Request): Promise<LoadResult> {
  return load({
    ...request,
    builtInProcessors: Object.keys(processors.BUILT_IN_PROCESSORS),
    checkFolders: purpose === 'watching',
    loadSteps: purpose !== 'looking',
    modules: { '@sendit/processors': processors },
    aliases: findCarried,
  });
}
