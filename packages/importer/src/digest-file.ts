import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHeaderResult, READ_FLAGS } from '@sendit/dicom/node';
import type { HashPolicy, HashScope } from '@sendit/model';
import type { IHasher } from 'hash-wasm';
import { toErrnoCode } from './errno.ts';
import { isLinkCode } from './own-folders.ts';

/** Makes digests by one policy. */
export interface Hasher {
  readonly scope: HashScope;
  /** Begins a digest; one at a time. */
  readonly begin: () => RunningHash;
}

interface RunningHash {
  update(bytes: Uint8Array): unknown;
  digest(encoding: 'hex'): string;
}

const NOTHING: Hasher = { scope: 'none', begin: () => createHash('sha256') };

/** Large enough for few calls, small enough for the processor's cache: the bytes are hashed where they were just copied to. */
const READ_BYTES = 256 << 10;

let buffer: Buffer | undefined;

let xxh128: Promise<IHasher> | undefined;

/** What a policy asks for; WebAssembly is compiled once, when it is first needed. */
export async function loadHasher(policy: HashPolicy | undefined): Promise<Hasher> {
  if (policy === undefined || policy.scope === 'none') return NOTHING;
  const { scope, algorithm } = policy;
  if (algorithm === 'sha256') return { scope, begin: () => createHash('sha256') };
  xxh128 ??= import('hash-wasm').then(({ createXXHash128 }) => createXXHash128());
  const hash = await xxh128;
  return { scope, begin: () => hash.init() };
}

/**
 * Hashes one file, in synchronous reads: of scope `header` what lies before its pixel data (all of a DICOM file that has none, or in which
 * it cannot be told), nothing of what is not DICOM. Null where nothing is covered, and where the file
 * is gone, or a link, since its header was read. Throws what else the system says: the batch waits until the file can be read.
 */
export function digestFile(path: Buffer, header: FileHeaderResult<string>, hasher: Hasher): string | null {
  const end = toEnd(header, hasher.scope);
  if (end === 0) return null;
  let fd: number | undefined;
  try {
    fd = openSync(path, READ_FLAGS);
    return digestUpTo(fd, end, hasher.begin());
  } catch (error) {
    const code = toErrnoCode(error);
    if (code !== 'ENOENT' && !isLinkCode(code)) throw error;
    return null;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function toEnd(header: FileHeaderResult<string>, scope: HashScope): number {
  if (scope === 'none' || header.kind === 'unreadable') return 0;
  if (scope === 'file') return Number.POSITIVE_INFINITY;
  if (header.kind === 'dicom') return header.pixelDataAt ?? Number.POSITIVE_INFINITY;
  return header.kind === 'truncated' ? Number.POSITIVE_INFINITY : 0;
}

function digestUpTo(fd: number, end: number, hash: RunningHash): string {
  buffer ??= Buffer.allocUnsafeSlow(READ_BYTES);
  let position = 0;
  while (position < end) {
    const read = readSync(fd, buffer, 0, Math.min(buffer.length, end - position), position);
    if (read === 0) break;
    hash.update(buffer.subarray(0, read));
    position += read;
  }
  return hash.digest('hex');
}
