import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1024 * 1024;

/** Size and digest of a file, for comparison. */
interface Content {
  readonly bytes: number;
  readonly sha256: string;
}

/** Reads a file from its beginning to its end, hands every piece on, and gives its digest. */
async function readContent(
  file: FileHandle,
  signal: AbortSignal,
  onPiece?: (piece: Buffer, position: number) => Promise<void>,
): Promise<Content> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let bytes = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, bytes);
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    await onPiece?.(piece, bytes);
    bytes += bytesRead;
  }
}

/** Copies one open file into another, forces it to the disk, reads it back; false when what is read back differs. */
export async function copyContent(from: FileHandle, to: FileHandle, signal: AbortSignal): Promise<boolean> {
  const written = await readContent(from, signal, async (piece, position) => {
    for (let done = 0; done < piece.length; ) {
      done += (await to.write(piece, done, piece.length - done, position + done)).bytesWritten;
    }
  });
  await to.sync();
  return isSame(written, await readContent(to, signal));
}

/** Whether two files hold the same. */
export async function holdTheSame(one: FileHandle, other: FileHandle, signal: AbortSignal): Promise<boolean> {
  if ((await one.stat()).size !== (await other.stat()).size) return false;
  return isSame(await readContent(one, signal), await readContent(other, signal));
}

function isSame(one: Content, other: Content): boolean {
  return one.bytes === other.bytes && one.sha256 === other.sha256;
}
