import { count } from './rules/count.ts';
import { deadline } from './rules/deadline.ts';
import { dicomCounts } from './rules/dicom-counts.ts';
import { gapHint } from './rules/gap-hint.ts';
import { manifest } from './rules/manifest.ts';
import { marker } from './rules/marker.ts';
import { minFiles } from './rules/min-files.ts';
import { nameRule } from './rules/name.ts';
import { noOpenWriter } from './rules/no-open-writer.ts';
import { quiet } from './rules/quiet.ts';
import { readable } from './rules/readable.ts';
import { rename } from './rules/rename.ts';
import { siblingsArriving } from './rules/siblings-arriving.ts';
import { stableSnapshot } from './rules/stable-snapshot.ts';
import { wholeFile } from './rules/whole-file.ts';
import { withinLimits } from './rules/within-limits.ts';
import type { DeadlineAction, Rule } from './rule.ts';

/**
 * Names of the rule sets:
 *
 * legacy  a rename alone, as the original watcher meant it
 * safe    any proof; where quiet is the only one, also files, two equal looks and no part that still arrives
 * strict  a manifest or an announced number of instances, nothing less
 */
export const PROFILE_NAMES = ['legacy', 'safe', 'strict'] as const;

/** One word of {@link PROFILE_NAMES}. */
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** Settings of a profile. */
export interface ProfileOptions {
  /** How long nothing may change where quiet is the only proof; 15,000 ms by default. */
  readonly quietMs?: number | undefined;
  /** Fewest files where quiet is the only proof, and of a rename; 1 by default. */
  readonly minFiles?: number | undefined;
  /** Instances of every folder that brings no number of its own. */
  readonly instances?: number | undefined;
  /** Longest wait from the first look; 6 h by default, `false` for none. */
  readonly maxWaitMs?: number | false | undefined;
  /** What happens at the deadline; `hold` by default. */
  readonly onDeadline?: DeadlineAction | undefined;
}

/** How long a folder must be quiet unless something else is set, in ms. */
export const DEFAULT_QUIET_MS = 15_000;

/** The longest wait unless something else is set, in ms: no transfer takes a working day. */
export const DEFAULT_MAX_WAIT_MS = 6 * 60 * 60 * 1000;

/** Interval of looks at something that another process must end; each look lists the folder. */
const OPEN_AGAIN_MS = 5_000;

/** The rules of a named profile. @throws TypeError when a number is negative or not finite. */
export function profile(name: ProfileName, options: ProfileOptions = {}): readonly Rule[] {
  const quietMs = toCount('quietMs', options.quietMs ?? DEFAULT_QUIET_MS);
  const least = toCount('minFiles', options.minFiles ?? 1);
  const instances = options.instances === undefined ? undefined : toCount('instances', options.instances);
  const openMs = Math.min(quietMs, OPEN_AGAIN_MS);
  const always = toAlways(options);
  const hints = [wholeFile, gapHint, dicomCounts, ...toDeadline(options)];
  switch (name) {
    case 'legacy':
      return [...always, rename({ minFiles: least }), ...hints];
    case 'safe':
      return [
        ...always,
        siblingsArriving({ againMs: openMs }),
        minFiles({ minFiles: least, againMs: quietMs }),
        quiet({ quietMs }),
        stableSnapshot({ gapMs: quietMs }),
        rename({ minFiles: least }),
        marker,
        count({ instances }),
        manifest,
        ...hints,
      ];
    case 'strict':
      return [...always, manifest, count({ instances }), ...hints];
  }
}

/** Rules of every profile. */
export function toAlways(options: ProfileOptions): readonly Rule[] {
  const quietMs = toCount('quietMs', options.quietMs ?? DEFAULT_QUIET_MS);
  return [
    nameRule,
    withinLimits({ againMs: quietMs }),
    readable({ againMs: quietMs }),
    noOpenWriter({ againMs: Math.min(quietMs, OPEN_AGAIN_MS) }),
  ];
}

/** The deadline that the options ask for. */
export function toDeadline({ maxWaitMs = DEFAULT_MAX_WAIT_MS, onDeadline = 'hold' }: ProfileOptions): readonly Rule[] {
  return maxWaitMs === false ? [] : [deadline({ maxWaitMs: toCount('maxWaitMs', maxWaitMs), action: onDeadline })];
}

function toCount(option: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new TypeError(`Expected \`${option}\` to be a number of at least 0, got \`${value}\``);
}
