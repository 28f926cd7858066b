import { type CacheTime, readCacheTime, toCacheTime } from '@sendit/watch';

/** How long a directory of a watch path must be quiet, and what a person should know of it. */
export interface QuietTime {
  /** Whether the mount shows changes late. */
  readonly isLate: boolean;
  readonly quietMs: number;
  /** It is longer than usual, and why. */
  readonly info: string | null;
  /** It is shorter than what the mount caches, and what to do. */
  readonly problem: string | null;
}

export interface QuietSetting {
  readonly name: string;
  readonly quietMs: number;
  /** Whether a person set it: it is kept then, and told when it is too short. */
  readonly isSet: boolean;
}

/**
 * Extends the quiet time of a watch path whose mount shows changes late, so that quiet seen here means quiet for the
 * set time at the other end. A time that a person set is kept.
 */
export function toQuietTime({ isSet, name, quietMs }: QuietSetting, cache: CacheTime | undefined): QuietTime {
  const isLate = cache !== undefined;
  if (cache === undefined || (isSet && quietMs > cache.ms)) return { isLate, quietMs, info: null, problem: null };
  const { ms, remedy, told } = cache;
  if (ms === Number.POSITIVE_INFINITY) {
    const problem = `What is mounted at the watch path ${name} never looks again at what it has cached: directories may be sealed before all of their files are seen. Mount it with ${remedy}.`;
    return { isLate, quietMs, info: null, problem };
  }
  const source = told === 'options' ? 'by its options' : 'by default';
  const shows = `what is mounted there shows changes up to ${toSeconds(ms)} late (${source})`;
  const enough = ms + quietMs;
  if (!isSet) {
    const info = `The quiet time of the watch path ${name} is ${toSeconds(enough)}, since ${shows}. For less, mount it with ${remedy}, or set quietMs.`;
    return { isLate, quietMs: enough, info, problem: null };
  }
  const problem = `quietMs of the watch path ${name} is ${toSeconds(quietMs)}, and ${shows}: directories may be sealed before all of their files are seen. Set quietMs to ${enough} or more, or mount it with ${remedy}.`;
  return { isLate, quietMs, info: null, problem };
}

/** The stored mount, if another one is there now. */
interface ExpectedMount {
  readonly fsType: string;
  readonly source: string;
}

/**
 * Applies {@link toQuietTime} to the mount of a folder, or to the expected one; if unknown, returns the setting
 * unchanged.
 */
export async function readQuietTime(
  setting: QuietSetting & { readonly folder: string },
  expected: ExpectedMount | null,
): Promise<QuietTime> {
  if (expected !== null) return toQuietTime(setting, toCacheTime({ ...expected, options: [], superOptions: [] }));
  return toQuietTime(setting, await readCacheTime(setting.folder).catch(() => undefined));
}

function toSeconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
