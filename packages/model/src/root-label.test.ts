import { expect, test } from 'vitest';
import { toRootLabels } from './root-label.ts';

const labels = (...roots: readonly (readonly [name: string, path: string])[]): Record<string, string> =>
  Object.fromEntries(toRootLabels(roots.map(([name, path]) => ({ name, path }))));

test('a watch path without a name is shown by the last part of its folder, a named one by its name', () => {
  expect(labels(['tmp/x/data', '/tmp/x/data'], ['ct', '/mnt/ct'])).toEqual({ 'tmp/x/data': 'data', ct: 'ct' });
  expect(labels(['tmp/x/data', '/tmp/x/data/L1'])).toEqual({ 'tmp/x/data': 'data' });
});

test('as many parts as tell it from the others', () => {
  expect(labels(['a/ct/in', '/a/ct/in'], ['a/mr/in', '/a/mr/in'], ['b/mr/in', '/b/mr/in'])).toEqual({
    'a/ct/in': 'ct/in',
    'a/mr/in': 'a/mr/in',
    'b/mr/in': 'b/mr/in',
  });
  expect(labels(['data', '/data'], ['srv/data', '/srv/data'])).toEqual({ data: 'data', 'srv/data': 'srv/data' });
  expect(labels(['srv/in', '/srv/in'], ['in', '/mnt/ct'])).toEqual({ 'srv/in': 'srv/in', in: 'in' });
});

test('the root of the file system and what is listed twice', () => {
  expect(labels(['/', '/'])).toEqual({ '/': '/' });
  expect(labels(['a/b', '/a/b/1'], ['a/b', '/a/b/2'])).toEqual({ 'a/b': 'b' });
});
