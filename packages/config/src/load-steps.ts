import type { StepAction } from '@sendit/model';
import { isRecord } from './is-record.ts';
import type { ModuleLoader } from './module-loader.ts';
import { loadExport, parseModule } from './module-reference.ts';
import type { Origins } from './origins.ts';
import type { Problem } from './problem.ts';
import { type ParsedSteps, stepObject } from './step-schema.ts';

/** The steps that could be loaded, and what is wrong with the others. */
export interface LoadedSteps {
  readonly loaded: readonly StepAction[];
  readonly problems: readonly Problem[];
}

interface LoadOptions {
  /** Whether modules are loaded; otherwise `run` is undefined. */
  readonly isRun: boolean;
  readonly origins: Origins;
  readonly openLoader: () => Promise<ModuleLoader>;
}

type GivenStep = Exclude<ParsedSteps[number], string>;
type Result = { readonly step: StepAction } | { readonly problem: string };

/** Loads the worker's steps, in order, each with a name of its own. Runs the modules' own code. */
export async function loadSteps(given: ParsedSteps, { isRun, openLoader, origins }: LoadOptions): Promise<LoadedSteps> {
  const loaded: StepAction[] = [];
  const problems: Problem[] = [];
  const { source } = origins.of('worker.steps');
  for (const [at, entry] of given.entries()) {
    const one = typeof entry === 'string' ? { module: entry } : entry;
    const result = isRun ? await loadStep(one, openLoader) : toUnloaded(one);
    const path = `worker.steps[${at}]`;
    if ('problem' in result) problems.push({ path, message: result.problem, source });
    else if (loaded.some(({ name }) => name === result.step.name)) {
      problems.push({ path, message: `expected a name of its own, got ${result.step.name} again`, source });
    } else loaded.push(result.step);
  }
  return { loaded, problems };
}

function toUnloaded(given: GivenStep): Result {
  const { exportName } = parseModule(given.module ?? '');
  return { step: toStep({ ...given, name: given.name ?? exportName, run: undefined }) };
}

async function loadStep({ module, ...given }: GivenStep, openLoader: () => Promise<ModuleLoader>): Promise<Result> {
  if (module === undefined) return toNamed(given, 'its object');
  const reference = parseModule(module);
  const found = await loadExport(reference, await openLoader(), toNotFound);
  if (found.kind === 'problem') return { problem: found.message };
  if (typeof found.value === 'function') {
    const name = given.name ?? (reference.exportName === 'default' ? undefined : reference.exportName);
    return toNamed({ ...given, ...(name !== undefined && { name }), run: found.value }, module);
  }
  const own = stepObject.safeParse(found.value);
  if (!own.success || own.data.run === undefined) {
    const got = isRecord(found.value) ? `an object with ${Object.keys(found.value).join(', ') || 'nothing'}` : 'a list';
    return { problem: `expected ${module} to be what defineStep gives, or a function, got ${got}` };
  }
  return toNamed({ ...own.data, ...given }, module);
}

interface Named extends Omit<GivenStep, 'run' | 'module'> {
  readonly run?: unknown;
}

function toNamed(given: Named, what: string): Result {
  if (given.name === undefined) {
    return { problem: `expected a name for the step of ${what}, got none; give it one with defineStep, or as name` };
  }
  return { step: toStep({ ...given, name: given.name, run: given.run }) };
}

function toStep(given: Named & { readonly name: string; readonly run: unknown }): StepAction {
  const { attempts = 10, backoffMs = 1_000, name, run, timeoutMs = 600_000 } = given;
  return { kind: 'step', name, run, timeoutMs, attempts, backoffMs };
}

function toNotFound(specifier: string): string {
  return `expected a module such as "./steps.ts#thumbnails", got ${JSON.stringify(specifier)}, which is no file and not installed`;
}
