import type { ByteSource } from './byte-source.ts';

/** Behind a value that was skipped there are mostly a few elements, and then the next long value. */
const AFTER_SKIPPED = 2 << 10;

/** A buffer that slides over a source: each read starts at the byte that was asked for, so that long values are skipped, not read. */
export class ByteWindow {
  size = 0;
  /** Valid from the index that {@link at} returned; changes with the next call of it. */
  readonly bytes: Buffer;
  /** The same bytes as little-endian words of 16 bits; undefined where this host or the buffer's alignment has none. */
  readonly words: Uint16Array | undefined;
  /** Position of the first byte in the buffer. */
  start = 0;
  /** Position after the last byte in the buffer. */
  end = 0;
  /** Position after what was asked for before a value was skipped: what the first read should have brought. */
  asked = 0;
  /** Bytes that are worth reading now; a source may bring more. */
  wanted = 0;
  #hasSkipped = false;
  #source: ByteSource = NOTHING;

  constructor(buffer: Uint8Array) {
    this.bytes = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    this.words = toWords(buffer);
  }

  /** Begins with another source; what the buffer held counts no longer. */
  slideOver(source: ByteSource): this {
    this.#source = source;
    this.size = source.size;
    this.start = 0;
    this.end = 0;
    this.asked = 0;
    this.#hasSkipped = false;
    return this;
  }

  /** Index in `bytes` of `length` bytes from `position` on (at most the buffer's size), or -1 where the source ends before. */
  at(position: number, length: number): number {
    if (position >= this.start && position + length <= this.end) {
      if (!this.#hasSkipped) this.asked = position + length;
      return position - this.start;
    }
    if (position + length > this.size) return -1;
    if (position > this.end && this.end > 0) this.#hasSkipped = true;
    if (!this.#hasSkipped) this.asked = position + length;
    this.wanted = position > this.end && this.end > 0 ? AFTER_SKIPPED : this.bytes.length;
    this.start = position;
    this.end = position; // an error while reading leaves nothing behind
    this.end = position + this.#fill(this.bytes, position, length);
    return position + length <= this.end ? 0 : -1;
  }

  /** Index in `bytes` of what is in the buffer already; -1 of anything else. Neither reads nor slides. */
  indexOf(position: number, length: number): number {
    return position < this.start || position + length > this.end ? -1 : position - this.start;
  }

  /** A few bytes ahead, without sliding there; undefined where the source ends before. Valid until the next call of {@link at}. */
  peek(position: number, length: number): Buffer | undefined {
    const index = this.indexOf(position, length);
    return index < 0 ? this.copy(position, length) : this.bytes.subarray(index, index + length);
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

const NOTHING: ByteSource = { size: 0, read: () => 0 };

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function toWords(buffer: Uint8Array): Uint16Array | undefined {
  if (!IS_LITTLE_ENDIAN || buffer.byteOffset % 2 !== 0) return undefined;
  return new Uint16Array(buffer.buffer, buffer.byteOffset, buffer.byteLength >> 1);
}
