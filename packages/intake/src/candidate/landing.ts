import type { WritersSighting } from '@sendit/detector';
import type { FolderLook } from '@sendit/detector/node';
import type { UnitKind } from '@sendit/model';
import type { Candidate } from '@sendit/processors';
import { HeaderFacts, isCountExpected, type ReadHeaders } from './header-facts.ts';

/** Identity of a candidate: name and path, the bytes of a name that is not UTF-8, and the time of its rename. */
export type CandidateRef = Pick<Candidate, 'name' | 'path' | 'rawName' | 'heardAt'>;

/** Access to candidates on disk: directories, or units of files. One bad entry never makes a read fail. */
export interface Landing {
  readonly read: (candidate: CandidateRef, signal: AbortSignal) => Promise<FolderLook>;
  /** The same with what only the rules ask for, where that costs more; {@link Landing.read} by default. */
  readonly readToJudge?: ((candidate: CandidateRef, signal: AbortSignal) => Promise<FolderLook>) | undefined;
  /** Who has its files open for writing; without it nobody is asked. */
  readonly readWriters?: ((candidate: CandidateRef, signal: AbortSignal) => Promise<WritersSighting>) | undefined;
  /** Word for a candidate in messages: `directory`, `series`, `study`. */
  readonly unit: UnitKind;
  /** The transcript's name of a candidate. */
  toSubject(candidate: CandidateRef): string;
}

/** Looks at one directory; the options have the time of its rename. */
export type LookAtFolder = (
  path: string | Uint8Array,
  signal: AbortSignal,
  options?: { readonly renamedAt?: number | undefined },
) => Promise<FolderLook>;

/** How {@link toDirectoryLanding} reads. */
export interface DirectoryReaders {
  readonly lookAtFolder: LookAtFolder;
  readonly readWriters?: ((path: string, signal: AbortSignal) => Promise<WritersSighting>) | undefined;
  /** Called before each look that judges a directory. */
  readonly onJudging?: ((path: string, arrival: { readonly isRenamed: boolean }) => void) | undefined;
  /** Without it no instances are counted. */
  readonly readHeaders?: ReadHeaders | undefined;
  /** How many there are in every directory, where that is known. */
  readonly instances?: number | undefined;
  /** Whether headers are read for every look that judges: rules of the user's own may ask for them. */
  readonly needsHeaders?: boolean | undefined;
}

/** Every candidate is a directory right below the watch path. */
export function toDirectoryLanding(readers: DirectoryReaders): Landing {
  const { instances, lookAtFolder, needsHeaders = false, onJudging, readHeaders, readWriters } = readers;
  const headers = readHeaders && new HeaderFacts(readHeaders);
  const read: Landing['read'] = (candidate, signal) =>
    lookAtFolder(toReadablePath(candidate), signal, { renamedAt: candidate.heardAt });
  return {
    unit: 'directory',
    read,
    readToJudge: async (candidate, signal) => {
      onJudging?.(candidate.path, { isRenamed: candidate.heardAt !== undefined });
      const look = await read(candidate, signal);
      const { listing } = look;
      if (headers === undefined || !listing.isDirectory || candidate.rawName !== undefined) return look;
      if (!needsHeaders && !isCountExpected(listing, instances)) return look;
      return { ...look, listing: { ...listing, dicom: await headers.read(candidate.path, look, signal) } };
    },
    readWriters: readWriters && (({ path }, signal) => readWriters(path, signal)),
    toSubject: ({ path }) => path,
  };
}

function toReadablePath({ name, path, rawName }: CandidateRef): string | Uint8Array {
  if (rawName === undefined) return path;
  return Buffer.concat([Buffer.from(path.slice(0, path.length - name.length)), rawName]);
}
