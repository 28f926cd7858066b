import type { ByteSource } from './byte-source.ts';

/** A buffer that slides over a source: each read starts at the byte that was asked for, so that long values are skipped, not read. */
export class ByteWindow {
  readonly size: number;
  /** Valid from the index that {@link at} returned; changes with the next call of it. */
  readonly bytes: Buffer;
  readonly #source: ByteSource;
  #start = 0;
  #end = 0;

  constructor(source: ByteSource, buffer: Uint8Array) {
    this.#source = source;
    this.size = source.size;
    this.bytes = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  /** Index in `bytes` of `length` bytes from `position` on (at most the buffer's size), or -1 where the source ends before. */
  at(position: number, length: number): number {
    if (position >= this.#start && position + length <= this.#end) return position - this.#start;
    if (position + length > this.size) return -1;
    this.#start = position;
    this.#end = position + this.#fill(this.bytes, position, length);
    return position + length <= this.#end ? 0 : -1;
  }

  /** A copy of bytes of any number, or undefined where the source ends before. */
  copy(position: number, length: number): Buffer | undefined {
    if (position + length > this.size) return undefined;
    const target = Buffer.allocUnsafe(length);
    return this.#fill(target, position, length) === length ? target : undefined;
  }

  #fill(target: Buffer, position: number, atLeast: number): number {
    let got = 0;
    while (got < atLeast) {
      const count = this.#source.read(got === 0 ? target : target.subarray(got), position + got);
      if (count <= 0) break;
      got += count;
    }
    return got;
  }
}
