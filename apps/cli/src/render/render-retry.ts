import { printable } from '@sendit/daemon';
import type { RetryReport } from '@sendit/runtime/installation';

/** Most ids that a person wants to read. */
const MOST_IDS = 10;

/** Output of `sendit batch retry`. */
export function renderRetry({ dryRun, queued, batchIds, refused, notFound }: RetryReport): string {
  const ids = batchIds.slice(0, MOST_IDS).join(', ');
  const which = queued === 0 ? '' : ` (${ids}${queued > MOST_IDS ? ', …' : ''})`;
  const batches = queued === 1 ? '1 batch' : `${queued} batches`;
  return [
    dryRun ? `Would queue ${batches} again${which}.` : `Queued ${batches} again${which}.`,
    ...refused.map(({ ref, status }) => `Not queued: ${printable(ref)} is ${status}, on its way or done.`),
    ...notFound.map((ref) => `Not queued: there is no batch with the id, name or path ${printable(ref)}.`),
  ].join('\n');
}
