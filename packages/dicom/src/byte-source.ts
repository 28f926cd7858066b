/** Bytes that can be read by range; a file, or memory. */
export interface ByteSource {
  /** Total bytes. */
  readonly size: number;
  /** Copies bytes from `position` on into `target` and returns how many; 0 only at the end. May throw what its medium throws. */
  read(target: Uint8Array, position: number): number;
}

/** Makes bytes in memory readable by range; nothing is copied until it is read. */
export function toByteSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (target, position) => {
      const part = bytes.subarray(position, position + target.length);
      target.set(part);
      return part.length;
    },
  };
}
