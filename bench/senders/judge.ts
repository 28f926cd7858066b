/** A study as it was sent and as its files lie now. */
export interface SentStudy {
  readonly studyInstanceUid: string;
  /** Images of each series. */
  readonly series: Readonly<Record<string, number>>;
  /** Last change of one of its files, by the file system; milliseconds since the epoch. */
  readonly lastByteAt: number;
}

/** A batch as the product recorded it. */
export interface RecordedBatch {
  readonly name: string;
  readonly status: string;
  readonly grade: string;
  readonly generation: number;
  readonly lateChanges: number;
  /** Milliseconds since the epoch. */
  readonly sealedAt: number;
  /** Images of each series of each study. */
  readonly studies: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Codes of findings that are no infos. */
  readonly findings: readonly string[];
}

/** Result of a scenario. */
export interface Judged {
  /** None: the right batches, none early. */
  readonly problems: readonly string[];
  readonly grades: readonly string[];
  /** From the last byte to the seal, of the slowest batch. */
  readonly delayMs: number | undefined;
}

/** Clocks of files tick coarsely, and a transaction's time is that of its begin. */
const TICK_MS = 20;

/**
 * Holds the batches of one watch path against what was sent: each study (each series, where that is the unit) is one batch of its own,
 * whole, without findings, and sealed after its last byte.
 */
export function judge(
  sent: readonly SentStudy[],
  batches: readonly RecordedBatch[],
  { unit, findings = [] }: { readonly unit: string; readonly findings?: readonly string[] },
): Judged {
  const expected = sent.flatMap((study) => toExpected(study, unit));
  const problems: string[] = [];
  const delays: number[] = [];
  const left = new Set(batches);
  for (const [number, { studies, lastByteAt }] of expected.entries()) {
    const label = `delivery ${number + 1}`;
    const batch = batches.find((one) => left.has(one) && isSame(one.studies, studies));
    if (batch === undefined) {
      problems.push(`${label}: no batch holds exactly its images`);
      continue;
    }
    left.delete(batch);
    if (Number.isFinite(lastByteAt)) delays.push(batch.sealedAt - lastByteAt);
    problems.push(...findFaults(batch, { lastByteAt, findings }).map((fault) => `${label}: ${fault}`));
  }
  for (const { name, studies } of left) {
    const images = Object.values(studies).flatMap((series) => Object.values(series));
    problems.push(`a batch that nobody sent: ${name} (${images.reduce((a, b) => a + b, 0)} images)`);
  }
  const grades = [...new Set(batches.map(({ grade }) => grade))].toSorted();
  return { problems, grades, delayMs: delays.length === 0 ? undefined : Math.max(0, ...delays) };
}

function toExpected({ studyInstanceUid, series, lastByteAt }: SentStudy, unit: string) {
  if (unit !== 'series') return [{ studies: { [studyInstanceUid]: series }, lastByteAt }];
  // Its series end before it; that none is early is said by its number of images.
  return Object.entries(series).map(([uid, images]) => ({
    studies: { [studyInstanceUid]: { [uid]: images } },
    lastByteAt: Number.NEGATIVE_INFINITY,
  }));
}

function findFaults(
  batch: RecordedBatch,
  { lastByteAt, findings }: { readonly lastByteAt: number; readonly findings: readonly string[] },
): readonly string[] {
  const unexpected = batch.findings.filter((code) => !findings.includes(code));
  return [
    batch.status === 'DONE' ? [] : [`it ended as ${batch.status}`],
    batch.generation === 1 ? [] : [`it is generation ${batch.generation}`],
    batch.lateChanges === 0 ? [] : [`it changed ${batch.lateChanges} times after the seal`],
    batch.sealedAt >= lastByteAt - TICK_MS ? [] : [`sealed ${Math.round(lastByteAt - batch.sealedAt)} ms early`],
    unexpected.length === 0 ? [] : [`findings: ${unexpected.join(', ')}`],
  ].flat();
}

function isSame(one: RecordedBatch['studies'], other: RecordedBatch['studies']): boolean {
  return flatten(one) === flatten(other);
}

function flatten(studies: RecordedBatch['studies']): string {
  return Object.entries(studies)
    .flatMap(([study, series]) => Object.entries(series).map(([uid, images]) => `${study} ${uid} ${images}`))
    .toSorted()
    .join('\n');
}
