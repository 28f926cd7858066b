import type {
  ImportedInstance,
  ImportedStudy,
  ImportResult,
  ImportRun,
  ManifestFile,
  SealRequest,
} from '@sendit/model';
import journal from '../../migrations/meta/_journal.json' with { type: 'json' };
import type { Database } from '../../src/index.ts';

/** The names of all migrations, in order. */
export const MIGRATIONS: readonly string[] = journal.entries.map(({ tag }) => tag);

/** Engine under a contract. */
export interface Engine {
  /** A database of its own, and another connection to it where the engine allows several. */
  open(): Promise<{ readonly db: Database; readonly other: Database } & AsyncDisposable>;
}

/** A study that has only what the tests look at. */
export const study: ImportedStudy = {
  studyInstanceUid: '1.2.3',
  studyDate: '20240131',
  studyTime: null,
  studyId: null,
  accessionNumber: null,
  studyDescription: null,
  patientId: null,
  patientName: 'Doe^Jane',
  patientBirthDate: null,
  patientSex: null,
};

export function seriesOf(seriesInstanceUid: string, studyInstanceUid = '1.2.3'): ImportResult['series'][number] {
  return {
    studyInstanceUid,
    seriesInstanceUid,
    modality: 'CT',
    seriesNumber: 1,
    seriesDescription: null,
    bodyPartExamined: null,
    protocolName: null,
    manufacturer: null,
  };
}

/** `series` is the index of its series in the result. */
export function instanceOf(sopInstanceUid: string, series = 0): ImportedInstance {
  return {
    series,
    sopInstanceUid,
    sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    instanceNumber: 1,
    path: `${sopInstanceUid}.dcm`,
    bytes: 5_000_000_000,
    datasetBytes: 4_999_999_000,
    isWhole: true,
    digest: '99aa06d3014798d86001c324468d497f',
    digestAlgorithm: 'xxh128-dataset',
    attributes: null,
  };
}

/** Of the first run of a job. */
export function runOf(job: { batchId: string; outboxId: string }): ImportRun {
  return { ...job, attempt: 1 };
}

/** Result of a job's first run. */
export function resultOf(
  job: { batchId: string; outboxId: string },
  changes: Partial<ImportResult> = {},
): ImportResult {
  return {
    ...runOf(job),
    status: 'DONE',
    reason: null,
    files: 2,
    bytes: 10_000_000_000,
    digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    digestAlgorithm: 'xxh128',
    times: { listingMs: 1, readingMs: 20, hashingMs: 3 },
    studies: [study],
    series: [seriesOf('1.2.3.1')],
    instances: [instanceOf('1.2.3.1.1'), instanceOf('1.2.3.1.2')],
    findings: [{ code: 'not-dicom', severity: 'warning', path: 'README', message: 'Not a DICOM file.' }],
    ...changes,
  };
}

export async function rootId(db: Database): Promise<string> {
  return (await db.roots.upsert({ name: 'data', path: '/data' })).id;
}

export async function requestOf(db: Database, name: string, changes: Partial<SealRequest> = {}): Promise<SealRequest> {
  return {
    rootId: await rootId(db),
    relativePath: name,
    path: `/data/${name}`,
    name,
    grade: 'renamed',
    files: 2,
    bytes: 10_000_000_000,
    manifestDigest: 'a',
    manifest: [1n, 2n].map((inode) => ({
      path: `${inode}.dcm`,
      bytes: 5_000_000_000,
      mtimeNs: 1_700_000_000_123_456_789n,
      inode,
    })),
    ...changes,
  };
}

/** The sealed files of a batch, part by part. */
export async function partsOf(db: Database, batchId: string | null): Promise<(readonly ManifestFile[])[]> {
  const parts: (readonly ManifestFile[])[] = [];
  for await (const part of db.batches.manifest(batchId ?? '0')) parts.push(part);
  return parts;
}

/** Seals a directory and takes its message, as the relay does. */
export async function sealed(db: Database, name: string): Promise<{ batchId: string; outboxId: string }> {
  const outcome = await db.batches.seal(await requestOf(db, name));
  if (outcome.kind === 'kept-back') throw new Error('the directory is kept back');
  const rows = await db.outbox.claim({ limit: 100, leaseMs: 60_000 });
  const row = rows.find((one) => one.batchId === outcome.batchId);
  if (row === undefined) throw new Error('the sealed batch has no message in the outbox');
  return { batchId: outcome.batchId, outboxId: row.id };
}

export async function started(db: Database, name: string): Promise<{ batchId: string; outboxId: string }> {
  const job = await sealed(db, name);
  await db.outbox.markSent([job.outboxId], { resendAfterMs: 60_000 });
  await db.studies.begin(job);
  return job;
}

/** Two digests of one kind. */
export const ONE = 'a'.repeat(32);
export const TWO = 'b'.repeat(32);

/** An instance whose file differs from others by its digest. */
export function fileOf(sopInstanceUid: string, digest: string | null): ImportedInstance {
  return { ...instanceOf(sopInstanceUid), digest, digestAlgorithm: digest === null ? null : 'xxh128-dataset' };
}

/** The next generation of one directory, its import begun. */
export async function generation(db: Database, number: number): Promise<{ batchId: string; outboxId: string }> {
  await db.batches.markVanished(await rootId(db), 'a');
  const outcome = await db.batches.seal(await requestOf(db, 'a', { manifestDigest: String(number) }));
  if (outcome.kind !== 'sealed') throw new Error(`expected generation ${number}, got ${outcome.kind}`);
  const rows = await db.outbox.claim({ limit: 100, leaseMs: 60_000 });
  const job = { batchId: outcome.batchId, outboxId: rows.find((row) => row.batchId === outcome.batchId)?.id ?? '' };
  await db.studies.begin(job);
  return job;
}
