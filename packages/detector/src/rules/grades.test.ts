import { describe, expect, test } from 'vitest';
import { folder } from '../../test/folder.ts';
import type { DicomFacts, SeriesFacts } from '../facts.ts';
import { judge } from '../judge.ts';
import { dicomCounts } from './dicom-counts.ts';
import { gapHint } from './gap-hint.ts';
import { rename } from './rename.ts';
import { wholeFile } from './whole-file.ts';

const SERIES: SeriesFacts = {
  instances: 4,
  instanceNumbers: [4, 2, 1, 3],
  imagesInAcquisition: null,
  numberOfSlices: null,
  slicePositions: [],
};
const facts = (series: Partial<SeriesFacts>, more: Partial<DicomFacts> = {}) =>
  folder(
    { arrival: 'renamed' },
    { dicom: { instances: 4, truncated: 0, example: null, series: [{ ...SERIES, ...series }], ...more } },
  );

test('a doubt is told and holds nothing up', () => {
  const verdict = judge(
    facts({ instanceNumbers: [2, 3] }, { truncated: 1, example: 'b.dcm' }),
    [rename(), wholeFile, gapHint],
    0,
  );
  expect(verdict).toMatchObject({
    finished: true,
    grade: 'renamed',
    doubts: ['a file ends before its last element does', 'a series seems to have a gap'],
  });
});

test('without headers nothing is known', () => {
  for (const rule of [wholeFile, gapHint, dicomCounts]) expect(rule.judge(folder(), 0).answer).toBe('unknown');
});

describe('gapHint', () => {
  test.each<[Partial<SeriesFacts>, string | undefined]>([
    [{}, undefined],
    [{ instanceNumbers: [] }, undefined],
    [{ instanceNumbers: [1, 1, 2, 2] }, undefined],
    [{ instanceNumbers: [1, 2, 4] }, 'nothing after instance number 2'],
    [{ instanceNumbers: [2, 3, 4] }, 'instance numbers start at 2'],
    [{ slicePositions: [0, 3, 6, 9] }, undefined],
    [{ instances: 5, slicePositions: [0, 3, 6, 12, 15] }, 'a slice position is left out'],
    [{ instances: 5, slicePositions: [15, 0, 12, 3, 6] }, 'a slice position is left out'],
    [{ instances: 5, slicePositions: [0, 12, 3, 9, 6] }, undefined],
    [{ slicePositions: [0, 0, 3, 3] }, undefined],
    [{ slicePositions: [0, 0, 3, 6] }, 'slice positions hold different numbers of images'],
    [{ slicePositions: [0, 3] }, undefined],
  ])('%o: %s', (series, where) => {
    const said = gapHint.judge(facts(series), 0);
    expect(said.answer).toBe(where === undefined ? 'yes' : 'no');
    expect(said.evidence['where']).toBe(where);
  });
});

describe('dicomCounts', () => {
  test.each<[Partial<SeriesFacts>, string]>([
    [{}, 'unknown'],
    [{ imagesInAcquisition: 4 }, 'yes'],
    [{ imagesInAcquisition: 2 }, 'yes'],
    [{ imagesInAcquisition: 3 }, 'no'],
    [{ imagesInAcquisition: 5 }, 'no'],
    [{ imagesInAcquisition: 0 }, 'yes'],
    [{ numberOfSlices: 4 }, 'yes'],
    [{ numberOfSlices: 3 }, 'yes'],
    [{ numberOfSlices: 5 }, 'no'],
  ])('%o: %s', (series, answer) => {
    expect(dicomCounts.judge(facts(series), 0).answer).toBe(answer);
  });
});
