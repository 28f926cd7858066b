import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLeftAlone, toNameReason } from './left-alone.ts';

const settings = { testPrefix: 'test' } as const;
const own = { testPrefix: false, ignore: ['*.old', '!.snapshot'], arrivingNames: ['*.incoming'] } as const;

test.each([
  ['Testa^Maria', undefined, 'it is a test directory by the prefix `test`: never sealed (`testPrefix`)'],
  ['Testa^Maria', own, undefined],
  ['.Trash-1000', undefined, 'it is ignored by its name: never sealed (`ignore`)'],
  ['.snapshot', own, undefined],
  ['L1.old', own, 'it is ignored by its name: never sealed (`ignore`)'],
  ['L1.incoming', own, 'its name is not final: see `arrivingNames`'],
  ['L1.incoming', undefined, undefined],
  ['L1.tmp', own, undefined],
  ['L1', undefined, undefined],
])('%s under %j: %s', (name, watchPath, reason) => {
  expect(toNameReason(name, watchPath, settings)?.reason).toBe(reason);
});

test('a file is told as what it is, with what to do', async () => {
  const root = await mkdtemp(join(tmpdir(), 'sendit-alone-'));
  try {
    await writeFile(join(root, 'a.dcm'), '');
    await writeFile(join(root, 'b.zip'), 'PK\x03\x04');
    const told = async (name: string) => await readLeftAlone(join(root, name), undefined, settings);
    expect((await told('a.dcm'))?.toFinish).toContain('`unit: study`');
    expect((await told('b.zip'))?.reason).toContain('an archive (zip)');
    expect(await told('gone')).toBeUndefined();
  } finally {
    await rm(root, { recursive: true });
  }
});
