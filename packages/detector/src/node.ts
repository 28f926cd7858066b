export { type FileKind, readFileKind, toFileKind } from './file-kind.ts';
export type { DirectoryTimes } from './rename-bound.ts';
export { findRefusal } from './find-refusal.ts';
export { isUnchanged } from './folder-signature.ts';
export { keepsInodes, readStorage, type Storage } from './storage.ts';
export { createTurns, type Turns } from './turns.ts';
export { entriesNow } from './entries-now.ts';
export { type ChildDirectory, type ChildrenListing, readChildren } from './read-children.ts';
export { readDirectoryIdentity, readEntryIdentity } from './entry-identity.ts';
export { type FolderLook, lookAtFolder, type LookOptions, readFolder } from './read-folder.ts';
export { readSidecars, type SeenFile, type SidecarNames } from './read-sidecars.ts';
export { readWriters, seesEveryWriter, type WritersOptions } from './read-writers.ts';
export { reconstructRecording } from './reconstruct.ts';
export {
  readIdentity,
  readStamp,
  readTree,
  type StampSighting,
  type TreeEntry,
  toPathReason,
} from './units/read-tree.ts';
export { toUnitLook } from './units/unit-look.ts';
export { type Completeness, type CompletenessOptions, inspect, waitUntilComplete } from './wait-until-complete.ts';
