import { readFileSync } from 'node:fs';

/** How many descriptors this process may have open (RLIMIT_NOFILE, getrlimit(2)), by its soft limit; undefined where the system does not say. */
export function readOpenFilesLimit(): number | undefined {
  try {
    const limit = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === 'unlimited' ? Number.POSITIVE_INFINITY : limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}
