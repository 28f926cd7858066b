import { nameRule } from './name-rule.ts';
import type { Rule } from './rule.ts';
import { minFiles, quiet, readable, rename, stableSnapshot } from './rules.ts';

/** `safe`: rename, or quiet and not empty. `legacy`: rename alone. */
export type ProfileName = 'safe' | 'legacy';

/** What may be set in a profile. */
export interface ProfileOptions {
  /** How long nothing may change where no rename proves the end; 15,000 ms by default. */
  readonly quietMs?: number | undefined;
  /** Fewest files of a directory that was not renamed; 1 by default. */
  readonly minFiles?: number | undefined;
}

/** How long a folder must be quiet unless something else is set, in ms. */
export const DEFAULT_QUIET_MS = 15_000;

/** The rules of a named profile. @throws TypeError when a number is negative or not finite. */
export function profile(name: ProfileName, options: ProfileOptions = {}): readonly Rule[] {
  const quietMs = toCount('quietMs', options.quietMs ?? DEFAULT_QUIET_MS);
  const least = toCount('minFiles', options.minFiles ?? 1);
  const always = [nameRule, readable({ againMs: quietMs })];
  switch (name) {
    case 'legacy':
      return [...always, rename];
    case 'safe':
      return [
        ...always,
        minFiles({ minFiles: least, againMs: quietMs }),
        quiet({ quietMs }),
        stableSnapshot({ gapMs: quietMs }),
        rename,
      ];
  }
}

function toCount(option: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new TypeError(`Expected \`${option}\` to be a number of at least 0, got \`${value}\``);
}
