import { isRecord } from './is-record.ts';
import { type LoadFlags, OVERRIDES, type Override, readVariable, toFlagName } from './overrides.ts';

/** Where a value comes from. */
export interface Origin {
  /** `file sendit.config.ts`, `environment SENDIT_PORTAL_PORT`, `flag --portal-port` or `default`. */
  readonly source: string;
  /** Absolute folder that a relative path of this origin starts from. */
  readonly base: string;
}

/** Tells the origin of each value. */
export interface Origins {
  /** Origin of a setting, or of a part of it: `watchPaths[0].folder`. */
  of(path: string): Origin;
  /** Origin of the settings that nobody gave. */
  readonly fallback: Origin;
}

/** The values before the schema judges them. */
export interface GivenValues {
  readonly raw: unknown;
  readonly origins: Origins;
}

export interface ValueSources {
  readonly cwd: string;
  /** Where there is no file, what is not set lies here; `cwd` by default. */
  readonly searchFolder?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: LoadFlags;
  /** Content of the configuration file, or the configuration that was given, and its origin. */
  readonly file: ({ readonly value: unknown } & Origin) | undefined;
}

/** Lays environment and flags over the file: a flag is stronger than a variable, a variable than the file. Empty variables count as unset. */
export function gatherValues(sources: ValueSources): GivenValues {
  const { cwd, file, searchFolder } = sources;
  const base = file === undefined ? (searchFolder ?? cwd) : file.base;
  const fallback = { source: 'default', base };
  const inFile = file === undefined ? fallback : { source: file.source, base };
  const overridden = new Map<string, Origin>();
  let raw = file === undefined ? {} : file.value;
  for (const override of OVERRIDES) {
    const given = findOverride(override, sources);
    if (given === undefined) continue;
    const value = override.setting === 'watchPaths' ? toWatchPaths(given.value) : given.value;
    const laid = lay(raw, override.setting.split('.'), value);
    if (laid === undefined) continue;
    raw = laid;
    overridden.set(override.setting, { source: given.source, base: cwd });
  }
  const of = (path: string): Origin => {
    const own = overridden.get(path);
    if (own !== undefined) return own;
    const parent = path.replace(/(?:\.[^.[]*|\[\d+\]|^[^.[]*)$/, '');
    return parent === '' ? inFile : of(parent);
  };
  return { raw, origins: { of, fallback } };
}

function findOverride(
  override: Override,
  { env, flags }: ValueSources,
): { value: unknown; source: string } | undefined {
  if (override.flag !== undefined && flags[override.flag] !== undefined) {
    const { flag, reading } = override;
    const value = flags[flag];
    const isText = typeof value === 'string';
    return { value: isText ? readVariable(value, reading) : value, source: `flag ${toFlagName(flag)}` };
  }
  const name = override.env.find((variable) => (env[variable] ?? '') !== '');
  if (name === undefined) return undefined;
  return { value: readVariable(env[name] ?? '', override.reading), source: `environment ${name}` };
}

/** The original with one value replaced; undefined where something that is no object stands in the way (the schema reports that). */
function lay(original: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (!isRecord(original)) return undefined;
  const inner = rest.length === 0 ? value : lay(original[key] ?? {}, rest, value);
  return inner === undefined ? undefined : { ...original, [key]: inner };
}

function toWatchPaths(folders: unknown): unknown {
  if (!Array.isArray(folders)) return folders;
  return folders.map((folder: unknown) => [folder, 'IN_ALL_EVENTS', 'DicomQueue']);
}
