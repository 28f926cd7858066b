import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseInteger } from './parse-values.ts';
import { type FileHeaderResult, readHeaderFile } from './read-header-file.ts';
import { type Attributes, HEADER_TAGS, type TagSpec } from './tags.ts';

/** How {@link readSeries} reads. */
export interface SeriesOptions {
  /** Keywords of further attributes, as the standard spells them (`EchoTime`), beside those that are always read. */
  readonly tags?: readonly string[] | undefined;
  /** Also what lies in directories below; true by default. */
  readonly recursive?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One file of a series. */
export interface SeriesFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** The file ends where its last element ends. */
  readonly isWhole: boolean;
  /** By keyword. */
  readonly attributes: Attributes<string>;
}

/** One series of a folder. */
export interface FolderSeries {
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string | null;
  readonly modality: string | null;
  readonly seriesDescription: string | null;
  /** By InstanceNumber, then by path. */
  readonly files: readonly SeriesFile[];
}

/** Content of a folder. */
export interface FolderContent {
  /** By study, SeriesNumber and UID. */
  readonly series: readonly FolderSeries[];
  /** Files that belong to no series, in the order of their paths: why, such as `not-dicom`, `dicomdir` or `no-series`. */
  readonly others: readonly { readonly path: string; readonly reason: string }[];
}

/** Time slice in ms of reading headers before yielding to the event loop. */
const SLICE_MS = 8;

/**
 * Reads the header of every file of a folder and groups them by SeriesInstanceUID (0020,000E). Symbolic links are not followed.
 * @throws the signal's reason when aborted, the system's error where the folder itself cannot be listed, and TypeError for a keyword that
 * names no text attribute of the standard.
 */
export async function readSeries(folder: string, options: SeriesOptions = {}): Promise<FolderContent> {
  const { recursive = true, signal } = options;
  const tags = await toTags(options.tags ?? []);
  signal?.throwIfAborted();
  const root = resolve(folder);
  const entries = await readdir(root, { recursive, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ name, parentPath }) => join(parentPath, name));
  const groups = new Map<string, SeriesFile[]>();
  const others: { readonly path: string; readonly reason: string }[] = [];
  let until = performance.now() + SLICE_MS;
  for (const path of paths.toSorted()) {
    const { bytes, header } = readHeaderFile(path, { tags, checkTruncation: true });
    const attributes = attributesOf(header);
    const uid = attributes?.['SeriesInstanceUID'] ?? '';
    if (attributes === undefined || uid === '') {
      others.push({ path, reason: header.kind === 'dicom' ? 'no-series' : header.kind });
    } else {
      const files = groups.get(uid) ?? [];
      groups.set(uid, files);
      files.push({ path, bytes, isWhole: header.kind === 'dicom', attributes });
    }
    if (performance.now() < until) continue;
    await nextTurn();
    signal?.throwIfAborted();
    until = performance.now() + SLICE_MS;
  }
  return { series: [...groups].map(toSeries).toSorted(byNumber), others };
}

async function toTags(keywords: readonly string[]): Promise<readonly TagSpec[]> {
  if (keywords.length === 0) return HEADER_TAGS;
  // Large, and needed by few.
  const { findTextTags } = await import('./dictionary.ts');
  const { tags, unknown } = findTextTags(keywords);
  if (unknown.length > 0) {
    throw new TypeError(
      `Expected \`tags\` to be keywords of text attributes of the standard, got \`${unknown.join('`, `')}\``,
    );
  }
  const known = new Set<string>(HEADER_TAGS.map(({ keyword }) => keyword));
  return [...HEADER_TAGS, ...tags.filter(({ keyword }) => !known.has(keyword))];
}

/** Those of an image, whole or not. */
function attributesOf(header: FileHeaderResult<string>): Attributes<string> | undefined {
  return header.kind === 'dicom' || header.kind === 'truncated' ? header.attributes : undefined;
}

function toSeries([seriesInstanceUid, files]: [string, SeriesFile[]]): FolderSeries {
  // toSorted keeps the order of the paths among equal numbers.
  const inOrder = files.toSorted((a, b) => toNumber(a, 'InstanceNumber') - toNumber(b, 'InstanceNumber'));
  const first = inOrder[0]?.attributes ?? {};
  return {
    seriesInstanceUid,
    studyInstanceUid: first['StudyInstanceUID'] ?? null,
    modality: first['Modality'] ?? null,
    seriesDescription: first['SeriesDescription'] ?? null,
    files: inOrder,
  };
}

function byNumber(a: FolderSeries, b: FolderSeries): number {
  return (
    compare(a.studyInstanceUid ?? '', b.studyInstanceUid ?? '') ||
    toNumber(a.files[0], 'SeriesNumber') - toNumber(b.files[0], 'SeriesNumber') ||
    compare(a.seriesInstanceUid, b.seriesInstanceUid)
  );
}

/** Files without a number come last. */
function toNumber(file: SeriesFile | undefined, keyword: string): number {
  return parseInteger(file?.attributes[keyword] ?? '') ?? Number.MAX_SAFE_INTEGER;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
