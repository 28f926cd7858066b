import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readHeaderFile } from '../src/node.ts';

/** Line of ground-truth.jsonl: 25 attributes as pydicom 2.3.1 reads them; a missing key means absent. */
interface Truth {
  readonly path: string;
  readonly bytes: number;
  readonly part10: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

const KEYWORDS = [
  'StudyInstanceUID',
  'SeriesInstanceUID',
  'SOPInstanceUID',
  'SOPClassUID',
  'TransferSyntaxUID',
  'PatientID',
  'PatientName',
  'PatientBirthDate',
  'PatientSex',
  'StudyDate',
  'StudyTime',
  'StudyID',
  'AccessionNumber',
  'StudyDescription',
  'Modality',
  'SeriesNumber',
  'SeriesDescription',
  'InstanceNumber',
  'ImageType',
  'SpecificCharacterSet',
  'Rows',
  'Columns',
  'Manufacturer',
  'NumberOfFrames',
  'BurnedInAnnotation',
] as const;

/** Files on which we differ from the truth, with the keywords and why. None today. */
const KNOWN_DIFFERENCES: Readonly<Record<string, readonly string[]>> = {};

/** Every file of the corpus that is cut; no other one may be called so. */
const TRUNCATED = ['edge/pydicom/test_files/MR_truncated.dcm', 'edge/pydicom/test_files/rtplan_truncated.dcm'];

const corpus = process.env.SENDIT_DICOM_CORPUS;
const skipped = corpus === undefined;
const truths = (): Truth[] =>
  readFileSync(join(corpus ?? '', 'ground-truth.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test.skipIf(skipped)('25 attributes of every corpus file equal the ground truth (needs SENDIT_DICOM_CORPUS)', () => {
  const all = truths();
  const differences: Record<string, string[]> = {};
  for (const truth of all) {
    const { header, bytes } = readHeaderFile(join(corpus ?? '', truth.path));
    const attributes = 'attributes' in header ? header.attributes : {};
    const wrong: string[] = KEYWORDS.filter((keyword) => attributes[keyword] !== truth.tags[keyword]);
    if (bytes !== truth.bytes) wrong.push('bytes');
    if (wrong.length > 0) differences[truth.path] = wrong;
  }
  expect(differences).toEqual(KNOWN_DIFFERENCES);
  expect(all.length).toBeGreaterThan(800);
});

test.skipIf(skipped)('only the cut files of the corpus are truncated (needs SENDIT_DICOM_CORPUS)', () => {
  const results = truths().map(({ path, part10 }) => {
    const { header } = readHeaderFile(join(corpus ?? '', path), { checkTruncation: true });
    return { path, part10, kind: header.kind, isWhole: header.kind === 'dicom' && header.extent === 'whole' };
  });
  expect(results.filter(({ kind }) => kind === 'truncated').map(({ path }) => path)).toEqual(TRUNCATED);
  expect(results.filter(({ kind, isWhole }) => kind === 'dicom' && !isWhole)).toEqual([]);
  expect(results.filter(({ part10, kind }) => part10 && !['dicom', 'dicomdir', 'truncated'].includes(kind))).toEqual(
    [],
  );
});

test.skipIf(skipped || !existsSync('/proc/self/io'))(
  'a header costs at most 8.5 KB of reading, on average over the corpus (needs SENDIT_DICOM_CORPUS and Linux)',
  () => {
    const paths = truths().map(({ path }) => join(corpus ?? '', path));
    for (const checkTruncation of [false, true]) {
      const before = toBytesRead();
      for (const path of paths) readHeaderFile(path, { checkTruncation });
      expect((toBytesRead() - before) / paths.length).toBeLessThan(8_500);
    }
  },
);

/** Bytes that this process has read so far (proc(5)). */
function toBytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}
