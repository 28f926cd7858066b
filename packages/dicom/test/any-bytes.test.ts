import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYNTHETIC_SYNTAXES, type SyntheticElement, type SyntheticSyntax, toDicomFile } from '@sendit/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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

/**
 * Byte patterns that random bytes seldom contain: stand-ins for a VR, items and their ends, padding, an unknown length,
 * tags of the meta information.
 */
const TELLING = [
  ...['  ', '??', '\0\0', 'XX', 'un', 'SQ', 'UI'].map((vr) => Buffer.from(vr, 'latin1')),
  ...['feff00e0', 'feff0de0', 'feffdde0', 'fcfffcff', 'ffffffff', '02000000', '02001000'].map((mark) =>
    Buffer.from(mark, 'hex'),
  ),
];

const mutations = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    bytes: fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.constantFrom(...TELLING)),
  }),
  { maxLength: 6 },
);

/** Empty elements of implicit VR, from (0009,1001) on, each of the next tag. */
function toRisingElements(head: Uint8Array, count: number): Buffer {
  const bytes = Buffer.alloc(count * 8);
  for (let index = 0; index < count; index++) {
    bytes.writeUInt16LE(0x0009 + 2 * (index >> 15), index * 8);
    bytes.writeUInt16LE(0x1001 + (index & 0x7fff), index * 8 + 2);
    bytes.write('US', index * 8 + 4);
  }
  return Buffer.concat([head, bytes]);
}

function mutate(file: Uint8Array, changes: readonly { at: number; bytes: Uint8Array }[], keep: number): Uint8Array {
  const copy = Uint8Array.from(file.subarray(0, Math.ceil(file.length * keep)));
  for (const { at, bytes } of changes) {
    const start = Math.floor(at * copy.length);
    copy.set(bytes.subarray(0, copy.length - start), start);
  }
  return copy;
}

const META_AT = 132;

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

describe('walking in stretches gives what walking element by element gives', () => {
  // Words of 16 bits need an even address: from an odd one every element is read one by one.
  const oddBuffer = new Uint8Array(1025).subarray(1);
  const evenBuffer = new Uint8Array(4096);
  const expectOneReading = (bytes: Uint8Array, checkTruncation = true) => {
    const source = toByteSource(bytes);
    const fast = readHeader(source, { checkTruncation, buffer: evenBuffer });
    expect(fast).toEqual(readHeader(source, { checkTruncation, buffer: oddBuffer }));
  };

  test('whatever the bytes are (a sample of `npm run fuzz:dicom`)', () => {
    const keep = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(
        fc.constantFrom(...SYNTHETIC),
        mutations,
        keep,
        fc.boolean(),
        (file, changes, part, checkTruncation) => expectOneReading(mutate(file, changes, part), checkTruncation),
      ),
      { numRuns: 5000, seed: 1 },
    );
  });

  test('where an element of a lower group stands in the meta information', () => {
    for (const file of SYNTHETIC) {
      for (let at = META_AT; at + 8 < file.length; at += 2) {
        if (file[at] !== 0x02 || file[at + 1] !== 0) continue;
        expectOneReading(Uint8Array.from(file).fill(0x01, at, at + 1));
      }
    }
  });

  test('where a deflated data set begins like meta information', () => {
    const syntax = { tag: 0x0002_0010, vr: 'UI', value: SYNTHETIC_SYNTAXES.deflated };
    const dicomdir = { tag: 0x0002_0002, vr: 'UI', value: '1.2.840.10008.1.3.10' };
    const toBytes = (...elements: SyntheticElement[]) => toDicomFile(elements, { meta: false, preamble: false });
    const length = { tag: 0x0002_0000, vr: 'UL', value: toBytes(syntax).length };
    const file = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), toBytes(length, syntax), toBytes(dicomdir)]);
    expectOneReading(file);
    expect(readHeader(toByteSource(file)).kind).not.toBe('dicomdir');
  });
});

describe('bytes made to cost much', () => {
  const head = toDicomFile({ SOPInstanceUID: '2.25.1' });
  const sequence = Buffer.of(0x08, 0x00, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff);
  const item = Buffer.of(0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff);
  const tiny = Buffer.of(0x09, 0x00, 0x01, 0x10, 0x55, 0x53, 0x00, 0x00);
  const join = (one: Uint8Array, count: number, before: Uint8Array = Buffer.alloc(0)) =>
    Buffer.concat([head, before, ...Array.from({ length: count }, () => one)]);

  const files: Readonly<Record<string, readonly [string, () => Uint8Array]>> = {
    'a million empty elements': ['limit', () => join(tiny, 1_000_000)],
    'a million empty elements of rising tags': ['limit', () => toRisingElements(head, 1_000_000)],
    'a million items in one sequence': ['limit', () => join(item, 1_000_000, sequence)],
    'a hundred thousand nested sequences': ['limit', () => join(Buffer.concat([sequence, item]), 100_000)],
    'a million stray delimiters': ['limit', () => join(Buffer.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0), 1_000_000)],
    'a length beyond the end': ['truncated', () => join(Buffer.of(9, 0, 0, 0, 0x55, 0x4e, 0, 0, 9, 9, 9, 9), 1)],
    'two bytes of an element': ['truncated', () => join(Buffer.alloc(2), 1)],
  };

  test.each(Object.keys(files))('%s', (name) => {
    const [kind, toBytes] = files[name] ?? ['', () => head];
    expect(readHeader(toByteSource(toBytes()), { checkTruncation: true }).kind).toBe(kind);
  });

  test('a deflated bomb is inflated no further than the limit', () => {
    const bomb = toDicomFile([{ tag: 0x0008_0001, vr: 'OB', value: Buffer.alloc(80 << 20) }], { syntax: 'deflated' });
    expect(readHeader(toByteSource(bomb)).kind).toBe('limit');
  });
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
