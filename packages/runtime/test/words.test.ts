import { readFile } from 'node:fs/promises';
import { PROFILE_NAMES } from '@sendit/detector';
import { BUILT_IN_PROCESSORS } from '@sendit/processors';
import { expect, test } from 'vitest';

test('an editor offers each built-in processor and each profile', async () => {
  const words = await readFile(new URL('../../config/src/config-words.ts', import.meta.url), 'utf8');
  const offered = [...words.matchAll(/'(\w+)'/g)].map(([, word]) => word);
  expect(offered).toEqual(expect.arrayContaining([...Object.keys(BUILT_IN_PROCESSORS), ...PROFILE_NAMES]));
});
