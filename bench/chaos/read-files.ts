import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Facts of one file of a dropped directory; `uids` is undefined if it is not DICOM. */
export interface DroppedFile {
  /** Relative to its directory. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly uids: FileUids | undefined;
}

/** The UIDs of an image, and the day of its study. */
export interface FileUids {
  readonly sop: string;
  readonly series: string;
  readonly study: string;
  readonly studyDate: string;
  /** SHA-256 of what follows group 0002. */
  readonly dataset: string;
}

const SOP = 0x0008_0018;
const STUDY_DATE = 0x0008_0020;
const STUDY = 0x0020_000d;
const SERIES = 0x0020_000e;
const LONG_LENGTHS = new Set(['OB', 'OW', 'OF', 'SQ', 'UN', 'UT', 'UC', 'UR']);

/** Reads every file below a directory, in name order. */
export function readDroppedFiles(directory: string): readonly DroppedFile[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => {
      const bytes = readFileSync(path);
      return {
        path: path.slice(directory.length + 1),
        bytes: bytes.length,
        sha256: toSha256(bytes),
        uids: readUids(bytes),
      };
    });
}

/**
 * Reads what the sender writes, Explicit VR Little Endian without sequences of undefined length (PS3.5 §7.1.2), and nothing more:
 * the checker must not share code with what it checks.
 */
function readUids(bytes: Buffer): FileUids | undefined {
  if (bytes.toString('latin1', 128, 132) !== 'DICM') return undefined;
  const values = new Map<number, string>();
  let at = 132;
  let datasetAt = at;
  while (at + 8 <= bytes.length) {
    const tag = bytes.readUInt16LE(at) * 0x1_0000 + bytes.readUInt16LE(at + 2);
    const isLong = LONG_LENGTHS.has(bytes.toString('latin1', at + 4, at + 6));
    const length = isLong ? bytes.readUInt32LE(at + 8) : bytes.readUInt16LE(at + 6);
    const start = at + (isLong ? 12 : 8);
    values.set(tag, bytes.toString('latin1', start, start + length).replace(/[\0 ]+$/, ''));
    at = start + length;
    if (tag < 0x0003_0000) datasetAt = at;
  }
  const [sop, series, study] = [SOP, SERIES, STUDY].map((tag) => values.get(tag));
  if (sop === undefined || series === undefined || study === undefined) return undefined;
  return { sop, series, study, studyDate: values.get(STUDY_DATE) ?? '', dataset: toSha256(bytes.subarray(datasetAt)) };
}

function toSha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
