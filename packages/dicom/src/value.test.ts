import { type SyntheticElement, toDicomFile } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { toByteSource } from './byte-source.ts';
import { readHeader } from './read-header.ts';

type Numbers = (target: DataView, at: number, isLittle: boolean) => void;

/** Bytes of two numbers of a width, in an order of bytes. */
function toBytes(width: number, write: readonly [Numbers, Numbers]) {
  return (isLittle: boolean): Uint8Array => {
    const view = new DataView(new ArrayBuffer(width * 2));
    write[0](view, 0, isLittle);
    write[1](view, width, isLittle);
    return new Uint8Array(view.buffer);
  };
}

const text = (value: string) => () => Buffer.from(value, 'latin1');

/** For each VR whose values are text or numbers (PS3.5 §6.2): two values, and how they are read. */
const VALUES: Readonly<Record<string, readonly [(isLittle: boolean) => Uint8Array, string]>> = {
  AE: [text('SENDER  \\B '), 'SENDER\\B'],
  AS: [text('018M\\003W'), '018M\\003W'],
  AT: [
    toBytes(4, [
      (view, at, le) => [0x0010, 0x0020].forEach((part, index) => view.setUint16(at + index * 2, part, le)),
      (view, at, le) => [0x7fe0, 0x0010].forEach((part, index) => view.setUint16(at + index * 2, part, le)),
    ]),
    '00100020\\7FE00010',
  ],
  CS: [text('AXIAL\\X_1'), 'AXIAL\\X_1'],
  DA: [text('20240131\\20240201'), '20240131\\20240201'],
  DS: [text(' 1.50\\-2e3 '), '1.50\\-2e3'],
  DT: [text('20240131101500.5+0100 '), '20240131101500.5+0100'],
  FD: [
    toBytes(8, [(v, at, le) => v.setFloat64(at, 0.1, le), (v, at, le) => v.setFloat64(at, -1e300, le)]),
    '0.1\\-1e+300',
  ],
  FL: [toBytes(4, [(v, at, le) => v.setFloat32(at, 0.5, le), (v, at, le) => v.setFloat32(at, -2, le)]), '0.5\\-2'],
  IS: [text('007 \\-12'), '007\\-12'],
  LO: [text('A B\\C '), 'A B\\C'],
  LT: [text('line\r\nline  '), 'line\r\nline'],
  PN: [text('A^B=C^D '), 'A^B=C^D'],
  SH: [text('ID 1'), 'ID 1'],
  SL: [
    toBytes(4, [(v, at, le) => v.setInt32(at, -7, le), (v, at, le) => v.setInt32(at, 1 << 30, le)]),
    '-7\\1073741824',
  ],
  SS: [toBytes(2, [(v, at, le) => v.setInt16(at, -7, le), (v, at, le) => v.setInt16(at, 300, le)]), '-7\\300'],
  ST: [text('some text '), 'some text'],
  SV: [
    toBytes(8, [(v, at, le) => v.setBigInt64(at, -(2n ** 63n), le), (v, at, le) => v.setBigInt64(at, 5n, le)]),
    '-9223372036854775808\\5',
  ],
  TM: [text('101500.123456\\10'), '101500.123456\\10'],
  UC: [text('unlimited '), 'unlimited'],
  UI: [text('1.2.840.01\\not a uid\0'), '1.2.840.01\\not a uid'],
  UL: [
    toBytes(4, [(v, at, le) => v.setUint32(at, 2 ** 32 - 1, le), (v, at, le) => v.setUint32(at, 1, le)]),
    '4294967295\\1',
  ],
  UR: [text('http://a/b?c '), 'http://a/b?c'],
  US: [toBytes(2, [(v, at, le) => v.setUint16(at, 65_535, le), (v, at, le) => v.setUint16(at, 1, le)]), '65535\\1'],
  UT: [text('text '), 'text'],
  UV: [
    toBytes(8, [(v, at, le) => v.setBigUint64(at, 2n ** 64n - 1n, le), (v, at, le) => v.setBigUint64(at, 5n, le)]),
    '18446744073709551615\\5',
  ],
};

/** VRs of bytes and sequences, which have no text. */
const BYTES = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN'];

const TAG = 0x0020_9999;
const AFTER = { tag: 0x0028_0301, vr: 'CS', value: 'NO' };

const readOne = (vr: string, value: Uint8Array, syntax: 'explicit-le' | 'implicit-le' | 'explicit-be') => {
  const elements: SyntheticElement[] = [
    { tag: 0x0008_0018, vr: 'UI', value: '2.25.1' },
    { tag: TAG, vr, value },
    AFTER,
  ];
  const tags = [
    { keyword: 'Value', tag: TAG, vr },
    { keyword: 'After', tag: AFTER.tag, vr: AFTER.vr },
  ] as const;
  const result = readHeader(toByteSource(toDicomFile(elements, { syntax })), { tags });
  return result.kind === 'dicom' ? result.attributes : result;
};

describe.each(['explicit-le', 'implicit-le', 'explicit-be'] as const)('in %s', (syntax) => {
  test.each(Object.keys(VALUES))('%s is read as it is', (vr) => {
    const [make, expected] = VALUES[vr] ?? [text(''), ''];
    const bytes = make(syntax !== 'explicit-be');
    expect(readOne(vr, bytes, syntax)).toEqual({ Value: expected, After: 'NO' });
  });

  test.each(BYTES)('%s is passed over by its length', (vr) => {
    expect(readOne(vr, Buffer.alloc(70_000), syntax)).toMatchObject({ After: 'NO' });
  });
});
