import { expect, test } from 'vitest';
import { fillSpans } from './fill-spans.ts';

const NONE = { failed: 0, studies: 0, series: 0, instances: 0, files: 0, bytes: 0 };
const aRow = (at: string, batches: number) => ({ at, batches, ...NONE, sealedToImportedMs: null, importMs: null });
const NOW = Date.parse('2025-03-05T10:30:00.000Z');

test.each([
  ['hour', ['2025-03-05T08:00:00.000Z', '2025-03-05T09:00:00.000Z', '2025-03-05T10:00:00.000Z']],
  ['day', ['2025-03-03T00:00:00.000Z', '2025-03-04T00:00:00.000Z', '2025-03-05T00:00:00.000Z']],
  ['week', ['2025-02-17T00:00:00.000Z', '2025-02-24T00:00:00.000Z', '2025-03-03T00:00:00.000Z']],
] as const)('every %s up to now is there, with and without an import', (by, begins) => {
  const filled = fillSpans([aRow(begins[1], 7)], by, NOW, 3);
  expect(filled.map(({ at, batches }) => [at, batches])).toEqual([
    [begins[0], 0],
    [begins[1], 7],
    [begins[2], 0],
  ]);
});
