import { createHash } from 'node:crypto';
import { type BytePath, toPathBytes } from '@sendit/files';

/**
 * The digest of a batch: SHA-256 over the lines `digest  path` of its hashed files, in byte order of the paths, as `sha256sum` and
 * `xxhsum -H128` print them. With whole files hashed anybody can make it again from the directory.
 */
export class DigestList {
  readonly #hash = createHash('sha256');
  #isEmpty = true;

  add(digest: string, path: BytePath): void {
    this.#isEmpty = false;
    this.#hash.update(`${digest}  `).update(toPathBytes(path)).update('\n');
  }

  /** In hex, to be taken once at the end; null where no file was hashed. */
  toDigest(): string | null {
    return this.#isEmpty ? null : this.#hash.digest('hex');
  }
}
