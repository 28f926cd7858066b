import type { Collector } from './collect.ts';
import { toUint32 } from './element.ts';
import { DEFLATED_UID } from './encoding.ts';
import { type HeaderLimits, type Walk, walkElements } from './walk.ts';

/** What group 0002 says (PS3.10 §7.1), and where the data set begins. */
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

const GROUP_LENGTH = 0x0002_0000;
const MEDIA_STORAGE_SOP_CLASS = 0x0002_0002;
const TRANSFER_SYNTAX = 0x0002_0010;
const LAST_OF_GROUP = 0x0002_ffff;

/**
 * Reads group 0002 from a position. It ends at the first element of another group: the group length is often wrong, and only trusted
 * before a deflated data set, whose first bytes may look like group 0002.
 */
export function readMeta(walk: Walk, from: number, collector: Collector): MetaResult {
  const { window } = walk;
  let declaredEnd: number | undefined;
  let transferSyntaxUid: string | undefined;
  let sopClassUid: string | undefined;
  const end = walkElements(walk, from, (head) => {
    if (head.tag > LAST_OF_GROUP || head.tag < GROUP_LENGTH) return 'stop';
    const isPastEnd = declaredEnd !== undefined && head.valueAt > declaredEnd;
    if (isPastEnd && transferSyntaxUid === DEFLATED_UID) return 'stop';
    if (head.tag === GROUP_LENGTH && head.length === 4) {
      const at = window.at(head.valueAt, 4);
      if (at >= 0) declaredEnd = head.valueAt + 4 + toUint32(window.bytes, at, true);
    }
    if (head.tag === TRANSFER_SYNTAX) transferSyntaxUid ??= toUid(walk, head.valueAt, head.length);
    if (head.tag === MEDIA_STORAGE_SOP_CLASS) sopClassUid ??= toUid(walk, head.valueAt, head.length);
    return collector.collect(walk, head);
  });
  if (end.kind === 'limit') return end;
  const isDeflated = transferSyntaxUid === DEFLATED_UID && declaredEnd !== undefined && declaredEnd < window.size;
  if (isDeflated && declaredEnd !== undefined) {
    return { kind: 'meta', datasetAt: declaredEnd, transferSyntaxUid, sopClassUid };
  }
  if (end.kind === 'stopped') return { kind: 'meta', datasetAt: end.position, transferSyntaxUid, sopClassUid };
  return { kind: 'truncated', at: end.kind === 'truncated' ? end.at : window.size, transferSyntaxUid };
}

/** A UID has at most 64 characters (PS3.5 §9); a longer value is cut, not refused. */
function toUid({ window }: Walk, at: number, length: number): string | undefined {
  const kept = Math.min(length, 64);
  const start = window.at(at, kept);
  if (start < 0) return undefined;
  const text = window.bytes.toString('latin1', start, start + kept);
  return text.replace(/[\0 ]+$/, '');
}
