import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { toReferencePage } from '../src/reference-page.ts';

test('docs/configuration.md is current; `npm run reference -w @sendit/config` writes it', async () => {
  const page = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  expect(page).toBe(toReferencePage());
});
