export { type BytePath, splitPath, toBytePath, toDisplayPath, toPathBytes } from './byte-path.ts';
export { type FileLock, type LockAttempt, type LockHolder, type LockOptions, openFileLock } from './file-lock.ts';
export { type FlockCall, type FlockOutcome, flockByCommand, loadFlock } from './flock.ts';
export { type HeldDirectory, isOpenIn, openDirectory, type Place } from './place.ts';
export { DIRECTORY_FLAGS, NAMED_DIRECTORY_FLAGS, READ_FLAGS } from './open-flags.ts';
export { readOpenFilesLimit } from './open-files-limit.ts';
export { isLinkCode, OwnFolders } from './own-folders.ts';
