import { DEFAULT_BATCH_LIMITS } from '@sendit/model';
import { z } from 'zod';
import { wholeNumber } from './field-types.ts';

/** `limits`: how large one batch may be. */
export const limits = z
  .strictObject(
    {
      files: wholeNumber(1, 10_000_000, '')
        .default(DEFAULT_BATCH_LIMITS.files)
        .describe('Most files and directories in one batch.'),
      pathBytes: wholeNumber(1, 4096, ' of bytes')
        .default(DEFAULT_BATCH_LIMITS.pathBytes)
        .describe('Longest path of a file, below the directory of its batch.'),
      depth: wholeNumber(1, 1000, '')
        .default(DEFAULT_BATCH_LIMITS.depth)
        .describe('Most parts of such a path: directories within each other, and the file.'),
    },
    { error: 'an object with files, pathBytes and depth' },
  )
  .prefault({})
  .describe(
    'How large one batch may be. What is larger is held with the reason; a directory is then not listed to its end, while the files of series and studies all are.',
  );
