import { expect, test } from 'vitest';
import { parseProcessor, toDisplayName } from './processor.ts';

const builtIn = ['DicomQueue', 'AllEventsPrinter'];

test.each(['DicomQueue', '@sendit/processors.DicomQueue', '@sendit/processors#DicomQueue'])(
  '%s is the built-in processor, shown by its full name',
  (setting) => {
    const reference = parseProcessor(setting, builtIn);
    expect(reference).toEqual({ kind: 'built-in', name: 'DicomQueue' });
    expect(toDisplayName(reference, setting)).toBe('@sendit/processors.DicomQueue');
  },
);

test.each([
  ['./my.ts', './my.ts', 'default'],
  ['./my.ts#Mine', './my.ts', 'Mine'],
  ['./a#b/my.ts#Mine', './a#b/my.ts', 'Mine'],
  ['./a#b/my.ts', './a#b/my.ts', 'default'],
  ['@scope/pkg/sub#$Name_1', '@scope/pkg/sub', '$Name_1'],
  ['dicomqueue', 'dicomqueue', 'default'],
])('%s is the module %s with the export %s, shown as written', (setting, specifier, exportName) => {
  const reference = parseProcessor(setting, builtIn);
  expect(reference).toEqual({ kind: 'module', specifier, exportName });
  expect(toDisplayName(reference, setting)).toBe(setting);
});
