import {
  type FolderSightings,
  type SiblingsSighting,
  toRsyncTarget,
  type UnitFile,
  type UnitGroups,
} from '@sendit/detector';
import { type FolderLook, toUnitLook } from '@sendit/detector/node';
import { type BatchLimits, DEFAULT_BATCH_LIMITS, type ExceededLimit } from '@sendit/model';
import type { UnitDisk } from './unit-disk.ts';
import type { UnitTree } from './unit-tree.ts';

/** How {@link lookAtUnit} looks. */
export interface UnitLookDeps {
  readonly folder: string;
  readonly tree: UnitTree;
  readonly disk: UnitDisk;
  /** Whether a series waits for the others of its study. */
  readonly waitsForSiblings: boolean;
  /** Whether another unit changed a short time ago or is being written. */
  readonly isArriving: (key: string) => boolean;
  /** By default {@link DEFAULT_BATCH_LIMITS}. */
  readonly limits?: BatchLimits | undefined;
}

/** A look at a unit, and the keys of other units that it found changed. */
export interface UnitLook extends FolderLook {
  readonly touched: readonly string[];
}

/** Looks at every file of one unit, and at what speaks for it. @throws the signal's reason when aborted. */
export async function lookAtUnit(key: string, deps: UnitLookDeps, signal: AbortSignal): Promise<UnitLook> {
  const { limits = DEFAULT_BATCH_LIMITS, tree } = deps;
  const { groups } = tree;
  const directory = toOwnDirectory(groups.filesOf(key));
  const sidecars = directory === '' ? [] : groups.filesBelow(directory).filter(({ path }) => groups.isSidecar(path));
  const paths = [...groups.filesOf(key), ...sidecars].map(({ path }) => path);
  const touched = await tree.refresh(paths, signal);
  const files = groups.filesOf(key);
  const look = toUnitLook(files, groups.unit);
  const unfinished = await withoutLeftovers(toUnfinished(files, deps), deps);
  const siblings = toSiblings(key, unfinished, deps);
  const exceeds: ExceededLimit = { limit: 'files', allowed: limits.files };
  const isTooLarge = files.length > limits.files ? { exceeds } : {};
  const listing = { ...look.listing, siblings, ...isTooLarge, ...(await readSpeakers(key, files, deps, signal)) };
  return { ...look, listing, touched: touched.filter((other) => other !== key) };
}

/** Names that are not final in the directories of the unit. Loose files have no directory of their own. */
function toUnfinished(
  files: readonly UnitFile[],
  { tree: { groups }, waitsForSiblings }: UnitLookDeps,
): readonly string[] {
  const isWide = groups.unit === 'study' || waitsForSiblings;
  const own = new Set(files.map(({ path }) => toDirectory(path)));
  const tops = new Set([...own].map((directory) => directory.split('/')[0] ?? ''));
  tops.delete('');
  return [...tops].flatMap((top) => groups.unfinishedBelow(top)).filter((path) => isWide || own.has(toDirectory(path)));
}

/** A killed rsync's leftover delays nothing once its file has arrived later under the final name. */
async function withoutLeftovers(
  unfinished: readonly string[],
  { disk, folder, tree: { groups } }: UnitLookDeps,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const path of unfinished) {
    const target = toRsyncTarget(path);
    const file = target === undefined ? undefined : groups.get(target);
    const sighting = file === undefined ? undefined : await disk.readStamp(folder, path);
    const isLeftover = sighting?.kind === 'stamp' && file !== undefined && file.stamp.ctimeNs > sighting.stamp.ctimeNs;
    if (!isLeftover) left.push(path);
  }
  return left;
}

/** Names that are not final, else the other series of the study. */
function toSiblings(key: string, unfinished: readonly string[], deps: UnitLookDeps): SiblingsSighting {
  const { isArriving, tree, waitsForSiblings } = deps;
  const { groups } = tree;
  if (unfinished.length > 0 || groups.unit === 'study' || !waitsForSiblings) {
    return { arriving: unfinished.length, example: unfinished[0] ?? null };
  }
  const arriving = groups.siblingsOf(key).filter(isArriving);
  return { arriving: arriving.length, example: arriving[0] ?? null, what: 'series' };
}

/** Done-file, list and number in the directory that holds the whole unit. */
async function readSpeakers(
  key: string,
  files: readonly UnitFile[],
  { disk, folder, tree: { groups } }: UnitLookDeps,
  signal: AbortSignal,
): Promise<FolderSightings> {
  const directory = disk.sidecarNames.size === 0 ? '' : toSpeakersDirectory(groups, files);
  if (directory === '') return {};
  const below = groups.filesBelow(directory);
  return await disk.readSidecars(
    {
      directory: `${folder}/${directory}`,
      files: below.map(({ path, stamp: { bytes, ctimeNs, device, inode, mtimeNs } }) => ({
        path: path.slice(directory.length + 1),
        bytes,
        ctimeNs,
        identity: [device, inode, bytes, mtimeNs, ctimeNs].join(':'),
      })),
      isExclusive: below.every(({ path }) => groups.isSidecar(path) || groups.keyOf(path) === key),
    },
    signal,
  );
}

/**
 * The directory whose done-file counts: for a study the one right below the watch path; for a series the innermost that
 * holds all of its files and such a file. Empty if there is none, as for loose files.
 */
function toSpeakersDirectory(groups: UnitGroups, files: readonly UnitFile[]): string {
  const own = toOwnDirectory(files);
  const parts = own === '' ? [] : own.split('/');
  const candidates = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  if (groups.unit === 'study') return candidates[0] ?? '';
  const speaks = (directory: string): boolean =>
    groups.filesBelow(directory).some(({ path }) => toDirectory(path) === directory && groups.isSidecar(path));
  return candidates.reverse().find(speaks) ?? own;
}

/** The innermost directory that holds all files; empty where that is the watch path. */
function toOwnDirectory(files: readonly UnitFile[]): string {
  const [first, ...others] = files.map(({ path }) => path.split('/').slice(0, -1));
  const common = others.reduce((sofar, parts) => {
    const end = sofar.findIndex((part, index) => part !== parts[index]);
    return end === -1 ? sofar : sofar.slice(0, end);
  }, first ?? []);
  return common.join('/');
}

function toDirectory(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
