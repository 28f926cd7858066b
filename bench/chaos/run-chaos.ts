import { waitUntil } from '@sendit/testing/services';
import { waitUntilIdle } from './ask-daemon.ts';
import { checkInstallation, stopAll } from './check-installation.ts';
import type { Verdict } from './compare.ts';
import { runInjector, type SecondEnd } from './injector.ts';
import { openInstallation } from './installation.ts';
import { type Backend, type FaultKind, isKill, toSchedule } from './schedule.ts';
import { runSender } from './sender.ts';

export interface ChaosOptions {
  readonly backend: Backend;
  readonly studies: number;
  readonly faults: number;
  readonly seed: number;
  /** Whether to fill disks, where this account may mount small ones; true by default. */
  readonly smallDisks?: boolean;
  readonly onProgress?: (progress: ChaosProgress) => void;
}

/** How far a run has come. */
export interface ChaosProgress {
  readonly phase: 'starting' | 'dropping' | 'waiting' | 'checking';
  readonly sent: number;
  readonly faults: number;
  /** The latest fault. */
  readonly fault: FaultKind | undefined;
}

export interface ChaosResult extends Verdict {
  readonly backend: Backend;
  readonly seed: number;
  /** SIGKILLs and immediate stops of PostgreSQL; they are faults too. */
  readonly kills: number;
  readonly faults: number;
  readonly faultKinds: Readonly<Partial<Record<FaultKind, number>>>;
  /** How often a process ended by itself, since something it needs was away, and was started again. */
  readonly endedByThemselves: number;
  /** Whether everything was imported in time once all was healthy again. */
  readonly becameIdle: boolean;
  /** Processes that SIGTERM did not end with exit code 0. */
  readonly uncleanStops: number;
  /** Second containers that were refused while the first watcher stood. */
  readonly refused: number;
  /** Those that were not. */
  readonly admitted: number;
  readonly seconds: number;
}

/** How far the sender may be ahead of the faults. */
const LEAD = 0.02;

/** Runs one: starts everything, sends and breaks, mends, waits until it is idle, stops and checks. */
export async function runChaos(options: ChaosOptions, signal: AbortSignal): Promise<ChaosResult> {
  const started = performance.now();
  const { backend, seed, onProgress } = options;
  let progress: ChaosProgress = { phase: 'starting', sent: 0, faults: 0, fault: undefined };
  const tell = (change: Partial<ChaosProgress>): void => {
    progress = { ...progress, ...change };
    onProgress?.(progress);
  };
  tell({});
  await using installation = await openInstallation({ backend, smallDisks: options.smallDisks ?? true });
  const { sends, faults } = toSchedule({
    ...options,
    smallDisks: installation.stateDisk !== undefined,
    asRoot: installation.mount !== undefined,
  });
  const seconds: SecondEnd[] = [];
  const kinds: Partial<Record<FaultKind, number>> = {};
  const aheadOfFaults = Math.max(4, Math.floor(sends.length * LEAD));
  // Of the sends that wait for faults and the faults that wait for sends the first to fail ends both.
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const together = [
    runSender(
      sends,
      {
        folder: installation.share,
        seed,
        turn: (index) =>
          untilTrue(() => index - aheadOfFaults < (faults[progress.faults]?.afterSends ?? Infinity), either),
        onSent: () => tell({ sent: progress.sent + 1 }),
      },
      either,
    ),
    runInjector(
      faults,
      {
        installation,
        sent: (count) => untilTrue(() => progress.sent >= count, either),
        onSecond: (end) => seconds.push(end),
        onFault: ({ kind }) => {
          kinds[kind] = (kinds[kind] ?? 0) + 1;
          tell({ faults: progress.faults + 1, fault: kind });
        },
      },
      either,
    ),
  ];
  tell({ phase: 'dropping' });
  for (const one of together) one.catch((error: unknown) => failure.abort(error));
  await Promise.all(together);
  tell({ phase: 'waiting' });
  const becameIdle = await waitUntilIdle({ socketPath: installation.socketPath, directories: sends.length }, signal);
  tell({ phase: 'checking' });
  const uncleanStops = await stopAll(installation);
  const processes = [installation.daemon, ...installation.workers];
  const verdict = await checkInstallation(installation, sends);
  return {
    backend,
    seed,
    kills: faults.filter(({ kind }) => isKill(kind)).length,
    faults: faults.length,
    faultKinds: kinds,
    endedByThemselves: processes.reduce((sum, process) => sum + process.endsByItself, 0),
    becameIdle,
    uncleanStops,
    refused: seconds.filter((end) => end === 'refused').length,
    admitted: seconds.filter((end) => end === 'admitted').length,
    seconds: Math.round((performance.now() - started) / 1000),
    ...verdict,
  };
}

async function untilTrue(condition: () => boolean, signal: AbortSignal): Promise<void> {
  await waitUntil('its turn', () => signal.aborted || condition(), 3_600_000);
  signal.throwIfAborted();
}
