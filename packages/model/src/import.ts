import type { BatchStatus, ImportTimes } from './batch.ts';
import type { FindingRecord } from './finding.ts';
import type { FindingPolicy } from './finding-policy.ts';

/** Scope of a digest: nothing, the bytes before the pixel data, or the whole file. */
export type HashScope = 'none' | 'header' | 'file';

/** `xxh128` (XXH3, 128 bits) detects accidental changes at disk speed; `sha256` serves as evidence. */
export type HashAlgorithm = 'xxh128' | 'sha256';

/** How the files of a batch are hashed. */
export interface HashPolicy {
  readonly scope: HashScope;
  readonly algorithm: HashAlgorithm;
}

/**
 * How a stored digest was made, and of what. Digests of two kinds say nothing of each other:
 *
 * xxh128                 the whole file
 * xxh128-dataset         its data set: all but the preamble and group 0002, which say how it was sent
 * xxh128-dataset-header  of the data set what lies before the pixel data
 * xxh128-header          of the file what lies before the pixel data; only from earlier versions
 */
export type DigestAlgorithm = HashAlgorithm | `${HashAlgorithm}-${'dataset' | 'dataset-header' | 'header'}`;

/** The kind of the digests that instances are compared by; null where nothing is hashed. */
export function toDigestAlgorithm({ scope, algorithm }: HashPolicy): DigestAlgorithm | null {
  if (scope === 'none') return null;
  return scope === 'header' ? `${algorithm}-dataset-header` : `${algorithm}-dataset`;
}

/** The kind of the digests that the digest of a batch is made of: of whole files where they are read whole. */
export function toFileDigestAlgorithm(policy: HashPolicy): DigestAlgorithm | null {
  return policy.scope === 'file' ? policy.algorithm : toDigestAlgorithm(policy);
}

/** How to make a digest of a kind again, of a data set; undefined for kinds of earlier versions, which nobody makes any more. */
export function toHashPolicy(kind: DigestAlgorithm): HashPolicy | undefined {
  const [algorithm = '', ...covers] = kind.split('-');
  const scope = { dataset: 'file', 'dataset-header': 'header' }[covers.join('-')];
  return scope === undefined ? undefined : ({ scope, algorithm } as HashPolicy);
}

/** Everything a worker needs to import a batch. */
export interface BatchToImport {
  readonly id: string;
  /** Absolute directory. */
  readonly path: string;
  /** Base name, used for the `study_<name>` and `series_<name>` fallbacks. */
  readonly name: string;
  /** Files that were sealed. */
  readonly files: number;
  /** They were all that the directory held, so that what else is in it came later. */
  readonly isWhole: boolean;
  /** Its files are only those that came late: checks of a series ask for the earlier ones too. */
  readonly isDelta: boolean;
  /** A person has said that files that vanished are not to be waited for. */
  readonly acceptsMissing: boolean;
  /** A person lets it through as it is: what the system refuses to read is left out, and errors end it as DONE. */
  readonly isAccepted: boolean;
  /** How the findings of its watch path are judged. */
  readonly findingPolicy: FindingPolicy;
  /** Globs of names that its watch path ignores beside the known ones. */
  readonly ignore: readonly string[];
}

/** One study as read from headers. Values are as in the file, trimmed; null where absent or empty. */
export interface ImportedStudy {
  readonly studyInstanceUid: string;
  readonly studyDate: string | null;
  readonly studyTime: string | null;
  readonly studyId: string | null;
  readonly accessionNumber: string | null;
  readonly studyDescription: string | null;
  readonly patientId: string | null;
  readonly patientName: string | null;
  readonly patientBirthDate: string | null;
  readonly patientSex: string | null;
}

/** One series of a study. */
export interface ImportedSeries {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly modality: string | null;
  readonly seriesNumber: number | null;
  readonly seriesDescription: string | null;
  readonly bodyPartExamined: string | null;
  readonly protocolName: string | null;
  readonly manufacturer: string | null;
}

/** One instance (file). */
export interface ImportedInstance {
  /** Index of its series in {@link ImportResult.series}. */
  readonly series: number;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string | null;
  readonly transferSyntaxUid: string | null;
  readonly instanceNumber: number | null;
  /** Relative to the batch directory, `/`-separated. */
  readonly path: string;
  readonly bytes: number;
  /** Length of its data set: two files of one instance may differ before it. */
  readonly datasetBytes: number;
  /** False where the file ends before what it declares, null where nobody could tell. */
  readonly isWhole: boolean | null;
  /** Of the data set, in hex; null where nothing was hashed. */
  readonly digest: string | null;
  readonly digestAlgorithm: DigestAlgorithm | null;
  /** The extra attributes that were asked for and are there, by keyword; null where none was asked for. May be personal. */
  readonly attributes: Readonly<Record<string, string>> | null;
}

/**
 * Standing of a recorded instance among those of other batches with the same SOPInstanceUID:
 *
 * first     counts: of all that have the UID at most one is first
 * duplicate had been imported before, and nothing is known to differ
 * replaced  a later generation of its directory has other bytes in the file of that name, or it is cut and another batch has it whole
 */
export const INSTANCE_STANDINGS = ['first', 'duplicate', 'replaced'] as const;

/** One word of {@link INSTANCE_STANDINGS}. */
export type InstanceStanding = (typeof INSTANCE_STANDINGS)[number];

/** One run of an import. */
export interface ImportRun {
  readonly batchId: string;
  /** Outbox row to delete in the same transaction: 0 rows deleted means another run already did it. */
  readonly outboxId: string;
  /** Counted up by each run of the batch: what an earlier one brings when a later one has begun is not wanted. */
  readonly attempt: number;
}

/** Instances of a large batch, kept before the import ends. */
export interface ImportPart extends ImportRun {
  readonly instances: readonly ImportedInstance[];
}

/** Everything that one import writes in its one transaction, beside what its run has kept before. */
export interface ImportResult extends ImportRun {
  readonly status: 'DONE' | 'EMPTY' | 'ERROR';
  /** Why the status is ERROR. */
  readonly reason: string | null;
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 of the lines `digest  path` of all files that were hashed, in byte order of the paths; null where nothing was. */
  readonly digest: string | null;
  readonly digestAlgorithm: DigestAlgorithm | null;
  readonly times: ImportTimes;
  readonly studies: readonly ImportedStudy[];
  /** In the order of their first files. */
  readonly series: readonly ImportedSeries[];
  /** Those that are in no {@link ImportPart}. Of two with one UID, in whichever part, the whole one counts, then the first by path. */
  readonly instances: readonly ImportedInstance[];
  readonly findings: readonly FindingRecord[];
  /** Names of the worker's steps that follow where it ends in DONE, in order. */
  readonly steps?: readonly string[];
}

/** Result of a commit; `already-done` if another run has committed. */
export type CommitOutcome =
  | { readonly kind: 'already-done' }
  | {
      readonly kind: 'committed';
      /** That of the result, but of a DONE one: ERROR where a finding about other batches is an error, EMPTY where every instance was in conflict. */
      readonly status: BatchStatus;
      readonly studies: number;
      readonly series: number;
      readonly instances: number;
      readonly findings: number;
      /** Files that were not recorded: another batch has their instance with other bytes. */
      readonly quarantined: number;
    };
