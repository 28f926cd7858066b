import type { OwnRules } from '@sendit/detector';
import { defaultLatePolicy, MESSAGE_LEVELS, type MessageLevel, type Mode, type StepAction } from '@sendit/model';
import { isRecord } from './is-record.ts';
import { toDisplayName } from './processor.ts';
import type { Candidate } from './rules.ts';
import { type ParsedConfig, watchPathObject } from './schema.ts';
import { listFields, listWatchPathFields } from './schema-fields.ts';
import type { ProcessorKind, Settings, WatchPath } from './settings.ts';
import { listEventActions, toAction, toActionName, toFailedAction } from './to-actions.ts';
import { toAlerts } from './to-alerts.ts';
import type { WatchPathDraft } from './watch-paths.ts';

/** Parts of a valid configuration. */
export interface Parts {
  readonly config: ParsedConfig;
  readonly candidate: Candidate;
  readonly raw: unknown;
  /** One for each draft. */
  readonly processors: readonly ProcessorKind[];
  /** Functions of the module actions, by the module as it was written. */
  readonly modules: ReadonlyMap<string, unknown>;
  /** Rules of the user's own, by `profile`. */
  readonly rules: ReadonlyMap<string, OwnRules>;
  readonly checks: Settings['worker']['checks'];
  readonly steps: readonly StepAction[];
  readonly configSource: string;
}

/** Puts the settings together, all defaults filled in. */
export function toSettings(parts: Parts): Settings {
  const { config, candidate } = parts;
  const { databaseUrl, redisUrl } = config;
  const sources = toSources(parts);
  const { channels: _channels, ...alerts } = config.alerts;
  const context = { base: candidate.origins.of('alerts').base, env: candidate.env };
  const { limits, findings, logFormat, portal, quietMs, stopTimeoutMs, testPrefix, worker } = config;
  return {
    ...candidate.paths,
    alerts: { ...alerts, ...toAlerts(config.alerts, context) },
    limits,
    findings,
    logFormat,
    portal,
    quietMs,
    stopTimeoutMs,
    testPrefix,
    worker: { ...worker, checks: parts.checks, steps: parts.steps },
    configFile: candidate.configFile,
    watchPaths: candidate.drafts.map((draft, at) => toWatchPath(draft, parts, parts.processors[at])),
    databaseUrl,
    redisUrl,
    mode: toMode(databaseUrl, redisUrl),
    messageLevel: toLevel(config.messageLevel),
    logs: { ...config.logs, maxBytes: toBytes(config.logs.maxBytes) },
    portalPortExplicit: sources['portal.port'] !== 'default',
    sources,
  };
}

function toWatchPath(draft: WatchPathDraft, parts: Parts, processorKind: ProcessorKind | undefined): WatchPath {
  const { config, candidate } = parts;
  const { entry, events, folder, index, mask, name } = draft;
  if (folder === undefined)
    throw new TypeError(`Expected a complete watch path ${index}: only valid ones may come here.`);
  if (processorKind === undefined) throw new TypeError(`Expected the processor of watch path ${index}.`);
  const { modules } = parts;
  const context = { base: candidate.origins.of('watchPaths').base, env: candidate.env, modules };
  const { moveFailed, onError, onHeld, onLate, ...fields } = watchPathObject.parse(entry);
  return {
    ...fields,
    name,
    folder,
    events,
    mask,
    processor: toDisplayName(processorKind, fields.processor),
    processorKind,
    rules: parts.rules.get(fields.profile),
    quietMs: fields.quietMs ?? config.quietMs,
    testPrefix: fields.testPrefix ?? config.testPrefix,
    late: fields.late ?? defaultLatePolicy(fields.unit),
    limits: config.limits,
    findings: {
      ...config.findings,
      ...(fields.oneStudyDate ? { 'several-study-dates': 'error' } : {}),
      ...fields.findings,
    },
    actions: fields.actions.map((action) => toAction(action, context)),
    failedActions: moveFailed === undefined ? [] : [toFailedAction(moveFailed, context.base)],
    eventActions: listEventActions({ onError, onHeld, onLate }).map(({ action, on }) => ({
      ...toAction({ ...action, name: toActionName(action, on) }, context),
      on,
    })),
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
