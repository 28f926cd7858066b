import { join } from 'node:path';
import { systemClock } from '@sendit/model';
import { waitUntilIdle } from './ask-daemon.ts';
import { checkInstallation, stopAll } from './check-installation.ts';
import type { Verdict } from './compare.ts';
import { openSql } from './database.ts';
import { type Growth, isHandlesBounded, isMemoryBounded, toGrowth } from './growth.ts';
import { openInstallation } from './installation.ts';
import { type Backend, toSchedule } from './schedule.ts';
import { runSender } from './sender.ts';
import { readDirectoryMb, readTables, readUsage, type TableSize, type Usage } from './usage.ts';

export interface SoakOptions {
  readonly backend: Backend;
  readonly minutes: number;
  /** Directories a second. */
  readonly rate: number;
  readonly seed: number;
  readonly onSample?: (sample: SoakSample) => void;
}

/** Resources in use at one moment. */
export interface SoakSample {
  readonly second: number;
  readonly sent: number;
  readonly databaseMb: number;
  readonly processes: Readonly<Record<string, Usage>>;
}

export interface SoakResult extends Verdict {
  readonly backend: Backend;
  readonly minutes: number;
  readonly rate: number;
  readonly seed: number;
  /** By process. */
  readonly rssMb: Readonly<Record<string, Growth>>;
  readonly handles: Readonly<Record<string, Growth>>;
  readonly threads: Readonly<Record<string, Growth>>;
  readonly databaseMb: Growth;
  readonly tables: readonly TableSize[];
  /** Whether memory and handles stayed within their bounds, and everything stopped cleanly. */
  readonly bounded: boolean;
  readonly samples: readonly SoakSample[];
}

const SAMPLE_MS = 5_000;
/** Drops directories at a steady rate and watches what the processes hold; at the end checks that each was imported once. */
export async function runSoak(options: SoakOptions, signal: AbortSignal): Promise<SoakResult> {
  const { backend, minutes, rate, seed } = options;
  await using installation = await openInstallation({ backend, smallDisks: false });
  const { daemon, workers, database } = installation;
  const studies = Math.ceil(minutes * 60 * rate);
  const { sends } = toSchedule({ backend, studies, faults: 0, seed, smallDisks: false, asRoot: false });
  const started = performance.now();
  const samples: SoakSample[] = [];
  let sent = 0;

  const sampled = new AbortController();
  const sampling = sampleUntil(AbortSignal.any([signal, sampled.signal]), async () => {
    const entries = [daemon, ...workers].flatMap((process) => {
      const usage = readUsage(process.pid);
      return usage === undefined ? [] : [[process.name, usage] as const];
    });
    const second = Math.round((performance.now() - started) / 1000);
    const sample = { second, sent, databaseMb: await readSize(), processes: Object.fromEntries(entries) };
    samples.push(sample);
    options.onSample?.(sample);
  });
  const turn = (index: number): Promise<void> =>
    systemClock.sleep(started + (index * 1000) / rate - performance.now(), signal);
  await runSender(sends, { folder: installation.share, seed, turn, onSent: () => void (sent += 1) }, signal);
  sampled.abort();
  await sampling;
  await waitUntilIdle({ socketPath: installation.socketPath, directories: sends.length }, signal);
  const uncleanStops = await stopAll(installation);
  const verdict = await checkInstallation(installation, sends);
  await using sql = await openSql(database);
  const measured = summarise(samples);
  return {
    backend,
    minutes,
    rate,
    seed,
    ...measured,
    tables: await readTables(sql),
    bounded: uncleanStops === 0 && isBounded(measured),
    samples,
    ...verdict,
  };

  async function readSize(): Promise<number> {
    if ('directory' in database) return readDirectoryMb(join(database.directory, 'pgdata'));
    await using server = await openSql(database);
    const [row] = await server.query<{ mb: number }>(
      'select (pg_database_size(current_database()) / 1048576)::int as mb',
    );
    return row?.mb ?? 0;
  }
}

async function sampleUntil(signal: AbortSignal, sample: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await sample();
    await systemClock.sleep(SAMPLE_MS, signal);
  }
}

type Measured = Pick<SoakResult, 'rssMb' | 'handles' | 'threads' | 'databaseMb'>;

function summarise(samples: readonly SoakSample[]): Measured {
  const names = [...new Set(samples.flatMap((sample) => Object.keys(sample.processes)))];
  const of = (pick: (usage: Usage) => number): Record<string, Growth> =>
    Object.fromEntries(
      names.map((name) => [
        name,
        toGrowth(samples.flatMap(({ processes }) => (processes[name] === undefined ? [] : [pick(processes[name])]))),
      ]),
    );
  return {
    rssMb: of((usage) => usage.rssMb),
    handles: of((usage) => usage.handles),
    threads: of((usage) => usage.threads),
    databaseMb: toGrowth(samples.map((sample) => sample.databaseMb)),
  };
}

function isBounded({ rssMb, handles }: Measured): boolean {
  return Object.values(rssMb).every(isMemoryBounded) && Object.values(handles).every(isHandlesBounded);
}
