import { type LoadedCheck, checkObject, type ParsedChecks } from './check-schema.ts';
import type { ModuleLoader } from './module-loader.ts';
import { loadExport, parseModule } from './module-reference.ts';
import type { Origins } from './origins.ts';
import type { Problem } from './problem.ts';

/** The checks that could be loaded, and what is wrong with the others. */
export interface LoadedChecks {
  readonly loaded: readonly LoadedCheck[];
  readonly problems: readonly Problem[];
}

interface LoadOptions {
  readonly origins: Origins;
  readonly openLoader: () => Promise<ModuleLoader>;
}

/** Loads the checks of the user's own, each with a code of its own. Runs the modules' own code. */
export async function loadChecks(given: ParsedChecks, { openLoader, origins }: LoadOptions): Promise<LoadedChecks> {
  const loaded: LoadedCheck[] = [];
  const problems: Problem[] = [];
  const { source } = origins.of('worker.checks');
  for (const [at, entry] of given.entries()) {
    const found = typeof entry === 'string' ? await loadCheck(entry, openLoader) : entry;
    const path = `worker.checks[${at}]`;
    if (typeof found === 'string') problems.push({ path, message: found, source });
    else if (loaded.some(({ code }) => code === found.code)) {
      problems.push({ path, message: `expected a code of its own, got ${found.code} again`, source });
    } else loaded.push(found);
  }
  return { loaded, problems };
}

/** The check, or what is wrong with it. */
async function loadCheck(module: string, openLoader: () => Promise<ModuleLoader>): Promise<LoadedCheck | string> {
  const found = await loadExport(parseModule(module), await openLoader(), toNotFound);
  if (found.kind === 'problem') return found.message;
  const check = checkObject.safeParse(found.value);
  if (check.success) return check.data;
  const [issue] = check.error.issues;
  const where =
    issue === undefined || issue.path.length === 0 ? '' : `, with ${issue.path.join('.')}: ${issue.message}`;
  return `expected ${module} to be what defineCheck gives${where}`;
}

function toNotFound(specifier: string): string {
  return `expected a module such as "./checks.ts#fewSlices", got ${JSON.stringify(specifier)}, which is no file and not installed`;
}
