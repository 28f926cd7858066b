/** How large one batch may be. What is larger is held with the reason. A directory is not listed beyond; units of files are counted when all is listed. */
export interface BatchLimits {
  /** Most entries at any depth: files, directories and others. */
  readonly files: number;
  /** Longest path of an entry below its directory or watch path, in bytes. */
  readonly pathBytes: number;
  /** Most parts of such a path: a file right in the directory has one. */
  readonly depth: number;
}

/** One limit that is exceeded. */
export interface ExceededLimit {
  readonly limit: keyof BatchLimits;
  readonly allowed: number;
}

/** Far above what scanners and archives make, far below what a look needs to take all memory. */
export const DEFAULT_BATCH_LIMITS: BatchLimits = { files: 1_000_000, pathBytes: 1024, depth: 32 };

/** Says of a limit that it is exceeded, as a fixed phrase: `it holds more than 1000000 files and directories`. */
export function toLimitReason({ limit, allowed }: ExceededLimit): string {
  switch (limit) {
    case 'files':
      return `it holds more than ${allowed} files and directories`;
    case 'pathBytes':
      return `a path in it is longer than ${allowed} bytes`;
    case 'depth':
      return `it is nested more than ${allowed} deep`;
  }
}

/** The limit that a path exceeds by itself: its bytes, `/` between the parts. */
export function toPathExcess(path: Uint8Array, limits: BatchLimits): ExceededLimit | undefined {
  if (path.length > limits.pathBytes) return { limit: 'pathBytes', allowed: limits.pathBytes };
  let depth = 1;
  for (const byte of path) if (byte === SLASH) depth += 1;
  return depth > limits.depth ? { limit: 'depth', allowed: limits.depth } : undefined;
}

const SLASH = '/'.charCodeAt(0);
