import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { FileHeaderResult } from '@sendit/dicom/node';
import { isLinkCode, READ_FLAGS } from '@sendit/files';
import { type HashPolicy, type HashScope, toErrno } from '@sendit/model';
import type { IHasher } from 'hash-wasm';

/** Makes digests by one policy. */
export interface Hasher {
  readonly scope: HashScope;
  /** Begins the digest of a data set; one at a time. */
  readonly begin: () => RunningHash;
  /** Begins that of a whole file, beside the other. */
  readonly beginFile: () => RunningHash;
}

interface RunningHash {
  update(bytes: Uint8Array): unknown;
  digest(encoding: 'hex'): string;
}

/** The digests of one file, in hex; null of what is not covered. */
export interface FileDigests {
  /** Goes into the digest of the batch: of the whole file where that is read, else that of the data set. */
  readonly digest: string | null;
  /** Tells instances apart: without the preamble and group 0002, which say how the file was sent. */
  readonly datasetDigest: string | null;
}

/** Returned for a file outside the hash policy's scope. */
export const NO_DIGESTS: FileDigests = { digest: null, datasetDigest: null };

const beginSha256 = () => createHash('sha256');

/** Large enough for few calls, small enough for the processor's cache: the bytes are hashed where they were just copied to. */
const READ_BYTES = 256 << 10;

let buffer: Buffer | undefined;

let xxh128: Promise<readonly [IHasher, IHasher]> | undefined;

/** Loads the hasher of a policy; WebAssembly is compiled once, on first use. */
export async function loadHasher(policy: HashPolicy | undefined): Promise<Hasher> {
  const { scope, algorithm } = policy ?? { scope: 'none', algorithm: 'sha256' };
  if (scope === 'none' || algorithm === 'sha256') return { scope, begin: beginSha256, beginFile: beginSha256 };
  xxh128 ??= import('hash-wasm').then(({ createXXHash128 }) => Promise.all([createXXHash128(), createXXHash128()]));
  const [ofDataset, ofFile] = await xxh128;
  return { scope, begin: () => ofDataset.init(), beginFile: () => ofFile.init() };
}

/**
 * Hashes one file, in synchronous reads: with scope `header` the data set up to its pixel data (the whole data set if
 * it has none, or if its place is unknown), and nothing of a file that is not DICOM; with scope `file` the data set,
 * and the whole file whatever it is. Returns nothing if the file vanished or became a link since its header was read.
 * Throws other system errors: the batch waits until the file can be read.
 */
export function digestFile(path: Buffer, header: FileHeaderResult<string>, hasher: Hasher): FileDigests {
  const { scope } = hasher;
  if (scope === 'none' || header.kind === 'unreadable') return NO_DIGESTS;
  const dataset = toDataset(header);
  if (scope === 'header' && dataset === undefined) return NO_DIGESTS;
  let fd: number | undefined;
  try {
    fd = openSync(path, READ_FLAGS);
    if (scope === 'file' || dataset === undefined) return digestWhole(fd, dataset?.from, hasher);
    const hash = hasher.begin();
    readRange(fd, dataset, (bytes) => hash.update(bytes));
    const digest = hash.digest('hex');
    return { digest, datasetDigest: digest };
  } catch (error) {
    const code = toErrno(error);
    if (code !== 'ENOENT' && !isLinkCode(code)) throw error;
    return NO_DIGESTS;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Positions in a file. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** The data set up to the pixel data; undefined without a data set. */
function toDataset(header: FileHeaderResult<string>): Range | undefined {
  if (header.kind !== 'dicom' && header.kind !== 'truncated') return undefined;
  const end = header.kind === 'dicom' ? header.pixelDataAt : null;
  return { from: header.datasetAt, to: end ?? Number.POSITIVE_INFINITY };
}

function digestWhole(fd: number, datasetAt: number | undefined, hasher: Hasher): FileDigests {
  const file = hasher.beginFile();
  const dataset = datasetAt === undefined ? undefined : hasher.begin();
  readRange(fd, { from: 0, to: Number.POSITIVE_INFINITY }, (bytes, position) => {
    file.update(bytes);
    dataset?.update(bytes.subarray(Math.max(0, (datasetAt ?? 0) - position)));
  });
  return { digest: file.digest('hex'), datasetDigest: dataset?.digest('hex') ?? null };
}

function readRange(fd: number, { from, to }: Range, visit: (bytes: Buffer, position: number) => void): void {
  buffer ??= Buffer.allocUnsafeSlow(READ_BYTES);
  let position = from;
  while (position < to) {
    const read = readSync(fd, buffer, 0, Math.min(buffer.length, to - position), position);
    if (read === 0) break;
    visit(buffer.subarray(0, read), position);
    position += read;
  }
}
