import {
  SYNTHETIC_SYNTAXES,
  type SyntheticAttributes,
  type SyntheticElement,
  type SyntheticSyntax,
  toDicomFile,
  toSyntheticElements,
} from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { toByteSource } from './byte-source.ts';
import { readHeader } from './read-header.ts';
import { readTree } from './read-tree.ts';

const IMAGE: SyntheticAttributes = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  SOPInstanceUID: '2.25.1',
  StudyInstanceUID: '2.25.2',
  SeriesInstanceUID: '2.25.3',
  ReferencedImageSequence: [[{ tag: 0x0008_1155, vr: 'UI', value: '2.25.999' }], []],
  PatientName: 'SYNTHETIC^ONE',
  ImageType: 'ORIGINAL \\PRIMARY\\',
  InstanceNumber: '7',
  Rows: 4,
  Columns: 300,
  BurnedInAnnotation: 'NO',
  PixelData: Buffer.alloc(2400, 1),
};

const read = (bytes: Uint8Array, checkTruncation = true) => readHeader(toByteSource(bytes), { checkTruncation });
const syntaxes = Object.keys(SYNTHETIC_SYNTAXES) as SyntheticSyntax[];
const insert = (...more: SyntheticElement[]) =>
  [...toSyntheticElements(IMAGE), ...more].toSorted((a, b) => a.tag - b.tag);

describe.each(syntaxes)('%s', (syntax) => {
  const expected = {
    kind: 'dicom',
    transferSyntaxUid: SYNTHETIC_SYNTAXES[syntax],
    extent: 'whole',
    attributes: {
      TransferSyntaxUID: SYNTHETIC_SYNTAXES[syntax],
      SOPInstanceUID: '2.25.1',
      StudyInstanceUID: '2.25.2',
      SeriesInstanceUID: '2.25.3',
      PatientName: 'SYNTHETIC^ONE',
      ImageType: 'ORIGINAL\\PRIMARY\\',
      InstanceNumber: '7',
      Rows: '4',
      Columns: '300',
      BurnedInAnnotation: 'NO',
    },
  };

  test.each([false, true])('is read to its attributes, undefined lengths: %s', (undefinedLengths) => {
    expect(read(toDicomFile(IMAGE, { syntax, undefinedLengths }))).toMatchObject(expected);
  });

  test('is read without a preamble', () => {
    expect(read(toDicomFile(IMAGE, { syntax, preamble: false }))).toMatchObject(expected);
  });

  test('cut in its pixel data is truncated, with all attributes', () => {
    const result = read(toDicomFile(IMAGE, { syntax, truncateAt: -9 }));
    expect(result).toMatchObject({ kind: 'truncated', attributes: { SOPInstanceUID: '2.25.1', Rows: '4' } });
  });

  test('cut anywhere is never taken for whole', () => {
    const whole = toDicomFile(IMAGE, { syntax, undefinedLengths: true });
    const kinds = new Set<string>();
    for (let length = 133; length < whole.length - 1; length += 3) {
      const result = read(whole.subarray(0, length));
      kinds.add(result.kind === 'dicom' && wasCutBetweenElements(whole, length, syntax) ? 'truncated' : result.kind);
    }
    expect([...kinds]).toEqual(['truncated']);
  });
});

describe('encapsulated pixel data', () => {
  const whole = Buffer.from(toDicomFile(IMAGE, { syntax: 'encapsulated' }));
  const delimiter = Buffer.of(0xfe, 0xff, 0xdd, 0xe0);
  const withoutEnd = whole.subarray(0, whole.lastIndexOf(delimiter));
  const openEnd = Buffer.concat([withoutEnd, delimiter, Buffer.alloc(4, 0xff)]);
  const padding = Buffer.concat([Buffer.from('fcfffcff4f420000e8030000', 'hex'), Buffer.alloc(1000)]);

  test.each([1, 16, 256, 512, 2048])('is whole with %i zeros behind its delimiter', (zeros) => {
    expect(read(Buffer.concat([whole, Buffer.alloc(zeros)]))).toMatchObject({ kind: 'dicom', extent: 'whole' });
  });

  test.each<[string, Buffer]>([
    ['a delimiter of undefined length', openEnd],
    ['zeros behind a delimiter of undefined length', Buffer.concat([openEnd, Buffer.alloc(512)])],
    ['trailing padding (FFFC,FFFC)', Buffer.concat([whole, padding])],
  ])('is whole with %s', (_, bytes) => {
    expect(read(bytes)).toMatchObject({ kind: 'dicom', extent: 'whole' });
  });

  test.each<[string, Buffer]>([
    ['no delimiter', withoutEnd],
    ['zeros in place of its delimiter', Buffer.concat([withoutEnd, Buffer.alloc(512)])],
    ['half a delimiter', openEnd.subarray(0, -2)],
    ['a last fragment that goes beyond the end', withoutEnd.subarray(0, -9)],
  ])('is truncated with %s', (_, bytes) => {
    expect(read(bytes)).toMatchObject({ kind: 'truncated', at: bytes.length, attributes: { Rows: '4' } });
  });

  test('of more fragments than the limit is left unchecked', () => {
    const source = toByteSource(Buffer.concat([whole, Buffer.alloc(512)]));
    const kinds = Array.from({ length: 40 }, (_, elements) => {
      const result = readHeader(source, { checkTruncation: true, limits: { elements } });
      return result.kind === 'dicom' ? result.extent : result.kind;
    });
    expect([...new Set(kinds)]).toEqual(['limit', 'unchecked', 'whole']);
  });
});

/** A native file cut exactly between two elements has no sign of it. */
function wasCutBetweenElements(whole: Uint8Array, length: number, syntax: SyntheticSyntax): boolean {
  if (syntax === 'deflated') return false;
  const rest = toDicomFile(IMAGE, { syntax, undefinedLengths: true, meta: false, preamble: false });
  const at = length - (whole.length - rest.length);
  return toSyntheticElements(IMAGE).some((_, index, all) => {
    const head = toDicomFile(all.slice(0, index), { syntax, undefinedLengths: true, meta: false, preamble: false });
    return head.length === at;
  });
}

test.each(['explicit-le', 'implicit-le', 'explicit-be'] as const)('%s without any meta is recognised', (syntax) => {
  const result = read(toDicomFile(IMAGE, { syntax, meta: false, preamble: false }));
  expect(result).toMatchObject({
    kind: 'dicom',
    transferSyntaxUid: null,
    attributes: { SOPInstanceUID: '2.25.1', Columns: '300' },
  });
});

test.each([
  ['implicit-le', SYNTHETIC_SYNTAXES['explicit-le']],
  ['explicit-le', SYNTHETIC_SYNTAXES['implicit-le']],
  ['explicit-be', SYNTHETIC_SYNTAXES['explicit-le']],
] as const)('%s that is declared as %s is read as it is', (syntax, declaredSyntaxUid) => {
  const result = read(toDicomFile(IMAGE, { syntax, declaredSyntaxUid }));
  expect(result).toMatchObject({ kind: 'dicom', attributes: { SOPInstanceUID: '2.25.1', Columns: '300' } });
});

test('a DICOMDIR is its own class', () => {
  const bytes = toDicomFile({}, { mediaStorageSopClassUid: '1.2.840.10008.1.3.10' });
  expect(read(Buffer.concat([bytes, toDicomFile(IMAGE, { meta: false, preamble: false })]))).toMatchObject({
    kind: 'dicomdir',
  });
});

test('no bytes are empty, other bytes are not DICOM', () => {
  expect(read(new Uint8Array())).toEqual({ kind: 'empty' });
  expect(read(Buffer.from('a note\n'))).toEqual({ kind: 'not-dicom', reason: 'no-dicom-prefix' });
  expect(read(Buffer.alloc(500))).toEqual({ kind: 'not-dicom', reason: 'no-dicom-prefix' });
});

test('absent and empty attributes differ', () => {
  const result = read(toDicomFile({ ...IMAGE, PatientID: '' }));
  if (result.kind !== 'dicom') throw new Error(`Expected dicom, got ${result.kind}`);
  expect(result.attributes.PatientID).toBe('');
  expect('StudyID' in result.attributes).toBe(false);
});

test('the first of a tag that comes twice is kept, also when it is empty', () => {
  const twice = (first: string) =>
    read(toDicomFile(insert({ tag: 0x0010_0020, vr: 'LO', value: first }, { tag: 0x0010_0020, vr: 'LO', value: 'B' })));
  expect(twice('A')).toMatchObject({ attributes: { PatientID: 'A' } });
  expect(twice('')).toMatchObject({ attributes: { PatientID: '' } });
});

test('NUL and spaces around a value are trimmed, UIDs are otherwise as given', () => {
  const result = read(toDicomFile({ ...IMAGE, InstanceNumber: Buffer.from(' 1\0\0'), StudyInstanceUID: '01.002.x' }));
  expect(result).toMatchObject({ attributes: { InstanceNumber: '1', StudyInstanceUID: '01.002.x' } });
});

test('a stray delimiter or item at top level is skipped, and what is in the item is not the file', () => {
  const item = toDicomFile([{ tag: 0x0010_0020, vr: 'LO', value: 'INNER' }], { meta: false, preamble: false });
  const stray = Buffer.concat([
    Buffer.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0, 0xe0, item.length, 0, 0, 0),
    item,
  ]);
  const head = toDicomFile({ SOPInstanceUID: '2.25.1' });
  const tail = toDicomFile({ PatientID: 'OUTER', Rows: 1 }, { meta: false, preamble: false });
  expect(read(Buffer.concat([head, stray, tail]))).toMatchObject({
    kind: 'dicom',
    attributes: { SOPInstanceUID: '2.25.1', PatientID: 'OUTER' },
  });
});

describe.each(['explicit-le', 'implicit-le', 'explicit-be'] as const)('%s with a damaged tag', (syntax) => {
  const bigEndian = syntax === 'explicit-be';
  const rest = { PatientID: 'ID', StudyInstanceUID: '2.25.2', Rows: 8, PixelData: Buffer.alloc(64, 1) };
  const expected = { kind: 'dicom', extent: 'whole', attributes: { StudyInstanceUID: '2.25.2', Rows: '8' } };
  /** The group of an element of this tag becomes another. */
  const damage = (file: Uint8Array, tag: readonly number[], group: number) => {
    const at = file.findIndex((_, index) => tag.every((byte, offset) => file[index + offset] === byte));
    const bytes = Buffer.from(file);
    return bigEndian ? (bytes.writeUInt16BE(group, at), bytes) : (bytes.writeUInt16LE(group, at), bytes);
  };
  const patientId = bigEndian ? [0, 0x10, 0, 0x20] : [0x10, 0, 0x20, 0];

  test.each([0x0066, 0x1234, 0x7fdf, 0xa908, 0xffff])('of the group %i is read on behind it', (group) => {
    const file = toDicomFile(rest, { syntax });
    expect(read(damage(file, patientId, group))).toMatchObject(expected);
    const tree = readTree(toByteSource(damage(file, patientId, group)));
    expect(tree.find(({ tag }) => tag === 0x0020_000d)).toMatchObject({ value: '2.25.2' });
  });
});

test.each(['explicit-le', 'implicit-le'] as const)(
  '%s is read on behind a damaged tag in its meta information',
  (syntax) => {
    const file = Buffer.from(toDicomFile({ StudyInstanceUID: '2.25.2', Rows: 8 }, { syntax }));
    file.writeUInt16LE(0x5355, file.indexOf(Buffer.of(2, 0, 0x12, 0)));
    expect(read(file)).toMatchObject({ kind: 'dicom', attributes: { StudyInstanceUID: '2.25.2', Rows: '8' } });
  },
);

test('values beyond the first read are found', () => {
  const large = { tag: 0x0009_1001, vr: 'OB', value: Buffer.alloc(100_000, 0x41) };
  const private1 = { tag: 0x0009_1002, vr: 'UN', value: Buffer.alloc(8_180, 0x42) };
  const description = { tag: 0x0008_1030, vr: 'UT', value: 'D'.repeat(20_000) };
  const result = read(toDicomFile(insert(large, private1, description)));
  expect(result).toMatchObject({
    kind: 'dicom',
    attributes: { StudyInstanceUID: '2.25.2', StudyDescription: 'D'.repeat(20_000) },
  });
});

test('a private sequence of VR UN and undefined length is read as implicit', () => {
  const body = toDicomFile([{ tag: 0x0009_1001, vr: 'SQ', value: [[{ tag: 0x0010_0020, vr: 'LO', value: 'IN' }]] }], {
    meta: false,
    preamble: false,
    syntax: 'implicit-le',
    undefinedLengths: true,
  });
  const un = Buffer.concat([body.subarray(0, 4), Buffer.from('UN\0\0'), body.subarray(4)]);
  const head = toDicomFile({ SOPInstanceUID: '2.25.1' });
  const tail = toDicomFile({ PatientID: 'OUT' }, { meta: false, preamble: false });
  expect(read(Buffer.concat([head, un, tail]))).toMatchObject({ kind: 'dicom', attributes: { PatientID: 'OUT' } });
});

describe('text beyond ASCII', () => {
  const umlaut = Buffer.from('Sch\u00e4del', 'utf8');
  const readText = (attributes: SyntheticAttributes) =>
    read(toDicomFile({ ...IMAGE, StudyDescription: umlaut, ...attributes }));

  test.each(['', 'NO SUCH SET'])('under the set %j is guessed, in each file anew', (SpecificCharacterSet) => {
    const guessed = { isTextGuessed: true, attributes: { StudyDescription: 'Sch\u00e4del' } };
    for (let file = 0; file < 3; file++) expect(readText({ SpecificCharacterSet })).toMatchObject(guessed);
    const truncated = toDicomFile({ ...IMAGE, StudyDescription: umlaut }, { truncateAt: -9 });
    expect(read(truncated)).toMatchObject({ ...guessed, kind: 'truncated' });
  });

  test('under a known set is not, nor is ASCII, nor a value that nobody asked for', () => {
    expect(readText({ SpecificCharacterSet: 'ISO_IR 192' })).toMatchObject({ isTextGuessed: false });
    expect(readText({ StudyDescription: 'Head' })).toMatchObject({ isTextGuessed: false });
    const other = readText({ StudyDescription: 'Head', ReferringPhysicianName: umlaut });
    expect(other).toMatchObject({ isTextGuessed: false });
  });
});

describe('limits', () => {
  test('sequences nested deeper than 64 end in a limit', () => {
    let items: readonly (readonly SyntheticElement[])[] = [[]];
    for (let depth = 0; depth < 70; depth++) items = [[{ tag: 0x0008_1140, vr: 'SQ', value: items }]];
    const file = toDicomFile([{ tag: 0x0008_1140, vr: 'SQ', value: items }], { undefinedLengths: true });
    expect(read(file)).toEqual({ kind: 'limit', limit: 'depth' });
  });

  test('an attribute of more than a mebibyte ends in a limit, other long values do not', () => {
    const long = (tag: number) => toDicomFile(insert({ tag, vr: 'UT', value: 'x'.repeat(1_048_578) }));
    expect(read(long(0x0008_1030))).toEqual({ kind: 'limit', limit: 'valueBytes' });
    expect(read(long(0x0008_2111))).toMatchObject({ kind: 'dicom' });
  });

  test('more elements than allowed end in a limit', () => {
    const source = toByteSource(toDicomFile(IMAGE));
    expect(readHeader(source, { limits: { elements: 10 } })).toEqual({ kind: 'limit', limit: 'elements' });
  });

  test('a deflated data set that grows without end ends in a limit', () => {
    const bomb = toDicomFile([{ tag: 0x0008_0001, vr: 'OB', value: Buffer.alloc(80 << 20) }], { syntax: 'deflated' });
    expect(read(bomb)).toEqual({ kind: 'limit', limit: 'inflatedBytes' });
  });

  test('a deflated image with much behind its header is read without inflating all of it', () => {
    const image = toDicomFile({ ...IMAGE, PixelData: Buffer.alloc(80 << 20) }, { syntax: 'deflated' });
    expect(read(image)).toMatchObject({ kind: 'dicom', extent: 'unchecked', attributes: { Rows: '4' } });
  });

  test('a deflated data set that is no deflate stream is damaged', () => {
    const file = Buffer.from(toDicomFile(IMAGE, { syntax: 'deflated' }));
    file.fill(0xff, file.length - 200);
    expect(['damaged', 'truncated']).toContain(read(file).kind);
    const meta = toDicomFile([], { syntax: 'deflated' });
    expect(read(Buffer.concat([meta.subarray(0, -2), Buffer.alloc(40, 0xff)]))).toEqual({
      kind: 'damaged',
      reason: 'bad-deflate',
    });
  });
});

test('a list of tags of one’s own replaces the default, and ends the reading at its last tag', () => {
  const tags = [{ keyword: 'SliceThickness', tag: 0x0018_0050, vr: 'DS' }] as const;
  const result = readHeader(toByteSource(toDicomFile({ ...IMAGE, SliceThickness: '2.5' })), { tags });
  expect(result).toMatchObject({ kind: 'dicom', attributes: { SliceThickness: '2.5' } });
});

test('a buffer that is too small is a mistake of the caller', () => {
  expect(() => readHeader(toByteSource(toDicomFile(IMAGE)), { buffer: new Uint8Array(100) })).toThrow(TypeError);
});

test('a file that becomes shorter while it is read is truncated', () => {
  const bytes = toDicomFile(IMAGE);
  const cut = toByteSource(bytes.subarray(0, 300));
  const result = readHeader({ ...cut, size: bytes.length }, { checkTruncation: true });
  expect(result).toMatchObject({ kind: 'truncated', attributes: { TransferSyntaxUID: '1.2.840.10008.1.2.1' } });
});

test('the smallest buffer gives what the default one gives', () => {
  const source = toByteSource(toDicomFile(IMAGE, { undefinedLengths: true }));
  const small = readHeader(source, { buffer: new Uint8Array(256), checkTruncation: true });
  expect(small).toEqual(readHeader(source, { checkTruncation: true }));
});
