import { toDicomFile } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { toByteSource } from './byte-source.ts';
import { readHeader } from './read-header.ts';
import { readTree } from './read-tree.ts';

type Form = 'short' | 'long' | 'none';

/** An element with any two bytes as its VR, or with none. */
function toOddElement(tag: number, vr: string, odd: { form: Form; value: string; littleEndian?: boolean }): Buffer {
  const { form, littleEndian = true } = odd;
  const value = Buffer.from(odd.value, 'latin1');
  const head = Buffer.alloc(form === 'long' ? 12 : 8);
  const write = (number: number, at: number, width: number) =>
    littleEndian ? head.writeUIntLE(number, at, width) : head.writeUIntBE(number, at, width);
  write(tag >>> 16, 0, 2);
  write(tag & 0xffff, 2, 2);
  if (form !== 'none') head.write(vr, 4, 'latin1');
  if (form === 'short') write(value.length, 6, 2);
  else write(value.length, form === 'long' ? 8 : 4, 4);
  return Buffer.concat([head, value]);
}

/** A file with these bytes between an element of group 0008 and the identity of the study. */
function toFile(odd: Uint8Array, syntax: 'explicit-le' | 'explicit-be' = 'explicit-le'): Buffer {
  const rest = { StudyInstanceUID: '2.25.2', Rows: 8, PixelData: Buffer.alloc(64, 1) };
  const tail = toDicomFile(rest, { syntax, meta: false, preamble: false });
  return Buffer.concat([toDicomFile({ SOPInstanceUID: '2.25.1' }, { syntax }), odd, tail]);
}

const read = (bytes: Uint8Array) => readHeader(toByteSource(bytes), { checkTruncation: true });
const WHOLE = {
  kind: 'dicom',
  extent: 'whole',
  attributes: { SOPInstanceUID: '2.25.1', StudyInstanceUID: '2.25.2', Rows: '8' },
};

const VRS = ['  ', '??', '--', '\0\0', '\x01\x02', '12', 'Z9', 'lo', 'Lo', 'un', 'XX'];
const VALUES = ['', 'ab', 'AEDOE^ASLO', 'x'.repeat(300)];

describe.each(VRS)('the VR %j', (vr) => {
  test.each(['short', 'long'] as const)('with a length of the %s form', (form) => {
    for (const value of VALUES) {
      for (const tag of [0x0008_0020, 0x0009_1001, 0x0010_0040]) {
        expect(read(toFile(toOddElement(tag, vr, { form, value })))).toMatchObject(WHOLE);
      }
    }
  });

  test('in big endian', () => {
    const odd = toOddElement(0x0009_1001, vr, { form: 'short', value: 'ab', littleEndian: false });
    expect(read(toFile(odd, 'explicit-be'))).toMatchObject(WHOLE);
  });

  test('of the last element of an item', () => {
    const open = Buffer.from('0800401153510000fffffffffeff00e0ffffffff', 'hex');
    const end = Buffer.from('feff0de000000000feffdde000000000', 'hex');
    const odd = toOddElement(0x0008_1155, vr, { form: 'short', value: 'abcd' });
    expect(read(toFile(Buffer.concat([open, odd, end])))).toMatchObject(WHOLE);
  });
});

test.each(['  ', '??', '--', 'lo', 'Lo', 'un', 'XX'])('the VR %j of several elements in turn', (vr) => {
  const run = [0x0009_1001, 0x0009_1002, 0x0009_1003].map((tag) =>
    toOddElement(tag, vr, { form: 'short', value: 'abcd' }),
  );
  expect(read(toFile(Buffer.concat(run)))).toMatchObject(WHOLE);
});

test('an odd VR of the first element of a data set', () => {
  for (const vr of VRS) {
    const rest = { SOPInstanceUID: '2.25.1', StudyInstanceUID: '2.25.2', Rows: 8 };
    const dataset = toDicomFile(rest, { meta: false, preamble: false });
    const meta = toDicomFile([]);
    const odd = toOddElement(0x0008_0001, vr, { form: 'short', value: '12' });
    expect(read(Buffer.concat([meta, odd, dataset]))).toMatchObject(WHOLE);
    expect(read(Buffer.concat([odd, dataset]))).toMatchObject(WHOLE);
  }
});

test.each([...VALUES, 'y'.repeat(0x2020), 'z'.repeat(70_000)])(
  'elements without a VR among those with one',
  (value) => {
    const odd = { form: 'none', value } as const;
    const run = [0x0009_1001, 0x0009_1002].map((tag) => toOddElement(tag, '', odd));
    expect(read(toFile(Buffer.concat(run)))).toMatchObject(WHOLE);
  },
);

test('values of an odd VR are read by the VR of the dictionary', () => {
  const bytes = toFile(toOddElement(0x0010_0020, '  ', { form: 'short', value: 'ID 1' }));
  expect(read(bytes)).toMatchObject({ attributes: { PatientID: 'ID 1' } });
  const tree = readTree(toByteSource(bytes));
  expect(tree.find(({ tag }) => tag === 0x0010_0020)).toMatchObject({ vr: 'LO', value: 'ID 1' });
  expect(tree.find(({ tag }) => tag === 0x0020_000d)).toMatchObject({ vr: 'UI', value: '2.25.2' });
});

test('cut anywhere behind an odd VR is truncated, with what came before', () => {
  for (const form of ['short', 'long'] as const) {
    const whole = toFile(toOddElement(0x0009_1001, 'XX', { form, value: 'abcdef' }));
    for (let length = whole.length - 1; length > whole.length - 64; length--) {
      expect(read(whole.subarray(0, length))).toMatchObject({ kind: 'truncated', attributes: WHOLE.attributes });
    }
  }
});
