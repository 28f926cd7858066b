import { setImmediate as nextTurn } from 'node:timers/promises';
import { join } from 'node:path';
import type { HeaderSighting } from '@sendit/detector';
import { readIdentity, readSidecars, readStamp, readTree, readWriters, type SidecarNames } from '@sendit/detector/node';
import { readHeaderFile } from '@sendit/dicom/node';
import type { UnitDisk } from '@sendit/intake';
import type { Writers } from '../watch-paths/writers.ts';
import { toHeaderSighting, UNIT_TAGS } from './header-sighting.ts';

/**
 * Time slice in ms of reading headers before yielding to the event loop; from memory that is more than a thousand
 * headers.
 */
const TURN_MS = 8;

/** How {@link openUnitDisk} reads. */
export interface UnitDiskOptions {
  readonly sidecars: SidecarNames;
  /** A look at /proc that is no older is used again; 0 by default. */
  readonly reuseMs?: number;
  /** Makes a mount that caches show what is there now; without it, what it has is taken. */
  readonly revalidate?: ((path: string) => Promise<void>) | undefined;
  /** By /proc alone where absent. */
  readonly writers?: Pick<Writers, 'read'> | undefined;
}

/** The files below a watch path, as units need them, from the disk. */
export function openUnitDisk({ revalidate, sidecars, reuseMs = 0, writers }: UnitDiskOptions): UnitDisk {
  return {
    readIdentity,
    readTree: (folder, options, signal) => readTree(folder, { ...options, revalidate }, signal),
    readStamp: async (folder, path) => {
      await revalidate?.(join(folder, path));
      return readStamp(folder, path);
    },
    readHeaders,
    readWriters: (folder, paths, signal) =>
      writers?.read(folder, signal, { reuseMs, only: paths }) ??
      readWriters(folder, signal, { reuseMs, only: (path) => paths.has(path) }),
    sidecarNames: new Set([sidecars.markers, sidecars.manifests, sidecars.counts].flatMap((names) => names ?? [])),
    readSidecars: ({ directory, files, isExclusive }, signal) =>
      readSidecars(directory, files, {
        markers: sidecars.markers,
        ...(isExclusive ? { manifests: sidecars.manifests, counts: sidecars.counts } : {}),
        signal,
      }),
  };
}

/** Headers of files below a folder; others have their turn between. */
export async function readHeaders(
  folder: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<readonly HeaderSighting[]> {
  const sightings: HeaderSighting[] = [];
  let until = performance.now() + TURN_MS;
  for (const path of paths) {
    sightings.push(
      toHeaderSighting(readHeaderFile(join(folder, path), { tags: UNIT_TAGS, checkTruncation: true }).header),
    );
    if (performance.now() < until) continue;
    await nextTurn();
    signal.throwIfAborted();
    until = performance.now() + TURN_MS;
  }
  return sightings;
}
