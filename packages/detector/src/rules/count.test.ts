import { expect, test } from 'vitest';
import { folder } from '../../test/folder.ts';
import { count } from './count.ts';

const dicom = (instances: number) => ({ dicom: { instances, truncated: 0, example: null, series: [] } });
const expected = { expected: { instances: 10, source: 'sidecar' } } as const;

test.each([
  [10, 'yes', 'it has as many instances as announced'],
  [9, 'no', 'it has fewer instances than announced'],
  [11, 'no', 'it has another number of instances than announced'],
])('%i of 10 is %s', (instances, answer, reason) => {
  expect(count().judge(folder({}, { ...expected, ...dicom(instances) }), 0)).toMatchObject({ answer, reason });
});

test('the number may come from the configuration; one in the folder goes first', () => {
  expect(count({ instances: 3 }).judge(folder({}, dicom(3)), 0)).toMatchObject({ answer: 'yes' });
  expect(count({ instances: 3 }).judge(folder({}, { ...expected, ...dicom(3) }), 0)).toMatchObject({ answer: 'no' });
});

test('without a number, or without a count, nothing is known; zero of zero proves nothing', () => {
  expect(count().judge(folder({}, dicom(3)), 0).answer).toBe('unknown');
  expect(count({ instances: 3 }).judge(folder(), 0).answer).toBe('unknown');
  expect(count({ instances: 0 }).judge(folder({}, dicom(0)), 0).answer).toBe('no');
});

test('an instance that is still being written does not count', () => {
  const half = { dicom: { instances: 10, truncated: 1, example: 'b.dcm', series: [] } };
  expect(count().judge(folder({}, { ...expected, ...half }), 0)).toMatchObject({
    answer: 'no',
    reason: 'an instance is not whole yet',
    evidence: { truncated: 1, example: 'b.dcm' },
  });
});
