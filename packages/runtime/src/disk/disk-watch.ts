import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Clock, DiskSpace } from '@sendit/model';
import { addSample, forecastFull, type SpaceSample } from './forecast.ts';

/** How often free space is looked at, kept for the forecast, and how long that is kept. */
const LOOK_MS = 60_000;
const BOUNDS = { everyMs: 10 * 60_000, keepMs: 24 * 3_600_000 } as const;

/** Where the samples of a host are kept over a restart. */
export interface SampleStore {
  read(): Promise<unknown>;
  keep(value: unknown): Promise<unknown>;
}

/** Free space of some folders, with a forecast. */
export interface DiskWatch {
  /** Null where it cannot be told, or was not looked at yet. */
  of(folder: string): DiskSpace | null;
  /** Looks until aborted. */
  run(signal: AbortSignal): Promise<void>;
}

type Samples = Readonly<Record<string, readonly SpaceSample[]>>;

/** Watches the disks of folders. One that does not answer, as a dead mount does not, keeps no other waiting. */
export function createDiskWatch(
  folders: readonly string[],
  { clock, store, now = Date.now }: { readonly clock: Clock; readonly store: SampleStore; readonly now?: () => number },
): DiskWatch {
  const host = hostname();
  const spaces = new Map<string, DiskSpace>();
  const asking = new Set<string>();
  let hosts: Readonly<Record<string, Samples>> | undefined;
  const samples = new Map<string, readonly SpaceSample[]>();

  async function look(folder: string): Promise<void> {
    if (asking.has(folder)) return;
    asking.add(folder);
    try {
      const { bavail, blocks, bsize } = await statfs(folder);
      const freeBytes = bavail * bsize;
      const kept = addSample(samples.get(folder) ?? [], { at: now(), freeBytes }, BOUNDS);
      samples.set(folder, kept);
      const full = forecastFull(kept);
      const fullAt = full === null ? null : new Date(full).toISOString();
      spaces.set(folder, { freeBytes, totalBytes: blocks * bsize, fullAt });
    } catch {
      spaces.delete(folder);
    } finally {
      asking.delete(folder);
    }
  }

  async function recall(): Promise<void> {
    if (hosts !== undefined) return;
    const stored = await store.read();
    hosts = typeof stored === 'object' && stored !== null ? (stored as Record<string, Samples>) : {};
    for (const folder of folders) {
      const known = hosts[host]?.[folder] ?? [];
      samples.set(folder, [...known, ...(samples.get(folder) ?? [])]);
    }
  }

  return {
    of: (folder) => spaces.get(folder) ?? null,
    run: async (signal) => {
      let before = '';
      while (!signal.aborted) {
        await recall().catch(() => undefined);
        const looks = Promise.all(folders.map(look));
        await Promise.race([looks, clock.sleep(LOOK_MS / 2, signal)]);
        const own = Object.fromEntries(samples);
        const text = JSON.stringify(own);
        if (hosts !== undefined && text !== before) {
          before = text;
          await store.keep({ ...hosts, [host]: own }).catch(() => undefined);
        }
        await clock.sleep(LOOK_MS, signal);
      }
    },
  };
}
