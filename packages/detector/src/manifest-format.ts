import type { ManifestSighting } from './facts.ts';

/** One file that a manifest lists. */
export interface ManifestEntry {
  /** Below the folder, `/`-separated. */
  readonly path: string;
  readonly bytes: number | null;
  /** Lower-case hex. */
  readonly sha256: string | null;
}

/** A manifest, or why the text is not one. */
export type ParsedManifest =
  | { readonly kind: 'manifest'; readonly entries: readonly ManifestEntry[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** One file that is there. */
export interface ListedFile {
  readonly path: string;
  readonly bytes: number;
  /** Undefined where it was not computed: then only a manifest without digests can be held against it. */
  readonly sha256?: string | undefined;
}

const SHA256_LINE = /^\\?(?<sha256>[0-9a-fA-F]{64}) [ *](?<path>.+)$/;
const SHA256 = /^[0-9a-fA-F]{64}$/;

/**
 * Reads either style: JSON `{"files": [{"path", "bytes"?, "sha256"?}]}`, or lines as `sha256sum` writes them. A last
 * line without its newline is still being written: the text does not count as a manifest yet.
 */
export function parseManifest(text: string): ParsedManifest {
  const parsed = text.trimStart().startsWith('{') ? parseJson(text) : parseLines(text);
  if (parsed.kind === 'unreadable') return parsed;
  const stray = parsed.entries.some(({ path }) => !isInside(path));
  if (stray) return { kind: 'unreadable', reason: 'a path leads out of the folder' };
  const paths = new Set(parsed.entries.map(({ path }) => path));
  if (paths.size < parsed.entries.length) return { kind: 'unreadable', reason: 'a path is listed twice' };
  return parsed;
}

/** Holds a manifest against the files that are there; neither the manifest itself nor markers should be among them. */
export function compareManifest(
  name: string,
  entries: readonly ManifestEntry[],
  files: readonly ListedFile[],
): ManifestSighting {
  const there = new Map(files.map((file) => [file.path, file]));
  const listed = new Set(entries.map(({ path }) => path));
  const missing = entries.filter(({ path }) => !there.has(path));
  const wrongSize = entries.filter(({ path, bytes }) => bytes !== null && (there.get(path)?.bytes ?? bytes) !== bytes);
  const wrongDigest = entries.filter(({ path, sha256 }) => {
    const file = there.get(path);
    return (
      sha256 !== null && file !== undefined && !wrongSize.some((one) => one.path === path) && file.sha256 !== sha256
    );
  });
  const unlisted = files.filter(({ path }) => !listed.has(path));
  const example = [...missing, ...wrongSize, ...wrongDigest, ...unlisted][0]?.path ?? null;
  return {
    kind: 'compared',
    name,
    listed: entries.length,
    missing: missing.length,
    wrongSize: wrongSize.length,
    wrongDigest: wrongDigest.length,
    unlisted: unlisted.length,
    example,
  };
}

function parseLines(text: string): ParsedManifest {
  if (!text.endsWith('\n')) return { kind: 'unreadable', reason: 'its last line is not ended' };
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const entries = lines.map((line) => SHA256_LINE.exec(line.replace(/\r$/, ''))?.groups);
  if (entries.some((entry) => entry === undefined)) return { kind: 'unreadable', reason: 'a line is not of sha256sum' };
  return {
    kind: 'manifest',
    entries: entries.map((entry) => ({
      path: toPath(entry?.['path'] ?? ''),
      bytes: null,
      sha256: (entry?.['sha256'] ?? '').toLowerCase(),
    })),
  };
}

function parseJson(text: string): ParsedManifest {
  const files = toValue(text);
  if (!Array.isArray(files)) return { kind: 'unreadable', reason: 'it is not JSON with a list `files`' };
  const entries: ManifestEntry[] = [];
  for (const file of files as readonly unknown[]) {
    const entry = toEntry(file);
    if (entry === undefined)
      return { kind: 'unreadable', reason: 'a file has no `path`, or a wrong `bytes` or `sha256`' };
    entries.push(entry);
  }
  return { kind: 'manifest', entries };
}

function toValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Reflect.get(value, 'files') : undefined;
  } catch {
    return undefined;
  }
}

function toEntry(file: unknown): ManifestEntry | undefined {
  if (typeof file !== 'object' || file === null) return undefined;
  const { path, bytes, sha256 } = file as { readonly [key: string]: unknown };
  if (typeof path !== 'string') return undefined;
  if (bytes !== undefined && !(Number.isSafeInteger(bytes) && Number(bytes) >= 0)) return undefined;
  if (sha256 !== undefined && !(typeof sha256 === 'string' && SHA256.test(sha256))) return undefined;
  return {
    path: toPath(path),
    bytes: bytes === undefined ? null : Number(bytes),
    sha256: sha256 === undefined ? null : sha256.toLowerCase(),
  };
}

/** `./a.dcm`, as `sha256sum ./*` writes it, is `a.dcm`. */
function toPath(path: string): string {
  return path.replace(/^(?:\.\/)+/, '');
}

function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.split('/').includes('..');
}
