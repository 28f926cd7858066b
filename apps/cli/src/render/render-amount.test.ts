import { expect, test } from 'vitest';
import { renderBytes, renderMs } from './render-amount.ts';

test.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [12_340, '12.3 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 0 s'],
  [119_400, '1 min 59 s'],
  [119_600, '2 min 0 s'],
  [245_000, '4 min 5 s'],
])('%i ms are %s, rounded without a 60th second', (ms, text) => {
  expect(renderMs(ms)).toBe(text);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 KB'],
  [1_500_000, '1.5 MB'],
  [999_940, '999.9 KB'],
  [999_960, '1.0 MB'],
  [2_000_000_000_000_000, '2000.0 TB'],
])('%i bytes are %s, rounded without a thousandth', (bytes, text) => {
  expect(renderBytes(bytes)).toBe(text);
});
