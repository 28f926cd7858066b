import type { PublicHealth, SenditApi, Totals, WatcherStatus, Worker } from '@sendit/api';
import { HEALTH_CODES } from '@sendit/model';
import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';

/** Input of one scrape. Null while the database is away: its metrics are then absent, not zero. */
interface Facts {
  readonly status: WatcherStatus;
  readonly stages: PublicHealth['stages'];
  readonly totals: Totals | null;
  readonly workers: readonly Worker[] | null;
}

/** The metrics of an installation in Prometheus' text form. No label is an identifier: no name, no path, no host, no UID. */
export interface Metrics {
  readonly contentType: string;
  read(): Promise<string>;
}

/** Metrics over the API: every scrape asks it, nothing is kept between scrapes but those of the process itself, from the first scrape on. */
export function createMetrics(api: SenditApi): Metrics {
  let ownProcess: Registry | undefined;
  return {
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    read: async () => {
      ownProcess ??= openProcessMetrics();
      return `${await describe(await readFacts(api)).metrics()}\n${await ownProcess.metrics()}`;
    },
  };
}

function openProcessMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

async function readFacts(api: SenditApi): Promise<Facts> {
  const orNull = async <T>(asked: Promise<T>): Promise<T | null> => await asked.catch(() => null);
  const [status, stages, totals, workers] = await Promise.all([
    api.status(),
    orNull(api.countStages()),
    orNull(api.readTotals()),
    orNull(api.listWorkers()),
  ]);
  return { status, stages, totals, workers: workers?.results ?? null };
}

function describe(facts: Facts): Registry {
  const registry = new Registry();
  describeWatcher(registry, facts);
  if (facts.stages !== null) {
    const { doneToday: _done, failedToday: _failed, needsAttention, ...stages } = facts.stages;
    gauge(registry, 'sendit_units', 'Units on their way, by stage.', 'stage', stages);
    gauge(
      registry,
      'sendit_needs_attention',
      'Batches that a person should look at and nobody has acknowledged.',
      needsAttention,
    );
  }
  if (facts.totals !== null) describeTotals(registry, facts.totals);
  if (facts.workers !== null) {
    for (const role of ['watcher', 'worker'] as const) {
      const ages = facts.workers.filter((one) => one.role === role).map(({ ageMs }) => ageMs / 1000);
      if (ages.length === 0) continue;
      gauge(registry, 'sendit_heartbeat_age_seconds', 'Age of the youngest sign of life, by role.', 'role', {
        [role]: Math.min(...ages),
      });
    }
    const alive = (role: Worker['role']) => facts.workers?.filter((one) => one.role === role && one.alive).length ?? 0;
    gauge(registry, 'sendit_processes', 'Processes that give a sign of life, by role.', 'role', {
      watcher: alive('watcher'),
      worker: alive('worker'),
    });
  }
  return registry;
}

function describeWatcher(registry: Registry, { status }: Facts): void {
  const { actions, active, health, queue, roots } = status;
  const sum = (read: (root: (typeof roots)[number]) => number): number =>
    roots.reduce((all, root) => all + read(root), 0);
  gauge(registry, 'sendit_watcher_active', '1 while a watcher is active.', active ? 1 : 0);
  gauge(registry, 'sendit_watch_paths', 'Watch paths of the watchers that are active.', roots.length);
  gauge(
    registry,
    'sendit_watch_paths_failing',
    'Of these, those that cannot be watched now.',
    roots.filter(({ problem }) => problem !== null).length,
  );
  counter(
    registry,
    'sendit_missed_events_total',
    'Kernel queue overflows since the start of the watcher; each was followed by a rescan.',
    sum(({ overflows }) => overflows),
  );
  counter(
    registry,
    'sendit_found_by_rescan_total',
    'What a rescan found since the start of the watcher and no event told of.',
    sum(({ foundByRescan }) => foundByRescan),
  );
  counter(
    registry,
    'sendit_late_changes_total',
    'Contents seen after their seal, since the start of the watcher.',
    sum(({ lateChanges }) => lateChanges),
  );
  if (queue !== null)
    gauge(registry, 'sendit_queue_jobs', 'Jobs of the import queue, by state.', 'state', { ...queue });
  if (actions !== null)
    gauge(registry, 'sendit_actions', 'Actions that are not done, by state.', 'state', { ...actions });
  const problems = health?.problems ?? [];
  const standing = HEALTH_CODES.map((code) => [code, problems.filter((problem) => problem.code === code).length]);
  gauge(
    registry,
    'sendit_health_problems',
    'What stands in the one judgement of health, by code.',
    'code',
    Object.fromEntries(standing),
  );
}

function describeTotals(registry: Registry, totals: Totals): void {
  counter(registry, 'sendit_sealed_total', 'Batches that were sealed.', totals.sealed);
  gauge(
    registry,
    'sendit_batches_ended',
    'Batches that have ended, by status; a batch that is queued again leaves it.',
    'status',
    totals.ended,
  );
  gauge(registry, 'sendit_instances', 'Instances in the database.', totals.instances);
  counter(registry, 'sendit_sealed_bytes_total', 'Bytes that were sealed.', totals.bytes);
  gauge(registry, 'sendit_findings', 'Findings in the database, by code.', 'code', totals.findings);
  gauge(registry, 'sendit_outbox_unsent', 'Messages that the queue has not got.', totals.unsent);
  gauge(
    registry,
    'sendit_outbox_lag_seconds',
    'Age of the oldest message that the queue has not got.',
    totals.oldestUnsentS,
  );
  histogram(registry, 'sendit_import_duration_seconds', 'Imports, from begin to end.', totals.importS);
  histogram(
    registry,
    'sendit_sealed_to_imported_seconds',
    'Imports, from the seal to the end.',
    totals.sealedToImportedS,
  );
}

function gauge(registry: Registry, name: string, help: string, value: number): void;
function gauge(
  registry: Registry,
  name: string,
  help: string,
  label: string,
  values: Readonly<Record<string, number>>,
): void;
function gauge(
  registry: Registry,
  name: string,
  help: string,
  told: number | string,
  values: Readonly<Record<string, number>> = {},
): void {
  if (typeof told === 'number') {
    new Gauge({ name, help, registers: [registry] }).set(told);
    return;
  }
  const known = registry.getSingleMetric(name) as Gauge | undefined;
  const metric = known ?? new Gauge({ name, help, labelNames: [told], registers: [registry] });
  for (const [label, value] of Object.entries(values)) metric.set({ [told]: label }, value);
}

function counter(registry: Registry, name: string, help: string, value: number): void {
  new Counter({ name, help, registers: [registry] }).inc(value);
}

/** The library's own histogram counts by itself; this one was counted by the database. */
function histogram(registry: Registry, name: string, help: string, { buckets, count, sum }: Totals['importS']): void {
  const values = [
    ...buckets.map(({ count: value, le }) => ({ labels: { le }, value, metricName: `${name}_bucket` })),
    { labels: { le: '+Inf' }, value: count, metricName: `${name}_bucket` },
    { labels: {}, value: sum, metricName: `${name}_sum` },
    { labels: {}, value: count, metricName: `${name}_count` },
  ];
  const metric = { name, help, get: async () => ({ name, help, type: 'histogram', values, aggregator: 'sum' }) };
  registry.registerMetric(metric as unknown as Gauge & { get(): Promise<MetricObjectWithValues<MetricValue<string>>> });
}
