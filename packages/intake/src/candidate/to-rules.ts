import { PROFILE_NAMES, profile, type Rule, toOwnRules } from '@sendit/detector';
import { SenditError } from '@sendit/model';
import type { IntakeWatchPath } from '../intake-port.ts';

/**
 * The rules by which the candidates of one watch path are judged; `explain` asks the same ones.
 * @throws SenditError `bad-configuration` where its own rules are none, or were not loaded
 */
export function toRules(watchPath: Omit<IntakeWatchPath, 'name' | 'folder'>): readonly Rule[] {
  const { instances, maxWaitMs, minFiles, onDeadline, quietMs, rules } = watchPath;
  const options = { instances, maxWaitMs, minFiles, onDeadline, quietMs };
  const named = watchPath.profile ?? 'safe';
  if (rules !== undefined) {
    const own = toOwnRules(rules, options);
    if (own.kind === 'rules') return own.rules;
    throw new SenditError(`The rules ${named} cannot be used: ${own.message}.`, { code: 'bad-configuration' });
  }
  const name = PROFILE_NAMES.find((known) => known === named);
  if (name !== undefined) return profile(name, options);
  throw new SenditError(`The rules ${named} could not be loaded.`, {
    code: 'bad-configuration',
    hint: '`sendit config check` says why.',
  });
}
