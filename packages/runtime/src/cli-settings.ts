import {
  type LoadFlags,
  type LoadRequest,
  type LoadResult,
  OVERRIDES,
  type Settings,
  type StopSettings,
  toConfigurationError,
  toFlagName,
} from '@sendit/config';
import type { SenditError } from '@sendit/model';
import type { Processor } from '@sendit/processors';
import { createProcessors } from './create-processors.ts';
import { type Purpose, requestSettings } from './load-settings.ts';

/** A command's flags as oclif parsed them: those that override a setting are named as in the configuration's table. */
export type SettingsFlags = Readonly<Record<string, unknown>> & { readonly config?: string | undefined };

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
  // Before the user's processors are loaded, so that their errors name the line as it was written.
  if (purpose !== 'looking') process.setSourceMapsEnabled(true);
  const result = await load(flags, purpose);
  if (result.kind === 'invalid') throw toConfigurationError(result);
  const { settings, warnings } = result;
  return { settings, warnings, processors: purpose === 'watching' ? createProcessors(settings) : [] };
}

/** Settings for stopping, even if the configuration has become wrong since the start: `problem` is then its error. */
export async function loadStopSettings(
  flags: SettingsFlags,
): Promise<{ readonly settings: StopSettings; readonly problem: SenditError | undefined }> {
  const result = await load(flags, 'looking');
  if (result.kind === 'ok') return { settings: result.settings, problem: undefined };
  return { settings: result.stopping, problem: toConfigurationError(result) };
}

/** The same for a command that asks, of the installation that it found. */
export function loadAskedSettings(
  flags: SettingsFlags,
  place: Pick<LoadRequest, 'cwd' | 'env' | 'searchFolder'>,
): Promise<LoadResult> {
  return load(flags, 'looking', place);
}

function load(
  flags: SettingsFlags,
  purpose: Purpose,
  place: Pick<LoadRequest, 'cwd' | 'env' | 'searchFolder'> = { cwd: process.cwd(), env: process.env },
): Promise<LoadResult> {
  return requestSettings({
    ...place,
    purpose,
    requireWatchPaths: purpose === 'watching',
    configFile: flags.config,
    flags: toLoadFlags(flags),
  });
}

/** Only the flags that were given: the others leave the environment and the file their say. */
function toLoadFlags(flags: SettingsFlags): LoadFlags {
  const named = OVERRIDES.flatMap(({ flag }) => (flag === undefined ? [] : [[flag, flags[toFlagName(flag).slice(2)]]]));
  return Object.fromEntries(named.filter(([, value]) => value !== undefined)) as LoadFlags;
}
