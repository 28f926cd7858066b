import { expect, test } from 'vitest';
import { isAmbiguous, toCharacterSet } from './charset.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const decode = (set: string, bytes: string): string => toCharacterSet(set).readText(hex(bytes));

test.each([
  ['', 'e4', 'ä'],
  ['ISO_IR 100', 'e480', 'ä\u0080'],
  ['ISO-IR 100', 'c4', 'Ä'],
  ['ISO_IR 101', 'b1', 'ą'],
  ['ISO_IR 144', 'bb', 'Л'],
  ['ISO_IR 126', 'c4', 'Δ'],
  ['ISO_IR 127', 'e2', 'ق'],
  ['ISO_IR 138', 'f9', 'ש'],
  ['ISO_IR 148', 'fd', 'ı'],
  ['ISO_IR 166', 'a1', 'ก'],
  ['ISO_IR 13', 'd4cfc0de', 'ﾔﾏﾀﾞ'],
  ['ISO_IR 192', 'e78e8be5b08fe69db1', '王小東'],
  ['GB18030', 'cdf5d0a1b6ab', '王小东'],
  ['GBK', 'cdf5', '王'],
  ['NO SUCH SET', 'e4', 'ä'],
])('%s reads %s as %s', (set, bytes, text) => {
  expect(decode(set, bytes)).toBe(text);
});

test.each([
  ['', 'c3a4', 'ä'],
  ['', 'e4c3a4', 'äÃ¤'],
  ['NO SUCH SET', 'c3a4', 'ä'],
  ['ISO_IR 999', 'c3a4', 'ä'],
  ['ISO_IR 6', 'c3a4', 'ä'],
  ['US-ASCII', 'c3a4', 'ä'],
  ['ISO 646', 'e4', 'ä'],
  ['UTF-16', 'c3a4', 'ä'],
  ['\\ISO 2022 IR 100', 'c3a4', 'ä'],
])('under %j, which says nothing of %s, it is valid UTF-8 or Latin-1: %s', (set, bytes, text) => {
  expect(decode(set, bytes)).toBe(text);
  expect(toCharacterSet(set).isGuess).toBe(true);
});

test.each([
  ['UTF-8', 'c3a4', 'ä'],
  ['utf8', 'c3a4', 'ä'],
  ['ISO_IR_192', 'c3a4', 'ä'],
  ['ISO-2022-IR-100', 'e4', 'ä'],
  ['ISO2022 IR 101', 'b1', 'ą'],
  ['IR 144', 'bb', 'Л'],
  ['ISO_8859-5', 'bb', 'Л'],
  ['ISO 8859 5', 'bb', 'Л'],
  ['latin1', 'c3a4', 'Ã¤'],
  ['ISO-8859-1', 'e4', 'ä'],
  ['Latin 2', 'b1', 'ą'],
  ['WINDOWS_1251', 'cb', 'Л'],
  ['GB2312', 'cdf5', '王'],
  ['Shift-JIS', '8e52', '山'],
])('the misspelt %s reads %s as %s, and is no guess', (set, bytes, text) => {
  expect(decode(set, bytes)).toBe(text);
  expect(toCharacterSet(set).isGuess).toBe(false);
});

test('only bytes beyond ASCII that no escape sequence explains can be read in several ways', () => {
  const judge = (bytes: string) => isAmbiguous(hex(bytes), 0, bytes.length / 2);
  expect(['', '41', '41e4', 'c3a4', '1b2d4cbb', '1b24423b33'].map(judge)).toEqual([
    false,
    false,
    true,
    true,
    false,
    false,
  ]);
});

test.each([
  [
    '\\ISO 2022 IR 87',
    '59616d6164615e5461726f753d1b24423b3345441b28425e1b244242404f3a1b28423d1b24422464245e24401b28425e1b2442243f246d24261b2842',
    'Yamada^Tarou=山田^太郎=やまだ^たろう',
  ],
  [
    'ISO 2022 IR 13\\ISO 2022 IR 87',
    'd4cfc0de5ec0dbb33d1b24423b3345441b284a5e1b244242404f3a1b284a',
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎',
  ],
  [
    '\\ISO 2022 IR 149',
    '486f6e675e47696c646f6e673d1b242943fbf35e1b242943d1ced4d73d1b242943c8ab5e1b242943b1e6b5bf',
    'Hong^Gildong=洪^吉洞=홍^길동',
  ],
  ['\\ISO 2022 IR 159', '1b24284430211b2842', '丂'],
  ['ISO 2022 IR 100\\ISO 2022 IR 144', '411b2d4cbbeeda5ee4', 'AЛюк^ä'],
])('code extensions of %s are read, and end at a delimiter', (set, bytes, text) => {
  expect(decode(set, bytes)).toBe(text);
});

test('an escape sequence that nobody knows stays in the text', () => {
  expect(decode('ISO_IR 100', '411b7a42')).toBe('A\u001bzB');
});

test('bytes that are no character become U+FFFD', () => {
  expect(decode('ISO_IR 192', '41ff42')).toBe('A\uFFFDB');
});
