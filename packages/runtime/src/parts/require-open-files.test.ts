import { expect, test } from 'vitest';
import { requireOpenFiles } from './require-open-files.ts';

test('too few open files are refused in one line that names the limit; enough, and what nobody knows, are not', () => {
  expect(() => requireOpenFiles(128)).toThrow('Expected to be allowed 256 open files at least, got 128 (nofile).');
  for (const enough of [256, Infinity, undefined]) expect(() => requireOpenFiles(enough)).not.toThrow();
});
