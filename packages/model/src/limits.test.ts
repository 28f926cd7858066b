import { expect, test } from 'vitest';
import { toPathExcess } from './limits.ts';

const LIMITS = { files: 10, pathBytes: 8, depth: 3 };

test('a path is measured in bytes and in parts, and may reach either limit', () => {
  for (const path of ['a/b/c', 'abcdefgh', 'öööö']) expect(toPathExcess(Buffer.from(path), LIMITS)).toBeUndefined();
  expect(toPathExcess(Buffer.from('öööö.'), LIMITS)).toEqual({ limit: 'pathBytes', allowed: 8 });
  expect(toPathExcess(Buffer.from('a/b/c/d'), LIMITS)).toEqual({ limit: 'depth', allowed: 3 });
});
