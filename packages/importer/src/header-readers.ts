import type { FileHeader } from '@sendit/dicom/node';
import type { BytePath } from '@sendit/files';
import type { Handle } from '@sendit/model';
import type { FileDigests } from './digest-file.ts';
import type { ImportPolicy } from './import-policy.ts';
import type { ImportKeyword } from './import-tags.ts';

/** One file of a batch and what its header says. */
export interface FileRecord extends FileHeader<ImportKeyword>, FileDigests {
  readonly path: BytePath;
  /** Milliseconds that the digests took. */
  readonly hashMs: number;
}

/** Which headers to read: `paths` are below `directory`. */
export interface HeaderRequest extends Pick<ImportPolicy, 'hash' | 'extra'> {
  readonly directory: BytePath;
  readonly paths: readonly BytePath[];
  /** Whether the directory itself may be a link, as a watch path may; false by default. */
  readonly mayBeLink?: boolean;
  /** Whether it is fetched over a network, where the caller knows. */
  readonly isNetwork?: boolean;
}

/** Reads the headers of many files. */
export interface HeaderReaders {
  /** Yields records in the order of the paths, in portions, reading ahead a little. Rejects with the signal's reason when aborted. */
  readHeaders(request: HeaderRequest, signal: AbortSignal): AsyncIterable<readonly FileRecord[]>;
}

/** {@link HeaderReaders} that hold something to be freed. */
export type HeaderPool = HeaderReaders & Handle;
