/** How many processes may die under one job before it counts as exhausted: a file that kills its reader must not do so for ever. */
export const MAX_STALLS = 10;

/** BullMQ's own limit, out of reach: it would fail a job without calling `exhausted`. The worker counts itself. */
export const NEVER_BY_BULLMQ = 0x7fff_ffff;
