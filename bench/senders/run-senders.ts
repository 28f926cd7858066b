import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openTempDir, waitUntil } from '@sendit/testing/services';
import type { SyntheticStudy } from '@sendit/testing/synthetic';
import { findMissing } from './find-missing.ts';
import { judge, type Judged, type SentStudy } from './judge.ts';
import { Place } from './place.ts';
import { QUIET_MS, type Scenario, type Send } from './scenario.ts';
import { startWatcher, type Watcher } from './watcher.ts';

/** A scenario that ran. */
export interface Ran extends Judged {
  readonly scenario: Scenario;
}

/** What came of all scenarios. */
export interface SendersResult {
  readonly ran: readonly Ran[];
  /** Those that this machine cannot run, with the reason. */
  readonly skipped: readonly { readonly scenario: Scenario; readonly reason: string }[];
}

/** How scenarios are run. */
export interface SendersOptions {
  /** Called with a line now and then. */
  readonly report?: (line: string) => void;
  /** Of every watch path: longer than the pauses of the scenarios. */
  readonly quietMs?: number;
}

/** Senders at the same time. */
const LANES = 6;
const SEALED_MS = 90_000;
const HEADER_BYTES = 4_096;

/** Runs scenarios beside each other, each with a watch path of its own, against the built watcher; everything is removed at the end. */
export async function runSenders(
  scenarios: readonly Scenario[],
  { report = () => undefined, quietMs = QUIET_MS }: SendersOptions = {},
): Promise<SendersResult> {
  const skipped = scenarios.flatMap((scenario) => {
    const reason = findMissing(scenario);
    return reason === undefined ? [] : [{ scenario, reason }];
  });
  for (const { scenario, reason } of skipped) report(`skipped: ${scenario.name}: ${reason}`);
  const able = scenarios.filter((scenario) => skipped.every((one) => one.scenario !== scenario));
  await using directory = await openTempDir();
  await chmod(directory.path, 0o755);
  const ran: Ran[] = [];
  for (const isOrdinary of [false, true]) {
    const those = able.filter((scenario) => (scenario.isOrdinary ?? false) === isOrdinary);
    if (those.length > 0)
      ran.push(...(await runGroup(those, { directory: directory.path, isOrdinary, report, quietMs })));
  }
  return { ran: able.flatMap((scenario) => ran.filter((one) => one.scenario === scenario)), skipped };
}

interface Group extends Required<SendersOptions> {
  readonly directory: string;
  readonly isOrdinary: boolean;
}

async function runGroup(
  scenarios: readonly Scenario[],
  { directory, isOrdinary, report, quietMs }: Group,
): Promise<Ran[]> {
  const opened: AsyncDisposable[] = [];
  await using _all = { [Symbol.asyncDispose]: () => disposeAll(opened) };
  const places = new Map<Scenario, Place>();
  const sends = new Map<Scenario, Send>();
  const failed: Ran[] = [];
  await inLanes(scenarios, async (scenario) => {
    const place = new Place(join(directory, scenario.name), scenario.name);
    opened.push(place);
    await place.make();
    try {
      sends.set(scenario, await scenario.open(place));
      places.set(scenario, place);
    } catch (error) {
      failed.push(toFailed(scenario, error));
    }
  });
  const watcher = await startWatcher(join(directory, isOrdinary ? 'ordinary' : 'watcher'), places, {
    isOrdinary,
    quietMs,
  });
  opened.push(watcher);
  const sent = new Map<Scenario, readonly SyntheticStudy[]>();
  await inLanes([...sends], async ([scenario, send]) => {
    try {
      sent.set(scenario, await send());
      await waitUntil(
        `the batches of ${scenario.name}`,
        async () => (await watcher.readBatches(scenario.name)).length > 0 && (await isIdle(watcher, scenario)),
        SEALED_MS,
      );
    } catch (error) {
      const pending = await watcher.listPending(scenario.name).catch(() => []);
      failed.push(
        toFailed(
          scenario,
          error,
          pending.map(({ name, reason }) => `${name}: ${reason}`),
        ),
      );
    }
    report(`sent: ${scenario.name}`);
  });
  // What comes late is seen by the next look after a seal.
  await pause(quietMs + 1_000);
  const judged = await Promise.all(
    [...sent].map(async ([scenario, studies]): Promise<Ran> => {
      const truth = await Promise.all(studies.map((study) => readSent(study, places.get(scenario)?.real ?? '')));
      const unit = String(scenario.here?.['unit'] ?? 'directory');
      const { findings = [] } = scenario;
      return { scenario, ...judge(truth, await watcher.readBatches(scenario.name), { unit, findings }) };
    }),
  );
  const isFailed = ({ scenario }: Ran): boolean => failed.some((one) => one.scenario === scenario);
  return [...judged.filter((one) => !isFailed(one)), ...failed];
}

async function isIdle(watcher: Watcher, { name }: Scenario): Promise<boolean> {
  const batches = await watcher.readBatches(name);
  const pending = await watcher.listPending(name);
  return (
    pending.every(({ outcome }) => outcome === 'skipped') &&
    batches.every(({ status }) => !['NEW', 'QUEUE', 'PROCESSING'].includes(status))
  );
}

function toFailed(scenario: Scenario, error: unknown, more: readonly string[] = []): Ran {
  const { cause } = error as { readonly cause?: unknown };
  const because = cause instanceof Error ? [cause.message] : [];
  return { scenario, problems: [String(error), ...because, ...more], grades: [], delayMs: undefined };
}

/** The truth about a study, from the sender's own files and from those that lie in the watch path. */
async function readSent(study: SyntheticStudy, folder: string): Promise<SentStudy> {
  const counts = study.seriesInstanceUids.map((uid) => [uid, 0] as const);
  const series: Record<string, number> = Object.fromEntries(counts);
  for (const file of study.files) {
    const header = (await readFile(file)).subarray(0, HEADER_BYTES).toString('latin1');
    for (const uid of study.seriesInstanceUids) if (header.includes(uid)) series[uid] = (series[uid] ?? 0) + 1;
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        const content = await readFile(path);
        const isOfStudy = content.subarray(0, HEADER_BYTES).includes(study.studyInstanceUid);
        return isOfStudy ? (await stat(path)).ctimeMs : Number.NEGATIVE_INFINITY;
      }),
  );
  return { studyInstanceUid: study.studyInstanceUid, series, lastByteAt: Math.max(...times) };
}

async function disposeAll(opened: readonly AsyncDisposable[]): Promise<void> {
  for (const one of opened.toReversed()) await one[Symbol.asyncDispose]();
}

async function inLanes<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const queue = all.values();
  const lane = async (): Promise<void> => {
    for (const one of queue) await work(one);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
