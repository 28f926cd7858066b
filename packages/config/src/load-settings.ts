import { basename, dirname, join } from 'node:path';
import { ACTION_RULES } from './action-rules.ts';
import { ALERT_RULES } from './alert-rules.ts';
import { findConfigFile } from './config-file.ts';
import { type ModuleLoader, openModuleLoader } from './module-loader.ts';
import { gatherValues, type Origins, type ValueSources } from './origins.ts';
import { type Problem, renderProblem } from './problem.ts';
import { loadProcessor, type ProcessorReference, parseProcessor } from './processor.ts';
import { readConfigFile, takeConfig } from './read-config-file.ts';
import { resolvePaths } from './resolve-paths.ts';
import { type Candidate, RULES } from './rules.ts';
import { loadRules } from './load-rules.ts';
import { loadChecks } from './load-checks.ts';
import { loadSteps } from './load-steps.ts';
import { loadActionModules } from './load-action-modules.ts';
import { configSchema, type ParsedConfig } from './schema.ts';
import { toSchemaProblems } from './schema-problems.ts';
import type { LoadRequest, LoadResult, ProcessorKind } from './settings.ts';
import { isRecord } from './is-record.ts';
import { toSettings } from './to-settings.ts';
import { findUnknownVariables } from './unknown-variables.ts';
import { toDrafts, type WatchPathDraft } from './watch-paths.ts';

/** Origin of a configuration that was given as a value. */
const GIVEN = 'the configuration';

/**
 * Loads the configuration: finds and reads the file, lays environment and flags over it, judges it as a whole. Runs the code of the
 * file and of the user's processors; writes nothing. Every problem is reported at once; what is wrong with the file itself (several, absent,
 * unreadable, not an object) is reported alone, since the rest would follow from it.
 */
export async function loadSettings(request: LoadRequest): Promise<LoadResult> {
  const found = request.config === undefined ? await findConfigFile(request) : ({ kind: 'none' } as const);
  if (found.kind === 'problem') return toUnread(request, found.file, found.problem);
  const configFile = found.kind === 'file' ? found.path : undefined;
  // Opened only when there is something to load: a compiler takes a while to start.
  let opened: Promise<ModuleLoader> | undefined;
  const openLoader = () => (opened ??= openModuleLoader(configFile ?? join(request.cwd, 'sendit.config'), request));

  const replaced = request.flags.data !== undefined || (request.env['SENDIT_DATA'] ?? '') !== '';
  const taking = { callWatchPaths: !replaced };
  const read =
    request.config !== undefined
      ? await takeConfig(request.config, { ...taking, source: GIVEN, path: request.cwd })
      : configFile === undefined
        ? undefined
        : await readConfigFile(configFile, await openLoader(), taking);
  if (read?.kind === 'problem') return toUnread(request, configFile, read.problem);

  const file = read === undefined ? undefined : toGiven(request, configFile, read.value);
  const { raw, origins } = gatherValues({ ...request, file });
  const parsed = configSchema.safeParse(raw);
  const config = parsed.success ? parsed.data : salvage(raw);
  const drafts = toDrafts(isRecord(raw) ? raw['watchPaths'] : undefined, origins.of('watchPaths'));
  const paths = resolvePaths(config, origins);
  const candidate: Candidate = {
    drafts,
    paths,
    databaseUrl: config.databaseUrl,
    redisUrl: config.redisUrl,
    channels: config.alerts.channels,
    origins,
    env: request.env,
    checkFolders: request.checkFolders ?? true,
    requireWatchPaths: request.requireWatchPaths ?? false,
    configFile,
  };
  const judged = await judge(candidate);
  const processors = await loadProcessors(drafts, openLoader, request, origins);
  const modules = await loadActionModules(candidate, openLoader);
  const rules = await loadRules(candidate, openLoader);
  const isRun = request.loadSteps ?? candidate.checkFolders;
  const checks = await loadChecks(isRun ? config.worker.checks : [], { origins, openLoader });
  const steps = await loadSteps(config.worker.steps, { isRun, origins, openLoader });
  const problems = [
    ...(parsed.success ? [] : toSchemaProblems(parsed.error, raw, origins)),
    ...judged.problems,
    ...processors.problems,
    ...modules.problems,
    ...steps.problems,
    ...checks.problems,
    ...(candidate.checkFolders ? rules.problems : []),
  ];
  if (problems.length > 0) {
    const stopping = { ...paths, stopTimeoutMs: config.stopTimeoutMs };
    return { kind: 'invalid', file: configFile, problems, stopping };
  }
  const warnings = [
    ...judged.warnings.map(renderProblem),
    ...rules.problems.map(renderProblem),
    ...findUnknownVariables(request.env, request.knownVariables),
  ];
  const configSource = found.kind === 'file' ? found.source : 'default';
  const settings = toSettings({
    config,
    candidate,
    raw,
    processors: processors.references,
    modules: modules.loaded,
    rules: rules.loaded,
    steps: steps.loaded,
    checks: checks.loaded,
    configSource,
  });
  return { kind: 'ok', settings, warnings };
}

/** The content of the configuration, and where it stands. */
function toGiven(request: LoadRequest, configFile: string | undefined, value: unknown): ValueSources['file'] {
  if (configFile === undefined) return { value, source: GIVEN, base: request.cwd };
  return { value, source: `file ${basename(configFile)}`, base: dirname(configFile) };
}

/** Result for a file that cannot be read: only its place is known. */
function toUnread(request: LoadRequest, path: string | undefined, problem: Problem): LoadResult {
  const { raw, origins } = gatherValues({
    ...request,
    file: path === undefined ? undefined : toGiven(request, path, {}),
  });
  const config = salvage(raw);
  const stopping = { ...resolvePaths(config, origins), stopTimeoutMs: config.stopTimeoutMs };
  return { kind: 'invalid', file: path, problems: [problem], stopping };
}

async function judge(candidate: Candidate): Promise<{ problems: readonly Problem[]; warnings: readonly Problem[] }> {
  const findings = await Promise.all(
    [...RULES, ...ACTION_RULES, ...ALERT_RULES].map(async (rule) => ({
      severity: rule.severity,
      found: await rule.find(candidate),
    })),
  );
  const of = (severity: 'problem' | 'warning') =>
    findings.filter((finding) => finding.severity === severity).flatMap((finding) => finding.found);
  return { problems: of('problem'), warnings: of('warning') };
}

interface LoadedProcessors {
  readonly references: readonly ProcessorKind[];
  readonly problems: readonly Problem[];
}

async function loadProcessors(
  drafts: readonly WatchPathDraft[],
  openLoader: () => Promise<ModuleLoader>,
  request: LoadRequest,
  origins: Origins,
): Promise<LoadedProcessors> {
  const references: ProcessorKind[] = [];
  const problems: Problem[] = [];
  for (const draft of drafts) {
    if (draft.processor === undefined) continue;
    const reference = parseProcessor(draft.processor, request.builtInProcessors);
    if (request.checkFolders === false) {
      references.push(withoutValue(reference));
      continue;
    }
    const loaded = await loadProcessor(reference, openLoader, request.builtInProcessors);
    if (loaded.kind === 'loaded') references.push(loaded.processor);
    else {
      const { source } = origins.of('watchPaths');
      problems.push({ path: draft.pathOf('processor'), message: loaded.message, source });
    }
  }
  return { references, problems };
}

function withoutValue(reference: ProcessorReference): ProcessorKind {
  return reference.kind === 'built-in' ? reference : { ...reference, value: undefined };
}

/** The settings that are right by themselves, the others by default: so that the rules can judge what is left. */
function salvage(raw: unknown): ParsedConfig {
  if (!isRecord(raw)) return configSchema.parse({});
  const right = Object.entries(configSchema.shape).filter(([key, schema]) => schema.safeParse(raw[key]).success);
  return configSchema.parse(Object.fromEntries(right.map(([key]) => [key, raw[key]])));
}
