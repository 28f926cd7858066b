import { expect, test } from 'vitest';
import { ROUTES } from './contract.ts';
import { toOpenApi } from './openapi.ts';

const document = toOpenApi('1.2.3');

function find(reference: string): unknown {
  return reference
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
}

test('every address has its operation, under a name of its own', () => {
  const operations = ROUTES.map(
    ({ method, path }) => document.paths[path]?.[method.toLowerCase()] as { readonly operationId: string } | undefined,
  );
  expect(operations).not.toContain(undefined);
  expect(new Set(operations.map((operation) => operation?.operationId)).size).toBe(ROUTES.length);
});

test('every reference leads to a schema, and none to a place of JSON Schema', () => {
  const text = JSON.stringify(document);
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? '');
  expect(references.length).toBeGreaterThan(5);
  for (const reference of references) expect([reference, find(reference)]).not.toContain(undefined);
  expect(text).not.toContain('$defs');
});

test('an answer may have more than is said of it', () => {
  expect(document.components.schemas['BatchSummary']).not.toHaveProperty('additionalProperties');
});

test('what stands in an address is a parameter, the rest of a POST its body', () => {
  expect(document.paths['/api/batches/{id}/retry']).toMatchObject({
    post: {
      parameters: [{ name: 'id', in: 'path', required: true }],
      requestBody: {
        required: false,
        content: { 'application/json': { schema: { properties: { by: { type: 'string' } } } } },
      },
      responses: { 202: {}, 404: {}, 409: {} },
    },
  });
  expect(document.paths['/api/batches']).toMatchObject({
    get: { parameters: expect.arrayContaining([expect.objectContaining({ name: 'limit', in: 'query' })]) },
  });
});
