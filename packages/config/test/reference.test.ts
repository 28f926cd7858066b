import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { toJsonSchema } from '../src/index.ts';
import { toReferencePage } from '../src/reference-page.ts';
import { toTypesFile } from '../src/render-types.ts';

test.each([
  ['docs/configuration.md', toReferencePage],
  ['packages/config/src/config-types.ts', toTypesFile],
])('%s is current; `npm run reference -w @sendit/config` writes it', async (file, render) => {
  expect((await readFile(new URL(`../../../${file}`, import.meta.url), 'utf8')) === render()).toBe(true);
});

test('every field of the JSON schema, and with it of the types, says what it is for', () => {
  expect(listUndescribed(toJsonSchema())).toEqual([]);
  expect(listUndescribed({ properties: { a: { properties: { b: {} } } } })).toEqual(['a', 'a.b']);
});

/** Paths of the fields without a description. */
function listUndescribed(node: unknown, path = ''): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, inner]: [string, unknown]) => {
    if (key !== 'properties') return listUndescribed(inner, path);
    return Object.entries(inner as object).flatMap(([name, field]: [string, object]) => {
      const own = path === '' ? name : `${path}.${name}`;
      return [...('description' in field ? [] : [own]), ...listUndescribed(field, own)];
    });
  });
}
