import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYNTHETIC_SYNTAXES, type SyntheticSyntax, toDicomFile } from '@sendit/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHeader, toByteSource } from '../src/index.ts';

const KINDS = ['dicom', 'truncated', 'dicomdir', 'not-dicom', 'empty', 'damaged', 'limit'];
const corpus = process.env.SENDIT_DICOM_CORPUS;

const SYNTHETIC = (Object.keys(SYNTHETIC_SYNTAXES) as SyntheticSyntax[]).flatMap((syntax) =>
  [true, false].map((undefinedLengths) =>
    toDicomFile(
      {
        SpecificCharacterSet: 'ISO 2022 IR 13\\ISO 2022 IR 87',
        SOPInstanceUID: '2.25.1',
        ReferencedImageSequence: [[{ tag: 0x0008_1140, vr: 'SQ', value: [[], []] }]],
        PatientName: Buffer.from('\x1b$B;3ED\x1b(J^A', 'latin1'),
        Rows: 2,
        PixelData: Buffer.alloc(64),
      },
      { syntax, undefinedLengths },
    ),
  ),
);

/** Reads with a count of reads: a walk that does not move forward would read for ever. */
function readBounded(bytes: Uint8Array): string {
  const source = toByteSource(bytes);
  let reads = 0;
  const counted = {
    size: source.size,
    read: (target: Uint8Array, position: number) => {
      reads += 1;
      if (reads > bytes.length + 10) throw new Error('Expected reading to end, got one read after another');
      return source.read(target, position);
    },
  };
  return readHeader(counted, { checkTruncation: true, buffer: new Uint8Array(256) }).kind;
}

const mutations = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    bytes: fc.uint8Array({ maxLength: 8 }),
  }),
  { maxLength: 6 },
);

function mutate(file: Uint8Array, changes: readonly { at: number; bytes: Uint8Array }[], keep: number): Uint8Array {
  const copy = Uint8Array.from(file.subarray(0, Math.ceil(file.length * keep)));
  for (const { at, bytes } of changes) {
    const start = Math.floor(at * copy.length);
    copy.set(bytes.subarray(0, copy.length - start), start);
  }
  return copy;
}

test('arbitrary bytes end in a documented kind', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), (bytes, withPrefix) => {
      const file = withPrefix ? Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), bytes]) : bytes;
      expect(KINDS).toContain(readBounded(file));
    }),
    { numRuns: 2000 },
  );
});

test('synthetic files, changed and cut anywhere, end in a documented kind', () => {
  const keep = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...SYNTHETIC), mutations, keep, (file, changes, part) => {
      expect(KINDS).toContain(readBounded(mutate(file, changes, part)));
    }),
    { numRuns: 3000 },
  );
});

test.skipIf(corpus === undefined)(
  'real files, changed and cut anywhere, end in a documented kind (needs SENDIT_DICOM_CORPUS)',
  () => {
    const paths = readFileSync(join(corpus ?? '', 'ground-truth.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line): { path: string; bytes: number } => JSON.parse(line))
      .filter(({ path, bytes }) => path.startsWith('edge/') && bytes < 300_000);
    const keep = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.constantFrom(...paths), mutations, keep, ({ path }, changes, part) => {
        expect(KINDS).toContain(readBounded(mutate(readFileSync(join(corpus ?? '', path)), changes, part)));
      }),
      { numRuns: 3000 },
    );
  },
);
