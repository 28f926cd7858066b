export { type BytePath, splitPath, toBytePath, toDisplayPath, toPathBytes } from './byte-path.ts';
export { type FileLock, type LockHolder, openFileLock } from './file-lock.ts';
export { type HeldDirectory, isOpenIn, openDirectory, type Place } from './place.ts';
export { DIRECTORY_FLAGS, NAMED_DIRECTORY_FLAGS, READ_FLAGS } from './open-flags.ts';
export { readOpenFilesLimit } from './open-files-limit.ts';
export { isLinkCode, OwnFolders } from './own-folders.ts';
