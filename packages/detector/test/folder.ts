import type { FolderFacts, FolderListing } from '../src/facts.ts';

/** The listing of a directory of three files. */
export const LISTING: FolderListing = {
  exists: true,
  isDirectory: true,
  files: 3,
  bytes: 30,
  manifestDigest: 'm',
  snapshotDigest: 's',
  newestCtimeMs: 1,
  unreadable: 0,
  problemCodes: [],
};

/** A directory with three files, created under its name and first seen at 0. */
export function folder(
  over: Partial<Omit<FolderFacts, 'listing'>> = {},
  listing: Partial<FolderListing> = {},
): FolderFacts {
  const facts = { name: 'scan', arrival: 'created', firstSeenAt: 0, lastChangeAt: 0, observedAt: 0 } as const;
  return { ...facts, ...over, listing: { ...LISTING, ...listing } };
}
