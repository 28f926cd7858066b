/** Counts what scans found and no event told of. An event that is only late takes its name back. */
export class MissedNames {
  /** Since start. */
  count = 0;
  /** Of the last scan. */
  #names: Set<string> = new Set();

  /** A scan has found these; those of the scan before stay counted. */
  found(names: readonly string[]): void {
    this.#names = new Set(names);
    this.count += names.length;
  }

  /** An event tells that a directory has come. */
  told(name: string): void {
    if (this.#names.delete(name)) this.count -= 1;
  }
}
