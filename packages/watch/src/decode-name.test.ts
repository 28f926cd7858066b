import { expect, test } from 'vitest';
import { decodeKey, decodeName } from './decode-name.ts';

test('a name in UTF-8 is text alone', () => {
  expect(decodeName(Buffer.from('Müller 脳'))).toEqual({ name: 'Müller 脳' });
});

test('a name that contains U+FFFD itself is text alone', () => {
  expect(decodeName(Buffer.from('a\uFFFDb'))).toEqual({ name: 'a\uFFFDb' });
});

test('a name that is not UTF-8 shows U+FFFD and keeps a copy of its bytes', () => {
  const bytes = Buffer.from([0x4d, 0xfc, 0x6c]);
  const decoded = decodeName(bytes);
  bytes.fill(0);
  expect(decoded).toEqual({ name: 'M\uFFFDl', rawName: Uint8Array.of(0x4d, 0xfc, 0x6c) });
});

test('a name given as one character per byte is the same name', () => {
  for (const name of ['plain', 'Müller 脳', 'a\uFFFDb'])
    expect(decodeKey(Buffer.from(name).toString('latin1'))).toEqual({ name });
  expect(decodeKey('M\xfcl')).toEqual({ name: 'M\uFFFDl', rawName: Uint8Array.of(0x4d, 0xfc, 0x6c) });
});
