import type { BatchLimits, HashPolicy } from '@sendit/model';
import type { ImageFilter } from './image-filter.ts';
import type { Check } from './own-checks/define-check.ts';

/** Policy of a worker's imports: which data of the files are kept, and how far late files are searched. */
export interface ImportPolicy {
  /** Images that it excludes are findings and not recorded; none by default. */
  readonly filter?: ImageFilter;
  /** How files are hashed; not at all by default. */
  readonly hash?: HashPolicy;
  /** Keywords of attributes that are kept of each instance, known to the dictionary; none by default. */
  readonly extra?: readonly string[];
  /** Checks of the user's own, run when all headers are read; none by default. */
  readonly checks?: readonly Check[];
  /** Names of the steps that follow an import, in order; none by default. */
  readonly steps?: readonly string[];
  /** How far a directory is listed for files that came late; `DEFAULT_BATCH_LIMITS` of `@sendit/model` by default. */
  readonly limits?: BatchLimits;
}
