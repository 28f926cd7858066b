import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test('CSV quotes what it must, leaves nothing for a formula, and keeps what is empty empty', () => {
  const columns = [
    { head: 'name', value: (row: readonly [string, number | null]) => row[0] },
    { head: 'images', value: (row: readonly [string, number | null]) => row[1] },
  ];
  const rows = [
    ['a,b "c"\nd', 1],
    ['=HYPERLINK("http://evil.example")', null],
    ['-2', -2],
  ] as const;
  expect(toCsv(columns, rows)).toBe(
    'name,images\r\n"a,b ""c""\nd",1\r\n"\'=HYPERLINK(""http://evil.example"")",\r\n\'-2,-2\r\n',
  );
});
