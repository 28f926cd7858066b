import type { BatchQuery, BatchSummary, WatcherStatus } from '@sendit/api';
import { expect, test } from 'vitest';
import { resolveRoot } from './resolve-root.ts';

const roots = [
  { name: 'tmp/a/in', path: '/tmp/a/in' },
  { name: 'tmp/b/in', path: '/tmp/b/in' },
  { name: 'ct', path: '/mnt/ct' },
];
const toPage = (results: readonly BatchSummary[]) => ({ count: results.length, next: null, previous: null, results });
const api = {
  from: 'daemon' as const,
  status: () => Promise.resolve({ roots } as unknown as WatcherStatus),
  listBatches: ({ root }: BatchQuery) => Promise.resolve(toPage(root === 'former' ? [{} as BatchSummary] : [])),
  settings: () => Promise.reject(new Error('not asked for')),
};

test.each([
  ['ct', 'ct'],
  ['tmp/a/in', 'tmp/a/in'],
  ['a/in', 'tmp/a/in'],
  ['/tmp/b/in/', 'tmp/b/in'],
  ['/mnt/ct', 'ct'],
  ['former', 'former'],
])('%s names the watch path %s', async (text, name) => {
  expect(await resolveRoot(api, text)).toBe(name);
});

test('what names none or several is an error that lists what there is', async () => {
  await expect(resolveRoot(api, 'cd')).rejects.toThrow(
    'There is no watch path cd; there are ct, a/in, b/in (did you mean ct?).',
  );
  await expect(resolveRoot(api, 'in')).rejects.toMatchObject({
    code: 'bad-arguments',
    problems: ['tmp/a/in', 'tmp/b/in'],
  });
  const idle = {
    ...api,
    from: 'database' as const,
    status: () => Promise.resolve({ roots: [] } as unknown as WatcherStatus),
  };
  const settings = () => Promise.resolve({ watchPaths: [{ name: 'mr', folder: '/mnt/mr' }] });
  expect(await resolveRoot({ ...idle, settings }, '/mnt/mr')).toBe('mr');
});
