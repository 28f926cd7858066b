import { constants } from 'node:fs';

/** Opens a file for reading. O_NONBLOCK: a FIFO would block the open for ever. O_NOFOLLOW: a symlink could lead out of the folder. */
export const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
