import { expect, test } from 'vitest';
import { toJsonSchema } from './json-schema.ts';
import { configSchema } from './schema.ts';
import { listFields, listWatchPathFields } from './schema-fields.ts';

test('every setting has a description and says what it expects', () => {
  const incomplete = [...listFields(), ...listWatchPathFields()].filter(
    (field) => field.description === '' || field.expected === '',
  );
  expect(incomplete).toEqual([]);
});

test('the empty configuration is valid and has every default', () => {
  expect(configSchema.parse({})).toEqual({
    watchPaths: [],
    findings: {},
    alerts: {
      installation: 'sendit',
      stuckMs: false,
      diskBelow: false,
      queueMs: false,
      noArrivalMs: false,
      afterMs: 60_000,
      againMs: 14_400_000,
      channels: [],
    },
    messageLevel: 'DEBUG',
    logFormat: 'text',
    logs: { maxBytes: '10M', keep: 5 },
    portal: { enabled: true, host: '127.0.0.1', port: 7373, basePath: '', hosts: [], trustedProxies: [] },
    worker: {
      concurrency: 4,
      attempts: 8,
      backoffMs: 1000,
      threads: 2,
      networkThreads: 8,
      hash: 'header',
      hashAlgorithm: 'xxh128',
      extraAttributes: [],
      filter: { modalities: [], imageTypes: [], excludeBurnedIn: false },
      checks: [],
      steps: [],
    },
    limits: { files: 1_000_000, pathBytes: 1024, depth: 32 },
    stopTimeoutMs: 30_000,
    quietMs: 15_000,
    testPrefix: 'test',
  });
});

test('the JSON schema forbids unknown keys and requires only what the file must have', () => {
  const schema = toJsonSchema();
  expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
  expect(schema).not.toHaveProperty('required');
  expect(JSON.stringify(schema)).not.toContain('readOnly');
});
