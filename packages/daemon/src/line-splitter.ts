const NEWLINE = 0x0a;
const MAX_LINE_BYTES = 1024 * 1024;

/** Cuts chunks of bytes into lines of UTF-8 text; a line without its newline waits for the rest of it. */
export class LineSplitter {
  #rest: Buffer = Buffer.alloc(0);

  /** The lines that this chunk completes. What has no newline within 1 MiB is handed out as a line. */
  push(chunk: Buffer): readonly string[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const lines: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      lines.push(bytes.toString('utf8', start, end));
      start = end + 1;
    }
    // A copy: the caller may read into the same buffer again.
    this.#rest = Buffer.from(bytes.subarray(start));
    if (this.#rest.length > MAX_LINE_BYTES) lines.push(...this.flush());
    return lines;
  }

  /** Returns the rest without a newline as a line, if any. */
  flush(): readonly string[] {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length === 0 ? [] : [rest.toString('utf8')];
  }
}
