import { FINDING_CODES, toFinding } from '@sendit/model';
import { expect, test } from 'vitest';
import { FindingList } from './finding-list.ts';

test('a million bad files cost no more than twenty, and their number is kept', () => {
  const list = new FindingList();
  for (let index = 0; index < 1_000_000; index++) list.add(toFinding('truncated', `IM${index}`));
  const records = list.toRecords();
  expect(records).toHaveLength(21);
  expect(records[0]).toMatchObject({ code: 'truncated', path: 'IM0' });
  expect(records[20]).toMatchObject({
    severity: 'warning',
    path: null,
    message: '999980 more findings of this kind, 1000000 in all.',
  });
  expect(list.toSummaries()).toMatchObject([{ code: 'truncated', severity: 'warning', count: 1_000_000 }]);
});

test('what only informs is one line with its count', () => {
  const list = new FindingList();
  for (const path of ['a', 'b', 'c']) list.add(toFinding('private-data', path));
  expect(list.toRecords()).toMatchObject([{ path: 'a', message: expect.stringMatching(/3 times/) }]);
});

test('mild findings take no places from worse ones of the same code', () => {
  const list = new FindingList();
  for (let index = 0; index < 30; index++) list.add({ ...toFinding('not-dicom', `._${index}`), severity: 'info' });
  list.add(toFinding('not-dicom', 'x.bin'));
  expect(list.toSummaries()).toMatchObject([
    { severity: 'warning', count: 1 },
    { severity: 'info', count: 30 },
  ]);
  expect(list.toRecords()[0]).toMatchObject({ severity: 'warning', path: 'x.bin' });
});

test('findings come by severity, then by code, and within a code in the order of the files', () => {
  const list = new FindingList({ 'empty-file': 'error' });
  for (const code of ['private-data', 'truncated', 'burned-in', 'empty-file'] as const) {
    for (const path of ['b', 'a']) list.add(toFinding(code, path));
  }
  const lines = list.toRecords().map(({ severity, code, path }) => `${severity} ${code} ${path}`);
  expect(lines).toEqual([
    'error empty-file b',
    'error empty-file a',
    'warning burned-in b',
    'warning burned-in a',
    'warning truncated b',
    'warning truncated a',
    'info private-data b',
  ]);
});

test('every code has words that end in a full stop', () => {
  for (const code of FINDING_CODES) expect(toFinding(code, null).message).toMatch(/^[A-Z].*\.$/);
});
