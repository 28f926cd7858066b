import { readFileSync } from 'node:fs';
import { FINDING_CODES, toFinding } from '@sendit/model';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../../docs/findings.md', import.meta.url), 'utf8');

/** Code, severity, what it means, what to do: of each line of the page's tables. */
const lines = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('the page on findings has a line for each code and for no other', () => {
  const documented = lines.map(([, code = '']) => code.replaceAll('`', ''));
  expect(documented.toSorted()).toEqual([...FINDING_CODES].toSorted());
});

test('each line says what the code means, what to do, and its severity as it is', () => {
  const wrong = lines.filter(([, code = '', severity = '', means = '', todo = '']) => {
    const finding = toFinding(code.replaceAll('`', '') as (typeof FINDING_CODES)[number], null);
    return !severity.split(' or ').includes(finding.severity) || means === '' || todo === '';
  });
  expect(wrong).toEqual([]);
});
