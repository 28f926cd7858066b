// What each profile would have decided, and when, on a recording of looks.
import { type FolderSight, PROFILE_NAMES, profile, type RecordedStep, replay } from '@sendit/detector';

/** The first time at which each profile says finished; null where it never does. */
export function firstFinished(
  sight: FolderSight,
  steps: readonly RecordedStep[],
): Readonly<Record<string, number | null>> {
  const times = PROFILE_NAMES.map((name) => {
    const verdicts = replay(sight, steps, profile(name));
    return [name, verdicts.find(({ verdict }) => verdict.finished)?.at ?? null] as const;
  });
  return Object.fromEntries(times);
}
