import { expect, test } from 'vitest';
import { renderDiagnoses } from './render-diagnoses.ts';

test('each line says its state, check and subject; what to do stands below; control characters are visible', () => {
  const text = renderDiagnoses([
    { check: 'node', state: 'ok', subject: null, found: '24.1.0', fix: null },
    { check: 'watch-path', state: 'error', subject: 'ct', found: '/data/\u001b[31m is not there', fix: 'Make it.' },
  ]);
  expect(text).toBe(
    [
      'ok       node        24.1.0',
      String.raw`error    watch-path  ct: /data/\x1b[31m is not there`,
      '                     → Make it.',
      '',
      'To mend: 1 error.',
    ].join('\n'),
  );
});
