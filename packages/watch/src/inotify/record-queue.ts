/** One `struct inotify_event`. */
export interface InotifyRecord {
  /** -1 on IN_Q_OVERFLOW. */
  readonly wd: number;
  readonly mask: number;
  /** 0 unless half of a move. */
  readonly cookie: number;
  /** The name, one latin1 character per byte; empty when the event concerns the watched directory itself. */
  readonly key: string;
  /** When it was read, ms since the epoch. */
  readonly heardAt: number;
}

// struct inotify_event: int wd; uint32_t mask, cookie, len; char name[len], NUL-padded. Little-endian, as every platform koffi has.
const HEADER_BYTES = 16;
const WORD_BYTES = 4;
const LARGEST_BLOCK = 64 * 1024;

/** Raw records in order of arrival: appending only copies bytes, decoding waits until a record is taken. */
export class RecordQueue {
  #blocks: Block[] = [];
  #bytes = 0;

  /** Memory held for records not yet taken. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Copies what one read returned, and when: whole records, as the kernel never splits one. */
  push(records: Uint8Array, heardAt: number): void {
    let last = this.#blocks.at(-1);
    if (last === undefined || last.data.length - last.end < records.length) {
      // Exact for a single event, doubling up to 64 KiB in a burst: little waste, and few objects.
      const size = Math.max(records.length, Math.min(LARGEST_BLOCK, 2 * this.#bytes));
      last = toBlock(size);
      this.#blocks.push(last);
      this.#bytes += size;
    }
    last.data.set(records, last.end);
    last.end += records.length;
    // Reads within one millisecond, as in a burst, are one.
    const read = last.reads.at(-1);
    if (read?.heardAt === heardAt) read.end = last.end;
    else last.reads.push({ end: last.end, heardAt });
  }

  /** Takes the oldest record. */
  shift(): InotifyRecord | undefined {
    const block = this.#blocks[0];
    if (block === undefined) return undefined;
    const { data, words, start } = block;
    // The kernel pads every record to a multiple of its header, so that each begins at a whole word.
    const at = start / WORD_BYTES;
    const nameAt = start + HEADER_BYTES;
    const nextAt = nameAt + (words[at + 3] ?? 0);
    const wd = words[at] ?? -1;
    const mask = (words[at + 1] ?? 0) >>> 0;
    const cookie = (words[at + 2] ?? 0) >>> 0;
    const key = nameAt === nextAt ? '' : readName(data, nameAt, nextAt);
    const heardAt = block.reads[0]?.heardAt ?? 0;
    if (block.reads[0]?.end === nextAt) block.reads.shift();
    block.start = nextAt;
    if (nextAt === block.end) {
      this.#blocks.shift();
      this.#bytes -= data.length;
    }
    return { wd, mask, cookie, key, heardAt };
  }

  clear(): void {
    this.#blocks = [];
    this.#bytes = 0;
  }
}

interface Block {
  readonly data: Buffer;
  /** The same memory. */
  readonly words: Int32Array;
  /** Where what came in each read ends, in their order. */
  readonly reads: { end: number; readonly heardAt: number }[];
  start: number;
  end: number;
}

function toBlock(size: number): Block {
  const data = Buffer.allocUnsafeSlow(size);
  return { data, words: new Int32Array(data.buffer, data.byteOffset, size / WORD_BYTES), reads: [], start: 0, end: 0 };
}

/** The name ends at its first NUL. */
function readName(data: Buffer, from: number, to: number): string {
  let end = from;
  while (end < to && data[end] !== 0) end += 1;
  return data.toString('latin1', from, end);
}
