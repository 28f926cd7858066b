import { type OwnRules, PROFILE_NAMES, toOwnRules } from '@sendit/detector';
import type { ModuleLoader } from './module-loader.ts';
import { loadExport, parseModule } from './module-reference.ts';
import type { Problem } from './problem.ts';
import type { Candidate } from './rules.ts';

/** The rules of the user's own by `profile`, and what is wrong with the others. */
export interface LoadedRules {
  readonly loaded: ReadonlyMap<string, OwnRules>;
  readonly problems: readonly Problem[];
}

const BUILT_IN: ReadonlySet<string> = new Set(PROFILE_NAMES);

/** Loads the rules that a profile names by a module; commands that only look need them too. Runs the modules' own code. */
export async function loadRules(
  { drafts, origins }: Candidate,
  openLoader: () => Promise<ModuleLoader>,
): Promise<LoadedRules> {
  const loaded = new Map<string, OwnRules>();
  const problems: Problem[] = [];
  const { source } = origins.of('watchPaths');
  for (const draft of drafts) {
    const { maxWaitMs, minFiles, onDeadline, profile, quietMs } = draft;
    if (profile === undefined || BUILT_IN.has(profile) || loaded.has(profile)) continue;
    const path = draft.pathOf('profile');
    const found = await loadExport(parseModule(profile), await openLoader(), toNotFound);
    if (found.kind === 'problem') {
      problems.push({ path, message: found.message, source });
      continue;
    }
    const rules = toOwnRules(found.value, { maxWaitMs, minFiles, onDeadline, quietMs });
    if (rules.kind === 'problem') problems.push({ path, message: `${rules.message} (${profile})`, source });
    else loaded.set(profile, found.value as OwnRules);
  }
  return { loaded, problems };
}

function toNotFound(specifier: string): string {
  return `expected one of ${PROFILE_NAMES.join(', ')}, or a module such as "./my-rules.ts#rules", got ${JSON.stringify(specifier)}, which is no file and not installed`;
}
