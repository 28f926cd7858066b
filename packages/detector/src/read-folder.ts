import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type BigIntStats, lstatSync } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type BatchLimits,
  DEFAULT_BATCH_LIMITS,
  type ExceededLimit,
  type FolderSignature,
  type ManifestFile,
  toPathExcess,
} from '@sendit/model';
import { toRsyncTarget } from './arriving-name.ts';
import { DEFAULT_NAMES, type NameRules } from './name-rules.ts';
import { toIdentity } from './entry-identity.ts';
import { entriesNow } from './entries-now.ts';
import { requireErrno } from './errno.ts';
import type { FolderListing } from './facts.ts';
import { toBirth, toBornNs, toFolderSignature } from './folder-signature.ts';
import { toRenameBound } from './rename-bound.ts';
import type { Turns } from './turns.ts';
import { readSidecars, type SeenFile, type SidecarNames } from './read-sidecars.ts';

/** Entries of one directory looked at together; more only queue up in libuv's four threads. */
const AT_ONCE = 64;

/** Names that the system is asked for at once: a list of all is not bounded. */
const NAMES_AT_ONCE = 512;

const SLASH = Buffer.from('/');

/** The kept part of an entry's stats: whole stats of a million files take more than a gigabyte. */
type EntryStats = Pick<BigIntStats, 'mode' | 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs' | 'birthtimeNs'>;

interface Entry {
  /** Bytes of the path below the folder; empty for the folder itself. */
  readonly path: Buffer;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly stats: EntryStats;
}

interface Walk {
  /** Of the folder itself, on whatever device. */
  birth: string;
  readonly entries: Entry[];
  /** Relative path and errno name of what could not be read. */
  readonly problems: { readonly path: Buffer; readonly code: string }[];
  /** Of the folder itself. */
  identity?: string;
  readonly limits: BatchLimits;
  readonly names: NameRules;
  readonly revalidate: LookOptions['revalidate'];
  readonly turns: Turns | undefined;
  /** Base name of the folder: rules on names are asked with the path below the watch path. */
  readonly base: string;
  /** Entries below the folder, without the ignored ones. */
  seen: number;
  ignored: { count: number; example: string | null };
  /** The walk ends at the first. */
  exceeds?: ExceededLimit;
}

/** One look at a folder with the files that it saw. */
export interface FolderLook {
  readonly listing: FolderListing;
  /** The regular files of the listing, in byte order of the path; made when iterated. Holds on to the whole look: let go of it soon. */
  readonly files: Iterable<ManifestFile>;
  /** Covers all directories of the look; null if there are too many, or if it is not a directory. */
  readonly signature: FolderSignature | null;
}

export interface LookOptions extends SidecarNames {
  /** By default {@link DEFAULT_BATCH_LIMITS}. */
  readonly limits?: BatchLimits | undefined;
  /** Which names below the folder are ignored or not final; `DEFAULT_NAMES` by default. */
  readonly names?: NameRules | undefined;
  /** Called with each path before it is looked at: makes a mount that caches show what is there now. */
  readonly revalidate?: ((path: Uint8Array) => Promise<void>) | undefined;
  /**
   * The folder is on a disk of this machine: the system is asked in this thread, in turns. An answer from its cache costs a tenth of what it costs to
   * have it brought by another thread.
   */
  readonly turns?: Turns | undefined;
  /** When it was heard that the folder was renamed, ms since the epoch: then the listing tells what was in it. */
  readonly renamedAt?: number | undefined;
}

/** {@link lookAtFolder} for those who only judge: what the look saw, without the files. */
export async function readFolder(
  path: string | Uint8Array,
  signal: AbortSignal,
  options: LookOptions = {},
): Promise<FolderListing> {
  return (await lookAtFolder(path, signal, options)).listing;
}

/**
 * Lists a folder from disk, recursively, without following symbolic links. What vanishes meanwhile is left out; what cannot be
 * read is counted in the listing. Where the folder is larger than the limits, the look ends there and the listing says so. A path whose
 * name is not UTF-8 is given as bytes. Files whose names the options give are read too.
 * @throws the signal's reason when aborted.
 */
export async function lookAtFolder(
  path: string | Uint8Array,
  signal: AbortSignal,
  {
    limits = DEFAULT_BATCH_LIMITS,
    names = DEFAULT_NAMES,
    renamedAt,
    revalidate,
    turns,
    ...sidecarNames
  }: LookOptions = {},
): Promise<FolderLook> {
  const folder = typeof path === 'string' ? Buffer.from(path) : path;
  const begin = (): Walk =>
    toWalk({ limits, names, revalidate, turns, base: basename(Buffer.from(folder).toString()) });
  const walk = begin();
  await turns?.take();
  const isDirectory = await look(walk, folder, Buffer.alloc(0));
  const open: Buffer[] = isDirectory ? [Buffer.alloc(0)] : [];
  for (let relative = open.pop(); relative !== undefined; relative = open.pop()) {
    signal.throwIfAborted();
    const paths = await readPaths(walk, folder, relative);
    if (walk.exceeds !== undefined) break;
    for (let start = 0; start < paths.length; start += AT_ONCE) {
      signal.throwIfAborted();
      await turns?.take();
      const some = paths.slice(start, start + AT_ONCE);
      const deeper = await Promise.all(some.map((child) => look(walk, folder, child)));
      open.push(...some.filter((_, index) => deeper[index]));
    }
  }
  signal.throwIfAborted();
  // Renamed away, deleted or refused during the walk: half of it was seen, which must not pass for the whole, nor a refusal for its going.
  const again = begin();
  const stillThere = !isDirectory || (await look(again, folder, Buffer.alloc(0)));
  if (!stillThere) return { listing: toListing(again, false), files: [], signature: null };
  if (walk.exceeds !== undefined) return toExceeding(walk, walk.exceeds);
  const listing = { ...toListing(walk, isDirectory), ...toRenamed(walk, renamedAt) };
  const files = { [Symbol.iterator]: () => toManifestFiles(walk) };
  const signature = isDirectory ? toSignature(walk) : null;
  const wanted = Object.values(sidecarNames).some((some) => some !== undefined);
  if (!wanted || !isDirectory) return { listing, files, signature };
  const sidecars = await readSidecars(Buffer.from(folder).toString(), toSeenFiles(walk), { ...sidecarNames, signal });
  return { listing: { ...listing, ...sidecars }, files, signature };
}

/** Records one entry; true when it is a directory to go into. */
async function look(walk: Walk, folder: Uint8Array, path: Buffer): Promise<boolean> {
  try {
    const at = join(folder, path);
    if (walk.revalidate !== undefined) await walk.revalidate(at);
    const { turns } = walk;
    const stats = turns === undefined ? await lstat(at, { bigint: true }) : lstatSync(at, { bigint: true });
    const { mode, dev, ino, size, mtimeNs, ctimeNs, birthtimeNs } = stats;
    const isDirectory = stats.isDirectory();
    if (path.length === 0 && isDirectory) {
      walk.identity = toIdentity(stats);
      walk.birth = toBirth(stats);
    }
    const kept = { mode, dev, ino, size, mtimeNs, ctimeNs, birthtimeNs };
    walk.entries.push({ path, isFile: stats.isFile(), isDirectory, stats: kept });
    return isDirectory;
  } catch (error) {
    recordProblem(walk, path, error);
    return false;
  }
}

/** The paths of what lies in one directory; fewer where the walk is over. */
async function readPaths(walk: Walk, folder: Uint8Array, path: Buffer): Promise<readonly Buffer[]> {
  const prefix = path.length === 0 ? [] : [path, SLASH];
  const paths: Buffer[] = [];
  try {
    // The types know names as text only.
    const options = { encoding: 'buffer' as BufferEncoding, bufferSize: NAMES_AT_ONCE };
    const at = join(folder, path);
    for await (const entry of walk.turns === undefined ? await opendir(at, options) : entriesNow(at, options)) {
      const child = Buffer.concat([...prefix, entry.name as unknown as Buffer]);
      if (walk.names.isIgnored(`${walk.base}/${child.toString()}`)) {
        walk.ignored.example ??= child.toString();
        walk.ignored.count += 1;
        continue;
      }
      walk.seen += 1;
      const { files } = walk.limits;
      const exceeds =
        walk.seen > files ? { limit: 'files' as const, allowed: files } : toPathExcess(child, walk.limits);
      if (exceeds !== undefined) {
        walk.exceeds = exceeds;
        break;
      }
      paths.push(child);
    }
    return paths;
  } catch (error) {
    recordProblem(walk, path, error);
    return [];
  }
}

function recordProblem(walk: Walk, path: Buffer, error: unknown): void {
  const code = requireErrno(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return;
  walk.problems.push({ path, code });
}

function join(folder: Uint8Array, path: Buffer): Buffer {
  return path.length === 0 ? Buffer.from(folder) : Buffer.concat([folder, SLASH, path]);
}

function toListing({ base, entries, identity, ignored, names, problems }: Walk, isDirectory: boolean): FolderListing {
  entries.sort((one, other) => Buffer.compare(one.path, other.path));
  problems.sort((one, other) => Buffer.compare(one.path, other.path));
  const manifest = createHash('sha256');
  const snapshot = createHash('sha256');
  let files = 0;
  let bytes = 0;
  let newestCtimeNs: bigint | null = null;
  let newest: Pick<Entry, 'path' | 'stats'> | undefined;
  const arriving: { readonly name: string; readonly stats: EntryStats }[] = [];
  for (const { path, isFile, stats } of entries) {
    // A path holds no NUL, so that the lines cannot be confused.
    if (path.length > 0 && isFile) {
      manifest.update(path).update(`\0${stats.size}\0${stats.mtimeNs}\n`);
      files += 1;
      bytes += Number(stats.size);
    }
    if (path.length > 0) {
      const name = path.toString();
      if (names.isArriving(`${base}/${name}`)) arriving.push({ name, stats });
      if (newest === undefined || stats.ctimeNs > newest.stats.ctimeNs) newest = { path, stats };
    }
    const { mode, dev, ino, size, mtimeNs, ctimeNs } = stats;
    snapshot.update(path).update(`\0${mode}\0${dev}\0${ino}\0${size}\0${mtimeNs}\0${ctimeNs}\n`);
    if (newestCtimeNs === null || ctimeNs > newestCtimeNs) newestCtimeNs = ctimeNs;
  }
  const unfinished = withoutLeftovers(arriving, entries);
  for (const { path, code } of problems) snapshot.update(path).update(`\0${code}\n`);
  return {
    exists: entries.length > 0 || problems.length > 0,
    isDirectory,
    files,
    bytes,
    manifestDigest: manifest.digest('hex'),
    snapshotDigest: snapshot.digest('hex'),
    newestCtimeMs: newestCtimeNs === null ? null : Number(newestCtimeNs / 1_000_000n),
    unreadable: problems.length,
    problemCodes: [...new Set(problems.map(({ code }) => code))].sort(),
    newestPath: newest?.path.toString() ?? null,
    ...(identity === undefined ? {} : { identity }),
    siblings: { arriving: unfinished.length, example: unfinished[0] ?? null },
    ...(ignored.count === 0 ? {} : { ignored }),
  };
}

/**
 * A killed rsync's leftover delays nothing once its file has arrived later under the final name: no rsync continues it.
 */
function withoutLeftovers(
  arriving: readonly { readonly name: string; readonly stats: EntryStats }[],
  entries: readonly Entry[],
): readonly string[] {
  const targets = new Map<string, bigint>();
  for (const { name } of arriving) {
    const target = toRsyncTarget(name);
    if (target !== undefined) targets.set(target, -1n);
  }
  if (targets.size > 0) {
    for (const { path, isFile, stats } of entries) {
      const name = path.toString();
      if (isFile && targets.has(name)) targets.set(name, stats.ctimeNs);
    }
  }
  return arriving.flatMap(({ name, stats }) => {
    const cameAt = targets.get(toRsyncTarget(name) ?? '') ?? -1n;
    return cameAt > stats.ctimeNs ? [] : [name];
  });
}

/** Files that did not change since a rename was heard of. */
function toRenamed({ entries }: Walk, renamedAt: number | undefined): Pick<FolderListing, 'renamedFiles'> {
  const top = entries.find(({ path }) => path.length === 0);
  if (renamedAt === undefined || top === undefined) return {};
  const bound = toRenameBound(top.stats, renamedAt);
  if (bound === null) return { renamedFiles: 0 };
  return { renamedFiles: entries.filter(({ isFile, stats }) => isFile && stats.ctimeNs <= bound).length };
}

/**
 * Of what was seen until a limit was met: neither a list of files nor a signature. Its digest is that of the limit: in which order entries
 * come is up to the file system.
 */
function toExceeding(walk: Walk, exceeds: ExceededLimit): FolderLook {
  const manifestDigest = createHash('sha256').update(`\0${exceeds.limit}\0${exceeds.allowed}`).digest('hex');
  return { listing: { ...toListing(walk, true), manifestDigest, exceeds }, files: [], signature: null };
}

function toSeenFiles({ entries }: Walk): readonly SeenFile[] {
  return entries.flatMap(({ path, isFile, stats }) => {
    if (path.length === 0 || !isFile) return [];
    const { dev, ino, size, mtimeNs, ctimeNs } = stats;
    const identity = [dev, ino, size, mtimeNs, ctimeNs].join(':');
    return [{ path: path.toString(), bytes: Number(size), ctimeNs, identity }];
  });
}

function* toManifestFiles({ entries }: Walk): Generator<ManifestFile> {
  for (const { path, isFile, stats } of entries) {
    if (path.length === 0 || !isFile) continue;
    const { size, mtimeNs, ino, birthtimeNs, ctimeNs: changedNs } = stats;
    const rawPath = isUtf8(path) ? {} : { rawPath: path };
    const named = { path: path.toString(), ...rawPath };
    yield { ...named, bytes: Number(size), mtimeNs, inode: ino, ...toBornNs(birthtimeNs), changedNs };
  }
}

function toWalk(rules: Pick<Walk, 'limits' | 'names' | 'base' | 'revalidate' | 'turns'>): Walk {
  return { ...rules, birth: '', entries: [], problems: [], seen: 0, ignored: { count: 0, example: null } };
}

function toSignature({ birth, entries }: Walk): FolderSignature | null {
  return toFolderSignature(
    birth,
    entries.filter(({ isDirectory }) => isDirectory),
  );
}
