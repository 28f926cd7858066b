import type { Collector } from './collect.ts';
import { DEFLATED_UID } from './encoding.ts';
import { walkStretch } from './stretch.ts';
import { GROUP_LENGTH, GROUP_LENGTH_BYTES, TRANSFER_SYNTAX } from './tag-index.ts';
import type { HeaderLimits } from './header-limits.ts';
import { walkElements } from './walk.ts';
import type { Walk } from './walk-state.ts';

/** The contents of group 0002 (PS3.10 §7.1), and where the data set begins. */
interface FileMeta {
  readonly kind: 'meta';
  readonly datasetAt: number;
  readonly transferSyntaxUid: string | undefined;
  readonly sopClassUid: string | undefined;
}

/** The file meta information, or why it cannot be read to its end. */
export type MetaResult =
  | FileMeta
  | { readonly kind: 'truncated'; readonly at: number; readonly transferSyntaxUid: string | undefined }
  | { readonly kind: 'limit'; readonly limit: keyof HeaderLimits };

const BEFORE_GROUP = GROUP_LENGTH - 1;
const LAST_OF_GROUP = 0x0002_ffff;

/**
 * Reads group 0002 from a position. It ends at the first element of another group: the group length is often wrong, and only trusted
 * before a deflated data set, whose first bytes may look like group 0002.
 */
export function readMeta(walk: Walk, from: number, collector: Collector): MetaResult {
  const { window } = walk;
  const { index } = collector;
  // A deflated data set may go on like meta information: what follows the syntax is looked at one by one then.
  const syntaxAt = walkStretch(walk, from, { collector, above: BEFORE_GROUP, until: TRANSFER_SYNTAX });
  const mayBeDeflated = (collector.valueAt(index.transferSyntaxSlot) ?? DEFLATED_UID) === DEFLATED_UID;
  const end = walkElements(walk, syntaxAt, {
    collector,
    above: BEFORE_GROUP,
    until: mayBeDeflated ? BEFORE_GROUP : LAST_OF_GROUP,
    visit: (head) => {
      if (head.tag > LAST_OF_GROUP || head.tag < GROUP_LENGTH) return 'stop';
      const declaredEnd = toDeflatedAt(collector, from);
      if (declaredEnd !== undefined && head.valueAt > declaredEnd) return 'stop';
      return collector.collect(walk, head);
    },
  });
  const transferSyntaxUid = collector.valueAt(index.transferSyntaxSlot);
  const sopClassUid = collector.valueAt(index.sopClassSlot);
  const deflatedAt = toDeflatedAt(collector, from);
  if (end.kind === 'limit') return end;
  if (deflatedAt !== undefined && deflatedAt < window.size) {
    return { kind: 'meta', datasetAt: deflatedAt, transferSyntaxUid, sopClassUid };
  }
  if (end.kind === 'stopped') return { kind: 'meta', datasetAt: end.position, transferSyntaxUid, sopClassUid };
  return { kind: 'truncated', at: end.kind === 'truncated' ? end.at : window.size, transferSyntaxUid };
}

/** Where a deflated data set begins, by the group length that meta information begins with; undefined for every other syntax. */
function toDeflatedAt(collector: Collector, from: number): number | undefined {
  const { index } = collector;
  if (collector.valueAt(index.transferSyntaxSlot) !== DEFLATED_UID) return undefined;
  const length = Number(collector.valueAt(index.groupLengthSlot) || Number.NaN);
  return Number.isSafeInteger(length) ? from + GROUP_LENGTH_BYTES + length : undefined;
}
