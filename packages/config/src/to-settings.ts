import { defaultLatePolicy, MESSAGE_LEVELS, type MessageLevel, type Mode } from '@sendit/model';
import { isRecord } from './is-record.ts';
import { toDisplayName } from './processor.ts';
import type { Candidate } from './rules.ts';
import type { ParsedConfig } from './schema.ts';
import { listFields, listWatchPathFields } from './schema-fields.ts';
import type { ProcessorKind, Settings, WatchPath } from './settings.ts';
import { toAction, toFailedAction } from './to-actions.ts';
import type { WatchPathDraft } from './watch-paths.ts';

/** Parts of a valid configuration. */
export interface Parts {
  readonly config: ParsedConfig;
  readonly candidate: Candidate;
  readonly raw: unknown;
  /** One for each draft. */
  readonly processors: readonly ProcessorKind[];
  readonly configSource: string;
}

/** Puts the settings together, all defaults filled in. */
export function toSettings(parts: Parts): Settings {
  const { config, candidate } = parts;
  const { databaseUrl, redisUrl } = config;
  const sources = toSources(parts);
  return {
    configFile: candidate.configFile,
    watchPaths: candidate.drafts.map((draft, at) => toWatchPath(draft, parts, parts.processors[at])),
    ...candidate.paths,
    databaseUrl,
    redisUrl,
    mode: toMode(databaseUrl, redisUrl),
    messageLevel: toLevel(config.messageLevel),
    logFormat: config.logFormat,
    logs: { ...config.logs, maxBytes: toBytes(config.logs.maxBytes) },
    portal: config.portal,
    portalPortExplicit: sources['portal.port'] !== 'default',
    worker: config.worker,
    limits: config.limits,
    findings: config.findings,
    stopTimeoutMs: config.stopTimeoutMs,
    quietMs: config.quietMs,
    testPrefix: config.testPrefix,
    sources,
  };
}

function toWatchPath(draft: WatchPathDraft, parts: Parts, processorKind: ProcessorKind | undefined): WatchPath {
  const { config, candidate } = parts;
  const context = { base: candidate.origins.of('watchPaths').base, env: candidate.env };
  const {
    folder,
    processor,
    backend,
    rescanMs,
    ignore,
    arrivingNames,
    unit,
    waitForSiblings,
    profile,
    minFiles,
    maxWaitMs,
    onDeadline,
    late,
    actions,
    oneStudyDate,
    moveFailed,
  } = draft;
  const isWhole =
    folder !== undefined &&
    processor !== undefined &&
    backend !== undefined &&
    rescanMs !== undefined &&
    ignore !== undefined &&
    arrivingNames !== undefined &&
    unit !== undefined &&
    waitForSiblings !== undefined &&
    profile !== undefined &&
    minFiles !== undefined &&
    maxWaitMs !== undefined &&
    onDeadline !== undefined &&
    oneStudyDate !== undefined &&
    actions !== undefined;
  if (!isWhole) throw new TypeError(`Expected a complete watch path ${draft.index}: only valid ones may come here.`);
  if (processorKind === undefined) throw new TypeError(`Expected the processor of watch path ${draft.index}.`);
  return {
    name: draft.name,
    folder,
    events: draft.events,
    mask: draft.mask,
    processor: toDisplayName(processorKind, processor),
    processorKind,
    backend,
    quietMs: draft.quietMs ?? config.quietMs,
    rescanMs,
    testPrefix: draft.testPrefix ?? config.testPrefix,
    ignore,
    arrivingNames,
    unit,
    waitForSiblings,
    profile,
    marker: draft.marker,
    manifest: draft.manifest,
    count: draft.count,
    minFiles,
    maxWaitMs,
    onDeadline,
    late: late ?? defaultLatePolicy(unit),
    limits: config.limits,
    oneStudyDate,
    findings: {
      ...config.findings,
      ...(oneStudyDate ? { 'several-study-dates': 'error' } : {}),
      ...draft.findings,
    },
    actions: actions.map((action) => toAction(action, context)),
    failedActions: moveFailed === undefined ? [] : [toFailedAction(moveFailed, context.base)],
  };
}

function toSources({ raw, candidate, configSource }: Parts): Readonly<Record<string, string>> {
  const { origins, drafts } = candidate;
  const sources: Record<string, string> = { configFile: configSource };
  for (const { path } of listFields()) sources[path] = isGiven(raw, path) ? origins.of(path).source : 'default';
  for (const draft of drafts) {
    for (const { path } of listWatchPathFields()) {
      const general = sources[path] ?? 'default';
      const source = draft.given.includes(path) ? origins.of('watchPaths').source : general;
      sources[`watchPaths[${draft.index}].${path}`] = source;
    }
  }
  return sources;
}

function isGiven(raw: unknown, path: string): boolean {
  const value = path.split('.').reduce((inner: unknown, key) => (isRecord(inner) ? inner[key] : undefined), raw);
  return value !== undefined;
}

function toMode(databaseUrl: string | undefined, redisUrl: string | undefined): Mode {
  if (databaseUrl === undefined) return 'embedded';
  return redisUrl === undefined ? 'postgres' : 'postgres+redis';
}

function toLevel(level: ParsedConfig['messageLevel']): MessageLevel {
  const names = Object.keys(MESSAGE_LEVELS) as MessageLevel[];
  const name = names.find((known) => known === level || MESSAGE_LEVELS[known] === level);
  if (name === undefined) throw new TypeError(`Expected a message level, got ${level}.`);
  return name;
}

/** `10M` → 10,485,760. */
function toBytes(size: number | string): number {
  if (typeof size === 'number') return size;
  const [, digits = '', unit = ''] = /^(\d+) ?([KMG]?)$/.exec(size) ?? [];
  return Number(digits) * 1024 ** ' KMG'.indexOf(unit || ' ');
}
