import { toFinding } from '@sendit/model';
import { expect, test } from 'vitest';
import { groupFindings } from './group-findings.ts';

test('findings stand by code, the worst first, whatever their order and number', () => {
  const gaps = Array.from({ length: 100 }, (_, at) => toFinding('slice-gap', `${at}.dcm`));
  const groups = groupFindings([toFinding('private-data', null), ...gaps, toFinding('not-read', 'last.dcm')]);
  expect(groups.map(({ code, findings }) => [code, findings.length])).toEqual([
    ['not-read', 1],
    ['slice-gap', 100],
    ['private-data', 1],
  ]);
});
