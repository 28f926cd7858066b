import { readOpenFilesLimit } from '@sendit/files';
import { SenditError } from '@sendit/model';

/** The embedded engine alone holds 128. */
const FEWEST = 256;

/** @throws SenditError `start-failed` where this process may have fewer files open than it needs: what fails then looks like anything else. */
export function requireOpenFiles(limit = readOpenFilesLimit()): void {
  if (limit === undefined || limit >= FEWEST) return;
  throw new SenditError(`Expected to be allowed ${FEWEST} open files at least, got ${limit} (nofile).`, {
    code: 'start-failed',
    hint: 'Raise the limit: `ulimit -n 1024` before the start, or LimitNOFILE=65536 in the unit.',
  });
}
