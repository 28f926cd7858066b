import type { PendingDirectory } from '@sendit/api';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Settings, WatchPath } from '@sendit/config';
import { toNameRules } from '@sendit/detector';
import { SenditError } from '@sendit/model';
import { lookAtUnit, UnitTree, WantedNames } from '@sendit/intake';
import { toSidecarNames } from '../disk/sidecar-names.ts';
import { type DirectoryExplanation, readKnown, tellSight, toKnownNotes } from './tell-sight.ts';
import { openUnitDisk } from '../disk/unit-disk.ts';

/** A watch path whose units are series or studies, its files grouped as they are now. */
interface Place {
  readonly watchPath: WatchPath;
  readonly tree: UnitTree;
  readonly disk: ReturnType<typeof openUnitDisk>;
  readonly listed: Awaited<ReturnType<UnitTree['scan']>>;
}

/**
 * Explains a unit, by its key (`series/1.2.3`), its UID, or the path of a file or directory of it. Undefined where the reference is
 * neither: then it is a directory's. All files of the watch path are looked at for it.
 * @throws SenditError `not-found` when no such unit, file or directory is there, or a directory holds several.
 */
export async function explainUnit(settings: Settings, ref: string): Promise<DirectoryExplanation | undefined> {
  const { signal } = new AbortController();
  const places = settings.watchPaths.filter(({ unit }) => unit !== 'directory');
  const path = resolve(ref);
  const own = places.find(({ folder }) => path.startsWith(`${folder}/`));
  if (own !== undefined) {
    const place = await openPlace(own, signal);
    const below = path.slice(own.folder.length + 1);
    const reason = place.tree.groups.unassigned().get(below);
    if (reason !== undefined) return tellUnassigned(settings, path, reason);
    return await tellUnit(settings, { place, key: toKeyAt(place, below, path) }, signal);
  }
  if (ref.startsWith('/') || ref.startsWith('.')) return undefined;
  for (const watchPath of places) {
    const place = await openPlace(watchPath, signal);
    const key = [ref, `${watchPath.unit}/${ref}`].find((one) => place.tree.groups.hasUnit(one));
    if (key !== undefined) return await tellUnit(settings, { place, key }, signal);
  }
  return undefined;
}

/** The files of one watch path, listed and grouped once. */
export async function openPlace(watchPath: WatchPath, signal: AbortSignal): Promise<Place> {
  const { folder, limits, unit } = watchPath;
  if (unit === 'directory') throw new TypeError(`Expected a watch path of series or studies, got ${watchPath.name}`);
  const disk = openUnitDisk({ sidecars: toSidecarNames(watchPath) });
  const names = toNameRules(watchPath);
  const wanted = new WantedNames({ ...watchPath, names });
  const tree = new UnitTree({ folder, unit, disk, skips: (name) => !wanted.isWanted(name), names, limits });
  const listed = await tree.scan(signal);
  return { watchPath, tree, disk, listed };
}

function toKeyAt({ tree: { groups } }: Place, below: string, path: string): string {
  const own = groups.keyOf(below);
  if (own !== undefined) return own;
  const keys = new Set(groups.filesBelow(below).flatMap((file) => groups.keyOf(file.path) ?? []));
  const [key, ...others] = [...keys].sort();
  if (key === undefined) {
    throw new SenditError(`There is no file of a unit at ${path}.`, {
      code: 'not-found',
      hint: 'Tests and names that are not final are not looked into; `sendit watcher pending` lists the rest.',
    });
  }
  if (others.length > 0) {
    throw new SenditError(`Expected one unit at ${path}, got ${others.length + 1}.`, {
      code: 'not-found',
      hint: `Name one of them: ${[key, ...others].slice(0, 5).join(', ')}${others.length > 4 ? ', …' : ''}.`,
    });
  }
  return key;
}

async function tellUnit(
  settings: Settings,
  { place, key }: { readonly place: Place; readonly key: string },
  signal: AbortSignal,
): Promise<DirectoryExplanation> {
  const { disk, tree, watchPath } = place;
  const { folder, limits, quietMs, waitForSiblings } = watchPath;
  const isPending = ({ name, root }: PendingDirectory): boolean => root === watchPath.name && name === key;
  const known = await readKnown(settings, { ref: key, isPending });
  const isArriving = (name: string): boolean =>
    known.allPending.some((one) => one.name === name && (one.unchangedMs ?? 0) < quietMs);
  const looking = { folder, tree, disk, limits, waitsForSiblings: waitForSiblings, isArriving };
  const look = await lookAtUnit(key, looking, signal);
  const paths = new Set(tree.groups.filesOf(key).map((file) => file.path));
  const writers = await disk.readWriters?.(folder, paths, signal);
  const listing = { ...look.listing, ...(writers === undefined ? {} : { writers }) };
  const told = tellSight(settings, { path: folder, name: key, listing, watchPath }, known);
  return { ...told, unit: key, notes: toKnownNotes(known, told.batch !== null && known.pending === undefined) };
}

async function tellUnassigned(settings: Settings, path: string, reason: string): Promise<DirectoryExplanation> {
  const known = await readKnown(settings, { ref: path, isPending: (one) => one.path === path });
  return {
    path,
    finished: false,
    outcome: known.pending?.outcome ?? 'waiting',
    grade: null,
    reason: `it belongs to no unit: ${reason}`,
    recheckAt: null,
    doubts: [],
    toFinish: ['Wait until its sender has written it, or take it out of the watch path when it is no image.'],
    findings: [],
    watcher: known.isRunning ? 'running' : 'not running',
    waitingMs: known.pending?.waitingMs ?? null,
    unchangedMs: null,
    files: 1,
    bytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0,
    batch: null,
    since: known.pending?.since ?? null,
    notes: toKnownNotes(known, false),
  };
}
