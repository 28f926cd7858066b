const NEWLINE = 0x0a;
const MAX_LINE_BYTES = 1024 * 1024;

/** One line without its newline, and at which byte it begins. */
export interface SplitLine {
  readonly text: string;
  readonly at: number;
}

/** Cuts chunks of bytes into lines of UTF-8 text; a line without its newline waits for the rest of it. */
export class LineSplitter {
  #rest: Buffer = Buffer.alloc(0);
  /** Where the rest begins. */
  #at: number;

  /** `at`: which byte comes first. */
  constructor(at = 0) {
    this.#at = at;
  }

  /** The lines that this chunk completes. What has no newline within 1 MiB is handed out as a line. */
  push(chunk: Buffer): readonly SplitLine[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const lines: SplitLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      lines.push({ text: bytes.toString('utf8', start, end), at: this.#at + start });
      start = end + 1;
    }
    // A copy: the caller may read into the same buffer again.
    this.#rest = Buffer.from(bytes.subarray(start));
    this.#at += start;
    if (this.#rest.length > MAX_LINE_BYTES) lines.push(...this.flush());
    return lines;
  }

  /** Returns the rest without a newline as a line, if any. */
  flush(): readonly SplitLine[] {
    const rest = this.#rest;
    const line = { text: rest.toString('utf8'), at: this.#at };
    this.#rest = Buffer.alloc(0);
    this.#at += rest.length;
    return rest.length === 0 ? [] : [line];
  }
}
