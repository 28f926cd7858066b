import { open } from 'node:fs/promises';
import { READ_FLAGS } from './read-flags.ts';

/** Kind of a file by its first bytes: enough to tell a person why it is not imported. */
export type FileKind = 'dicom' | 'zip' | 'gzip' | '7z' | 'rar' | 'tar' | 'other';

/** Up to the end of tar's magic. */
const HEAD_BYTES = 262;

const MAGICS: readonly (readonly [FileKind, number, string])[] = [
  ['dicom', 128, 'DICM'],
  ['zip', 0, 'PK\x03\x04'],
  ['gzip', 0, '\x1f\x8b'],
  ['7z', 0, '7z\xbc\xaf\x27\x1c'],
  ['rar', 0, 'Rar!\x1a\x07'],
  ['tar', 257, 'ustar'],
];

/** By magic numbers; a name that ends in `.dcm` stands for a DICOM file without a preamble. */
export function toFileKind(name: string, head: Buffer): FileKind {
  const found = MAGICS.find(([, at, magic]) => head.toString('latin1', at, at + magic.length) === magic);
  return found?.[0] ?? (/\.(?:dcm|ima)$/i.test(name) ? 'dicom' : 'other');
}

/** Reads the first bytes of a regular file, without following a link; `other` where that cannot be done. */
export async function readFileKind(path: string): Promise<FileKind> {
  const head = Buffer.alloc(HEAD_BYTES);
  try {
    await using file = await open(path, READ_FLAGS);
    if (!(await file.stat()).isFile()) return 'other';
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return toFileKind(path, head.subarray(0, bytesRead));
  } catch {
    return toFileKind(path, Buffer.alloc(0));
  }
}
