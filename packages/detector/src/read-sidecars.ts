import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { isNoFile, requireErrno } from './errno.ts';
import { parseExpectedCount } from './expected-count.ts';
import type { FolderSightings, ManifestSighting, MarkerSighting } from './facts.ts';
import { compareManifest, type ListedFile, parseManifest } from './manifest-format.ts';
import { READ_FLAGS } from './read-flags.ts';

/** Which files speak for the rest of a folder; names are relative to it. */
export interface SidecarNames {
  /** Done-files; one that holds a number or `{"instances": n}` also announces the count. */
  readonly markers?: readonly string[] | undefined;
  /** Lists of all other files, as JSON or as of sha256sum. */
  readonly manifests?: readonly string[] | undefined;
  /** Files that hold a number or `{"instances": n}`. */
  readonly counts?: readonly string[] | undefined;
}

/** A regular file as the walk saw it. */
export interface SeenFile {
  readonly path: string;
  readonly bytes: number;
  readonly ctimeNs: bigint;
  /** Changes with the content: device, inode, size and times. */
  readonly identity: string;
}

/** Longer sidecars are not read: a manifest of 100,000 files has some 10 MB. */
const LONGEST_BYTES = 64 * 1024 * 1024;

/** Digests remembered, so that a file is read once however often its folder is looked at. */
const REMEMBERED = 100_000;
const digests = new Map<string, string>();

/** Where it is read, and what the system refused meanwhile, as errno names. */
interface Reading {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly refused: Set<string>;
}

/**
 * Reads what the sidecars of a folder say of it. What was not asked for is absent; what the system refuses is said: a list that is not known
 * must not pass for none.
 */
export async function readSidecars(
  folder: string,
  files: readonly SeenFile[],
  names: SidecarNames & { readonly signal: AbortSignal },
): Promise<FolderSightings> {
  const reading: Reading = { folder, signal: names.signal, refused: new Set() };
  const find = (wanted: readonly string[] = []): SeenFile | undefined =>
    files.find(({ path }) => wanted.includes(path));
  const marker = find(names.markers);
  const count = find(names.counts);
  const list = find(names.manifests);
  const sidecars = new Set([names.markers, names.manifests, names.counts].flatMap((some) => some ?? []));
  const expected =
    (count === undefined ? undefined : parseExpectedCount(await readText(reading, count), 'sidecar')) ??
    (marker === undefined ? undefined : parseExpectedCount(await readText(reading, marker), 'marker'));
  const others = files.filter(({ path }) => !sidecars.has(path));
  const sightings = {
    ...(names.markers === undefined ? {} : { marker: toMarker(marker, files) }),
    ...(names.manifests === undefined ? {} : { manifest: await readManifest(reading, list, others) }),
    ...(expected === undefined ? {} : { expected }),
  };
  return reading.refused.size === 0 ? sightings : { ...sightings, refusedSidecars: [...reading.refused].sort() };
}

function toMarker(marker: SeenFile | undefined, files: readonly SeenFile[]): MarkerSighting {
  if (marker === undefined) return { kind: 'absent' };
  return { kind: 'found', name: marker.path, isOlder: files.some(({ ctimeNs }) => ctimeNs > marker.ctimeNs) };
}

async function readManifest(
  reading: Reading,
  list: SeenFile | undefined,
  others: readonly SeenFile[],
): Promise<ManifestSighting> {
  if (list === undefined) return { kind: 'absent' };
  const parsed = parseManifest(await readText(reading, list));
  if (parsed.kind === 'unreadable') return { kind: 'unreadable', name: list.path, reason: parsed.reason };
  const { entries } = parsed;
  const without = compareManifest(list.path, withoutDigests(entries), others);
  if (without.kind !== 'compared' || without.missing + without.wrongSize + without.unlisted > 0) return without;
  // Reading everything is worth it only once everything is there.
  const digested = new Set(entries.flatMap(({ path, sha256 }) => (sha256 === null ? [] : [path])));
  const files: ListedFile[] = [];
  for (const file of others) {
    const sha256 = digested.has(file.path) ? await readDigest(reading, file) : undefined;
    files.push({ path: file.path, bytes: file.bytes, sha256 });
  }
  return compareManifest(list.path, entries, files);
}

function withoutDigests<E extends { readonly sha256: string | null }>(entries: readonly E[]): readonly E[] {
  return entries.map((entry) => ({ ...entry, sha256: null }));
}

/** Undefined for a file that is gone, or was replaced, since the walk saw it, and for one that the system refuses, which is noted. */
async function readDigest(reading: Reading, file: SeenFile): Promise<string | undefined> {
  const known = digests.get(file.identity);
  if (known !== undefined) return known;
  const { folder, signal } = reading;
  const hash = createHash('sha256');
  try {
    await using opened = await openSeen(folder, file);
    if (opened === undefined) return undefined;
    for await (const chunk of opened.createReadStream({ signal, autoClose: false })) hash.update(chunk as Buffer);
  } catch (error) {
    signal.throwIfAborted();
    noteRefusal(reading, error);
    return undefined;
  }
  const digest = hash.digest('hex');
  if (digests.size >= REMEMBERED) digests.clear();
  digests.set(file.identity, digest);
  return digest;
}

/** The text of a sidecar; empty where it is gone or was replaced since the walk saw it, and where the system refuses it, which is noted. */
async function readText(reading: Reading, seen: SeenFile): Promise<string> {
  if (seen.bytes === 0 || seen.bytes > LONGEST_BYTES) return '';
  try {
    await using file = await openSeen(reading.folder, seen);
    return (await file?.readFile('utf8')) ?? '';
  } catch (error) {
    noteRefusal(reading, error);
    return '';
  }
}

function noteRefusal({ refused }: Reading, error: unknown): void {
  const code = requireErrno(error);
  // Otherwise the next look sees that it went away, or that something else has its name.
  if (!isNoFile(code)) refused.add(code);
}

/**
 * Opens the very file that the walk saw: a symbolic link in its place, or in that of a directory on the way, could lead out of the watch
 * path. Undefined where another file lies there now.
 */
async function openSeen(folder: string, { path, identity }: SeenFile): Promise<FileHandle | undefined> {
  const file = await open(`${folder}/${path}`, READ_FLAGS);
  try {
    if ((await readFileIdentity(file)) === identity) return file;
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return undefined;
}

async function readFileIdentity(file: FileHandle): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}
