import { constants } from 'node:fs';

/** Opens a file for reading. O_NONBLOCK: a FIFO would block the open for ever. O_NOFOLLOW: a symlink could lead out of the folder. */
export const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** Opens a directory, through a symlink too: for a folder that a person has named. */
export const NAMED_DIRECTORY_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY;

/** Opens a directory that was found on the way, never through a symlink. */
export const DIRECTORY_FLAGS = NAMED_DIRECTORY_FLAGS | constants.O_NOFOLLOW;
