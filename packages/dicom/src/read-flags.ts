import { constants } from 'node:fs';

/** O_NONBLOCK: a FIFO would block the open for ever. O_NOFOLLOW: a symlink could lead out of the folder. Both are 0 where unknown. */
export const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
