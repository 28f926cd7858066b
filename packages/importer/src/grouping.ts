import { toDisplayPath } from '@sendit/files';
import {
  type DigestAlgorithm,
  type FindingPolicy,
  type FindingRecord,
  type ImportedInstance,
  type ImportedSeries,
  type ImportedStudy,
  toDigestAlgorithm,
  toFileDigestAlgorithm,
  toFinding,
} from '@sendit/model';
import { DigestList } from './digest-list.ts';
import type { Duplicate } from './duplicates.ts';
import { throwIfPassing } from './errno.ts';
import { pickExtra } from './extra-tags.ts';
import { BatchChecks } from './findings/batch-checks.ts';
import { FindingList } from './findings/finding-list.ts';
import { toOtherFinding } from './findings/side-files.ts';
import { toPlaceFinding } from './findings/place-findings.ts';
import type { FileRecord } from './header-readers.ts';
import { type ImageFilter, toExclusion } from './image-filter.ts';
import { type ImageRecord, toImage } from './image-record.ts';
import type { ImportPolicy } from './import-policy.ts';
import { toInteger, toText } from './import-tags.ts';
import { RecordedFiles } from './recorded-files.ts';
import { StudyTree } from './study-tree.ts';

/**
 * Truncated files wait for a whole file of their instance, which then counts alone. This many take a few megabytes; any
 * further one is recorded in turn, and a whole file that comes later is recorded too.
 */
const MOST_WAITING_CUT = 1_000;

export interface GroupingOptions {
  /** Current time: later dates are in the future. */
  readonly now: Date;
  readonly policy?: ImportPolicy;
  /** How findings are judged; each as its code says by default. */
  readonly findingPolicy?: FindingPolicy;
  /** A person accepted the batch without what cannot be read; not by default. */
  readonly isAccepted?: boolean;
}

/**
 * Folds headers, given in name order, into studies, series and instances; files that are cut come after the whole ones. Of what several files
 * say about one study or series the first file's word counts; what it does not say is taken from the next that does. Keeps no header longer than its call, and of a file whose
 * instance was taken away less than a hundred bytes.
 */
export class Grouping {
  readonly findings: FindingList;
  /** Time spent on digests, in ms, summed over the files. */
  hashMs = 0;
  /** Instances recorded so far, those taken away too. */
  instanceCount = 0;
  files = 0;
  bytes = 0;
  /** Files that were there when sealed or listed, and not when read. */
  vanished = 0;
  /** Files that the system refused to read, counted by its errno code. */
  readonly refused = new Map<string, number>();
  readonly #tree: StudyTree;
  readonly #files: RecordedFiles;
  #instances: ImportedInstance[] = [];
  readonly #checks: BatchChecks;
  readonly #isAccepted: boolean;
  readonly #waitingCut: { readonly image: ImageRecord; readonly index: number }[] = [];
  readonly #filter: ImageFilter | undefined;
  readonly #extra: readonly string[] | undefined;
  readonly #digests = new DigestList();
  readonly #algorithm: DigestAlgorithm | null;
  readonly #fileAlgorithm: DigestAlgorithm | null;

  /** `name` is the base name of the batch directory. */
  constructor(name: string, { now, policy = {}, findingPolicy, isAccepted = false }: GroupingOptions) {
    const { extra, filter, hash } = policy;
    this.#isAccepted = isAccepted;
    this.findings = new FindingList(findingPolicy);
    this.#extra = extra;
    this.#filter = filter;
    this.#files = new RecordedFiles(hash?.scope ?? 'none');
    this.#algorithm = hash === undefined ? null : toDigestAlgorithm(hash);
    this.#fileAlgorithm = hash === undefined ? null : toFileDigestAlgorithm(hash);
    this.#checks = new BatchChecks(now);
    this.#tree = new StudyTree(name);
  }

  get studies(): ImportedStudy[] {
    return this.#tree.studies;
  }

  get series(): ImportedSeries[] {
    return this.#tree.series;
  }

  /** Pairs of files of one identity that must be read for comparison. */
  get duplicates(): readonly Duplicate[] {
    return this.#files.duplicates;
  }

  /** How many instances wait to be taken away. */
  get waiting(): number {
    return this.#instances.length;
  }

  /** Those that wait. */
  get pending(): readonly ImportedInstance[] {
    return this.#instances;
  }

  /** The instances since the last call. */
  takeInstances(): readonly ImportedInstance[] {
    const taken = this.#instances;
    this.#instances = [];
    return taken;
  }

  /** The digest of the batch, to be taken once at the end. */
  toDigest(): { readonly digest: string | null; readonly digestAlgorithm: DigestAlgorithm | null } {
    return { digest: this.#digests.toDigest(), digestAlgorithm: this.#fileAlgorithm };
  }

  /** Findings about the batch as a whole, to be taken once at the end. */
  toBatchFindings(): FindingRecord[] {
    return [...this.#tree.toStudyFindings(), ...this.#checks.toFindings(), ...this.#tree.toDateFindings()];
  }

  /** Takes one file in. @throws SenditError when its reading failed for a reason that passes. */
  add(record: FileRecord): void {
    const path = toDisplayPath(record.path);
    const { header, bytes, digest } = record;
    const image = toImage(record);
    this.files += 1;
    this.bytes += bytes;
    this.hashMs += record.hashMs;
    const seriesInstanceUid = image === undefined ? null : toText(image.attributes.SeriesInstanceUID);
    this.#files.note(image && { ...image, seriesInstanceUid });
    if (digest !== null) this.#digests.add(digest, record.path);
    switch (header.kind) {
      case 'dicom':
        if (image !== undefined && !this.#addImage(image, this.files - 1)) this.#find('no-instance-uid', path);
        return;
      case 'truncated':
        this.#find('truncated', path);
        if (image !== undefined) this.#addCut(image);
        return;
      case 'dicomdir':
        return;
      case 'empty':
      case 'not-dicom':
        return this.findings.add(toOtherFinding(path, header.kind === 'empty'));
      case 'damaged':
        return this.#find('unreadable', path, 'The deflated data set is damaged; skipped.');
      case 'limit':
        return this.#find('unreadable', path, `The header is beyond the limit of ${header.limit}; skipped.`);
      case 'unreadable':
        return this.#addUnreadable(path, header.code);
    }
  }

  /** A file of an earlier generation: of it only what it says about its series and patient counts. What cannot be read says nothing. */
  addEarlier({ header, path }: FileRecord): void {
    if (header.kind !== 'dicom' && header.kind !== 'truncated') return;
    const { attributes } = header;
    this.#checks.add({
      path: toDisplayPath(path),
      attributes,
      hasPrivate: false,
      isTextGuessed: false,
      seriesKey: this.#tree.keyOf(attributes),
    });
  }

  /** Takes in the files that are cut and waited for one that is whole; to be called when all files were given. */
  finish(): void {
    for (const { image, index } of this.#waitingCut.splice(0)) this.#addImage(image, index);
  }

  #addCut(image: ImageRecord): void {
    const index = this.files - 1;
    if (this.#waitingCut.length < MOST_WAITING_CUT) this.#waitingCut.push({ image, index });
    else this.#addImage(image, index);
  }

  #addUnreadable(path: string, code: string): void {
    throwIfPassing(code, { isAccepted: this.#isAccepted });
    if (code === 'ENOENT') {
      this.vanished += 1;
      return this.#find('vanished', path);
    }
    // Only wrong content is passed over. Every other refusal may hide an image: the batch waits for it.
    if (code === 'not-a-regular-file') this.#find('not-a-regular-file', path);
    else {
      this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
      if (this.#isAccepted) this.#find('not-read', path, `Could not be read (${code}); accepted without it, left out.`);
      else this.#find('unreadable', path, `Could not be read (${code}).`);
    }
  }

  /** False when it has no identity and is not recorded. */
  #addImage(image: ImageRecord, fileIndex: number): boolean {
    const { path, attributes } = image;
    const sopInstanceUid = toText(attributes.SOPInstanceUID);
    if (sopInstanceUid === null) return false;
    const exclusion = this.#filter && toExclusion(attributes, this.#filter);
    if (exclusion !== undefined) {
      this.#find('excluded', toDisplayPath(path), `Not recorded: ${exclusion}.`);
      return true;
    }
    const place = this.#files.take({ ...image, sopInstanceUid, index: fileIndex });
    if (place === 'new' || place === 'completes') this.#addInstance(image, { sopInstanceUid, isNew: place === 'new' });
    const finding = toPlaceFinding(place, toDisplayPath(path));
    if (finding !== undefined) this.findings.add(finding);
    return true;
  }

  /** For an instance already passed on from another file, the writer keeps the whole one. */
  #addInstance(
    image: ImageRecord,
    { sopInstanceUid, isNew }: { readonly sopInstanceUid: string; readonly isNew: boolean },
  ): void {
    const { attributes, digest, hasPrivate, isTextGuessed } = image;
    const { key, index } = this.#tree.add(attributes);
    const path = toDisplayPath(image.path);
    this.#instances.push({
      series: index,
      sopInstanceUid,
      sopClassUid: toText(attributes.SOPClassUID),
      transferSyntaxUid: image.transferSyntaxUid,
      instanceNumber: toInteger(attributes.InstanceNumber),
      path,
      bytes: image.bytes,
      datasetBytes: image.datasetBytes,
      isWhole: image.isWhole,
      digest,
      digestAlgorithm: digest === null ? null : this.#algorithm,
      attributes: pickExtra(attributes, this.#extra),
    });
    if (!isNew) return;
    this.instanceCount += 1;
    const found = this.#checks.add({ path, attributes, hasPrivate, isTextGuessed, seriesKey: key });
    for (const finding of found) this.findings.add(finding);
  }

  #find(...finding: Parameters<typeof toFinding>): void {
    this.findings.add(toFinding(...finding));
  }
}
