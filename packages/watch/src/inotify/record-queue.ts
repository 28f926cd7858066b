import { type DecodedName, decodeName } from '../decode-name.ts';

/** One `struct inotify_event`; its name is empty when the event concerns the watched directory itself. */
export interface InotifyRecord extends DecodedName {
  /** -1 on IN_Q_OVERFLOW. */
  readonly wd: number;
  readonly mask: number;
  /** 0 unless half of a move. */
  readonly cookie: number;
}

// struct inotify_event: int wd; uint32_t mask, cookie, len; char name[len], NUL-padded. Little-endian, as every platform koffi has.
const HEADER_BYTES = 16;
const LARGEST_BLOCK = 64 * 1024;

/** Raw records in order of arrival: appending only copies bytes, decoding waits until a record is taken. */
export class RecordQueue {
  #blocks: Block[] = [];
  #bytes = 0;

  /** Memory held for records not yet taken. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Copies what one read returned: whole records, as the kernel never splits one. */
  push(records: Uint8Array): void {
    let last = this.#blocks.at(-1);
    if (last === undefined || last.data.length - last.end < records.length) {
      // Exact for a single event, doubling up to 64 KiB in a burst: little waste, and few objects.
      const size = Math.max(records.length, Math.min(LARGEST_BLOCK, 2 * this.#bytes));
      last = { data: Buffer.allocUnsafeSlow(size), start: 0, end: 0 };
      this.#blocks.push(last);
      this.#bytes += size;
    }
    last.data.set(records, last.end);
    last.end += records.length;
  }

  /** Takes the oldest record. */
  shift(): InotifyRecord | undefined {
    const block = this.#blocks[0];
    if (block === undefined) return undefined;
    const { data, start } = block;
    const nameAt = start + HEADER_BYTES;
    const nameEnd = nameAt + data.readUInt32LE(start + 12);
    const wd = data.readInt32LE(start);
    const mask = data.readUInt32LE(start + 4);
    const cookie = data.readUInt32LE(start + 8);
    const { name, rawName } = nameAt === nameEnd ? NAMELESS : readName(data.subarray(nameAt, nameEnd));
    const record: InotifyRecord =
      rawName === undefined ? { wd, mask, cookie, name } : { wd, mask, cookie, name, rawName };
    block.start = nameEnd;
    if (block.start === block.end) {
      this.#blocks.shift();
      this.#bytes -= data.length;
    }
    return record;
  }

  clear(): void {
    this.#blocks = [];
    this.#bytes = 0;
  }
}

const NAMELESS: DecodedName = { name: '' };

interface Block {
  readonly data: Buffer;
  start: number;
  end: number;
}

function readName(padded: Buffer): DecodedName {
  const length = padded.indexOf(0);
  return decodeName(length === -1 ? padded : padded.subarray(0, length));
}
