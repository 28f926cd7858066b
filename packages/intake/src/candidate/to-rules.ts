import { profile, type Rule } from '@sendit/detector';
import type { IntakeWatchPath } from '../intake-port.ts';

/** The rules by which the candidates of one watch path are judged; `explain` asks the same ones. */
export function toRules(watchPath: Omit<IntakeWatchPath, 'name' | 'folder'>): readonly Rule[] {
  const { instances, maxWaitMs, minFiles, onDeadline, quietMs } = watchPath;
  return profile(watchPath.profile ?? 'safe', { instances, maxWaitMs, minFiles, onDeadline, quietMs });
}
