import type { CompletenessGrade } from '@sendit/model';

/** A sealed batch as a dry run of the quiet time looks at it. Times are epoch ms. */
export interface SealedPast {
  readonly id: string;
  readonly grade: CompletenessGrade;
  readonly sealedAt: number;
  /** When its files came, as far as the file system kept that; in order. Empty: nobody can tell. */
  readonly times: readonly number[];
  /** The generation before it. */
  readonly before: { readonly grade: CompletenessGrade; readonly lastAt: number } | null;
}

/** What another quiet time would have made of it. */
export type QuietOutcome =
  /** Something else than quiet time proved it complete. */
  | { readonly kind: 'other-proof' }
  | { readonly kind: 'unknown' }
  /** Its files paused for longer: it would have been sealed in the middle. */
  | { readonly kind: 'split'; readonly pauseMs: number }
  /** How much later it would have been sealed; below 0: earlier. */
  | { readonly kind: 'moved'; readonly laterMs: number };

/** What a quiet time would have made of a batch, by the times of its files. Pure. */
export function judgeQuiet({ grade, sealedAt, times }: SealedPast, quietMs: number): QuietOutcome {
  if (grade !== 'quiet') return { kind: 'other-proof' };
  const last = times.at(-1);
  if (last === undefined) return { kind: 'unknown' };
  const pauseMs = toLongestPause(times);
  if (pauseMs > quietMs) return { kind: 'split', pauseMs };
  return { kind: 'moved', laterMs: Math.round(last + quietMs - sealedAt) };
}

/** Whether the batch would have been one with the generation before it. */
export function isJoined({ before, times }: SealedPast, quietMs: number): boolean {
  const [first] = times;
  return before?.grade === 'quiet' && first !== undefined && first - before.lastAt <= quietMs;
}

function toLongestPause(times: readonly number[]): number {
  let longest = 0;
  let before = times[0] ?? 0;
  for (const time of times) {
    longest = Math.max(longest, time - before);
    before = time;
  }
  return Math.round(longest);
}

/** When a file came and was last written to, where the file system kept its birth; what a copy keeps of the original tells nothing. */
export function toTimes(
  files: Iterable<{ readonly mtimeNs: bigint; readonly bornNs?: bigint | undefined }>,
  sealedAt: number,
): readonly number[] {
  const times: number[] = [];
  for (const { bornNs, mtimeNs } of files) {
    if (bornNs === undefined) continue;
    const [born, written] = [Number(bornNs / 1_000n) / 1_000, Number(mtimeNs / 1_000n) / 1_000];
    if (born > sealedAt) continue;
    times.push(born);
    if (written > born && written <= sealedAt) times.push(written);
  }
  return times.sort((a, b) => a - b);
}
