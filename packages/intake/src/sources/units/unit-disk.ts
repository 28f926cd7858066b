import type { FolderSightings, HeaderSighting, WritersSighting } from '@sendit/detector';
import type { readIdentity, readStamp, readTree, SeenFile } from '@sendit/detector/node';

/** Files that speak for the others of a directory, to be read. */
export interface SidecarRequest {
  /** Absolute. */
  readonly directory: string;
  /** Paths below the directory. */
  readonly files: readonly SeenFile[];
  /** Lists and numbers too: only where the directory holds nothing but the unit. */
  readonly isExclusive: boolean;
}

/** The files below a watch path, as units need them. Nothing rejects for one bad file, only with the signal's reason. */
export interface UnitDisk {
  readonly readIdentity: typeof readIdentity;
  readonly readTree: typeof readTree;
  readonly readStamp: typeof readStamp;
  /** One for each path below the folder, in their order; others have their turn between. */
  readHeaders(folder: string, paths: readonly string[], signal: AbortSignal): Promise<readonly HeaderSighting[]>;
  /** Who has one of these paths below the folder open for writing; without it nobody is asked. */
  readonly readWriters?: (folder: string, paths: ReadonlySet<string>, signal: AbortSignal) => Promise<WritersSighting>;
  /** Base names of {@link SidecarRequest} files; none where the watch path names none. */
  readonly sidecarNames: ReadonlySet<string>;
  readSidecars(request: SidecarRequest, signal: AbortSignal): Promise<FolderSightings>;
}
