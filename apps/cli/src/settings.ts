import { loadSettings, type Settings, toConfigurationError } from '@sendit/config';
import type { Processor } from '@sendit/processors';
import * as processors from '@sendit/processors';

/** What a command line may override; names as oclif parses them. */
export interface SettingsFlags {
  readonly config?: string | undefined;
  readonly 'state-dir'?: string | undefined;
  readonly 'database-url'?: string | undefined;
  readonly 'redis-url'?: string | undefined;
  readonly 'message-level'?: string | undefined;
  readonly data?: readonly string[] | undefined;
  readonly 'log-format'?: string | undefined;
  readonly 'portal-port'?: number | undefined;
  readonly concurrency?: number | undefined;
}

/** `watching`: there must be watch paths and their folders must be usable; `looking`: neither matters. */
export type Purpose = 'watching' | 'looking';

/** Settings and what is worth a warning about them. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly warnings: readonly string[];
  /** One for each watch path, in the same order; none for commands that only look. */
  readonly processors: readonly Processor[];
}

/**
 * Loads the settings for one command.
 * @throws SenditError `bad-configuration` with every problem at once.
 */
export async function loadCliSettings(flags: SettingsFlags, purpose: Purpose): Promise<LoadedSettings> {
  const result = await loadSettings({
    cwd: process.cwd(),
    env: process.env,
    builtInProcessors: Object.keys(processors.BUILT_IN_PROCESSORS),
    checkFolders: purpose === 'watching',
    requireWatchPaths: purpose === 'watching',
    modules: { '@sendit/processors': processors },
    knownVariables: ['SENDIT_DICOM_CORPUS', 'SENDIT_REQUIRE_SERVICES'],
    ...(flags.config === undefined ? {} : { configFile: flags.config }),
    flags: {
      ...given('stateDir', flags['state-dir']),
      ...given('data', flags.data),
      ...given('databaseUrl', flags['database-url']),
      ...given('redisUrl', flags['redis-url']),
      ...given('messageLevel', flags['message-level']),
      ...given('logFormat', flags['log-format']),
      ...given('portalPort', flags['portal-port']),
      ...given('workerConcurrency', flags.concurrency),
    },
  });
  if (result.kind === 'invalid') throw toConfigurationError(result);
  const { settings, warnings } = result;
  return { settings, warnings, processors: purpose === 'watching' ? createProcessors(settings) : [] };
}

/** Processors keep state, so each watch path gets its own. */
function createProcessors(settings: Settings): Processor[] {
  const made = settings.watchPaths.map(({ processor, processorKind }) =>
    processors.toProcessor(
      processorKind.kind === 'built-in' ? processors.BUILT_IN_PROCESSORS[processorKind.name] : processorKind.value,
      processor,
    ),
  );
  const problems = made.flatMap((one, index) =>
    one.kind === 'problem' ? [{ path: `watchPaths[${index}].processor`, message: one.message, source: '' }] : [],
  );
  if (problems.length > 0) throw toConfigurationError({ file: settings.configFile, problems });
  return made.flatMap((one) => (one.kind === 'processor' ? [one.processor] : []));
}

function given<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}
