import { expect, test } from 'vitest';
import { judge, type RecordedBatch, type SentStudy } from './judge.ts';

const sent: SentStudy = { studyInstanceUid: '1.2', series: { '1.2.1': 6, '1.2.2': 4 }, lastByteAt: 10_000 };
const right: RecordedBatch = {
  name: 'X',
  status: 'DONE',
  grade: 'quiet',
  generation: 1,
  lateChanges: 0,
  sealedAt: 14_000,
  studies: { '1.2': { '1.2.2': 4, '1.2.1': 6 } },
  findings: [],
};

test('what was sent, whole and after its last byte, is right', () => {
  expect(judge([sent], [right], { unit: 'directory' })).toEqual({ problems: [], grades: ['quiet'], delayMs: 4_000 });
});

test.each<[string, Partial<RecordedBatch>]>([
  ['sealed 500 ms early', { sealedAt: 9_500 }],
  ['it ended as HELD', { status: 'HELD' }],
  ['it is generation 2', { generation: 2 }],
  ['it changed 3 times after the seal', { lateChanges: 3 }],
  ['findings: truncated', { findings: ['truncated'] }],
  ['no batch holds exactly its images', { studies: { '1.2': { '1.2.1': 6, '1.2.2': 3 } } }],
])('%s', (fault, change) => {
  const { problems } = judge([sent], [{ ...right, ...change }], { unit: 'directory' });
  expect(problems[0]).toBe(`delivery 1: ${fault}`);
});

test('a batch twice is one too many, and none is one too few', () => {
  const twice = judge([sent], [right, { ...right, name: 'Y' }], { unit: 'study' });
  expect(twice.problems).toEqual(['a batch that nobody sent: Y (10 images)']);
  expect(judge([sent], [], { unit: 'study' }).problems).toEqual(['delivery 1: no batch holds exactly its images']);
});

test('by series each is a batch of its own', () => {
  const halves = Object.entries(sent.series).map(([uid, images]) => ({
    ...right,
    studies: { '1.2': { [uid]: images } },
  }));
  expect(judge([sent], halves, { unit: 'series' })).toEqual({ problems: [], grades: ['quiet'], delayMs: undefined });
  expect(judge([sent], [right], { unit: 'series' }).problems).toHaveLength(3);
});

test('a finding that a scenario expects is none', () => {
  const options = { unit: 'directory', findings: ['truncated'] };
  expect(judge([sent], [{ ...right, findings: ['truncated'] }], options).problems).toEqual([]);
});
