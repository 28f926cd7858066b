import { SYNTHETIC_SYNTAXES, type SyntheticSyntax, toDicomFile } from '@sendit/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toByteSource } from './byte-source.ts';
import { loadDictionary, loadTextTags } from './dictionary.ts';
import { readHeader } from './read-header.ts';
import { readTree } from './read-tree.ts';

const inner = [{ tag: 0x0008_1155, vr: 'UI', value: '2.25.9' }];
const toFile = (syntax: SyntheticSyntax, undefinedLengths: boolean) =>
  toDicomFile(
    {
      SpecificCharacterSet: 'ISO_IR 100',
      SOPInstanceUID: '2.25.1',
      ReferencedImageSequence: [inner, [...inner, { tag: 0x0008_1140, vr: 'SQ', value: [inner] }]],
      PatientName: Buffer.from('J\u00fcrgen', 'latin1'),
      Rows: 2,
      PixelData: Buffer.alloc(64),
    },
    { syntax, undefinedLengths },
  );

describe.each(Object.keys(SYNTHETIC_SYNTAXES) as SyntheticSyntax[])('%s', (syntax) => {
  test.each([true, false])('sequences are read with their items, undefined lengths: %s', (undefinedLengths) => {
    const tree = readTree(toByteSource(toFile(syntax, undefinedLengths)));
    const at = (tag: number) => tree.find((element) => element.tag === tag);
    expect(at(0x0010_0010)).toMatchObject({ vr: 'PN', value: 'J\u00fcrgen' });
    expect(at(0x0028_0010)).toMatchObject({ vr: 'US', value: '2' });
    const leaf = { tag: 0x0008_1155, vr: 'UI', value: '2.25.9' };
    expect(at(0x0008_1140)).toMatchObject({ vr: 'SQ', items: [[leaf], [leaf, { vr: 'SQ', items: [[leaf]] }]] });
    expect(tree.at(-1)).toMatchObject({ tag: 0x7fe0_0010, value: null });
  });
});

test('a tree goes on where the header does: over stray items and delimiters, and in a deflated stream that is cut', () => {
  const rest = toDicomFile({ PatientID: 'ID' }, { meta: false, preamble: false });
  const stray = Buffer.from('feffdde000000000feff0de000000000feff00e002000000aabb', 'hex');
  const files = [
    Buffer.concat([toDicomFile({ SOPInstanceUID: '2.25.1' }), stray, rest]),
    toDicomFile({ PatientID: 'ID', PixelData: Buffer.alloc(4000, 'pixels') }, { syntax: 'deflated', truncateAt: -9 }),
  ];
  for (const file of files) {
    expect(readHeader(toByteSource(file))).toMatchObject({ attributes: { PatientID: 'ID' } });
    const tree = readTree(toByteSource(file));
    expect(tree.find(({ tag }) => tag === 0x0010_0020)).toMatchObject({ value: 'ID' });
  }
});

test('whatever the bytes are, a tree ends and never throws', () => {
  const files = (['explicit-le', 'implicit-le', 'deflated'] as const).map((syntax) => toFile(syntax, true));
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(fc.constantFrom(...files), changes, fc.nat(), (file, bytes, keep) => {
      const copy = Uint8Array.from(file.subarray(0, 140 + (keep % file.length)));
      for (const [at, byte] of bytes) copy[132 + (at % (copy.length - 132))] = byte;
      expect(Array.isArray(readTree(toByteSource(copy)))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('what nests without end, or repeats without end, is cut at the limits', () => {
  const head = toDicomFile({ SOPInstanceUID: '2.25.1' });
  const open = Buffer.of(
    0x08,
    0,
    0x40,
    0x11,
    0x53,
    0x51,
    0,
    0,
    255,
    255,
    255,
    255,
    0xfe,
    255,
    0,
    0xe0,
    255,
    255,
    255,
    255,
  );
  expect(readTree(toByteSource(Buffer.concat([head, ...Array.from({ length: 5000 }, () => open)])))).toHaveLength(
    7 + 2,
  );
});

test('the dictionary names what the header reader names, with the same VR', () => {
  const dictionary = loadDictionary();
  expect(dictionary.size).toBeGreaterThan(4500);
  expect(dictionary.get(0x0008_0008)).toEqual({ tag: 0x0008_0008, vr: 'CS', keyword: 'ImageType', isMultiple: true });
  const header = readHeader(toByteSource(toFile('implicit-le', false)), { tags: loadTextTags() });
  expect(header).toMatchObject({
    kind: 'dicom',
    attributes: { SOPInstanceUID: '2.25.1', PatientName: 'J\u00fcrgen', Rows: '2' },
  });
});
