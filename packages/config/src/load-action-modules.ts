import type { ParsedAction } from './action-schema.ts';
import { listEventActions } from './to-actions.ts';
import type { ModuleLoader } from './module-loader.ts';
import { loadExport, parseModule } from './module-reference.ts';
import type { Problem } from './problem.ts';
import type { Candidate } from './rules.ts';

/** The functions of all module actions, by the module as it was written, and what is wrong with the others. */
export interface LoadedModules {
  readonly loaded: ReadonlyMap<string, unknown>;
  readonly problems: readonly Problem[];
}

/** Loads what the module actions call; nothing for commands that only look. Runs the modules' own code. */
export async function loadActionModules(
  { checkFolders, drafts, origins }: Candidate,
  openLoader: () => Promise<ModuleLoader>,
): Promise<LoadedModules> {
  const loaded = new Map<string, unknown>();
  const problems: Problem[] = [];
  if (!checkFolders) return { loaded, problems };
  const { source } = origins.of('watchPaths');
  for (const draft of drafts) {
    const afterImport = (draft.actions ?? []).map((action, at) => ({ action, at, on: 'actions' as const }));
    for (const { action, at, on } of [...afterImport, ...listEventActions<ParsedAction>(draft)]) {
      if (action.kind !== 'module' || loaded.has(action.module)) continue;
      const path = `${draft.pathOf(on)}[${at}].module`;
      const found = await loadExport(parseModule(action.module), await openLoader(), toNotFound);
      if (found.kind === 'problem') problems.push({ path, message: found.message, source });
      else if (typeof found.value === 'function') loaded.set(action.module, found.value);
      else problems.push({ path, message: `expected ${action.module} to be a function, got an object`, source });
    }
  }
  return { loaded, problems };
}

function toNotFound(specifier: string): string {
  return `expected a module such as "./my-action.ts#store", got ${JSON.stringify(specifier)}, which is no file and not installed`;
}
