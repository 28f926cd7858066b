import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSyntheticStudy } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { Installation } from './harness.ts';

async function configure(at: Installation, watchPath: object): Promise<void> {
  const entry = { folder: at.data, events: 'IN_ALL_EVENTS', processor: 'DicomQueue', ...watchPath };
  await writeFile(join(at.directory, 'sendit.config.json'), JSON.stringify({ watchPaths: [entry] }));
}

describe('how a directory is proven complete is a setting of its watch path', () => {
  test('a done-file that comes last proves it, long before the quiet time is over', async () => {
    await using at = await Installation.open({ SENDIT_QUIET_MS: '4000' });
    await configure(at, { marker: '.done' });
    await at.start('--config', 'sendit.config.json');
    const landing = join(at.data, 'MARKED');
    await mkdir(landing);
    await writeSyntheticStudy(landing, { series: [{ instances: 3 }] });
    await writeFile(join(landing, '.done'), '');
    expect(await at.settled('MARKED', 'DONE')).toMatchObject({ instances: 3 });
    expect((await at.batch('MARKED')).grade).toBe('marker');
  });

  test('strict believes neither a rename nor silence, and explain says what is missing', async () => {
    await using at = await Installation.open({ SENDIT_QUIET_MS: '200' });
    await configure(at, { profile: 'strict', manifest: 'SHA256SUMS' });
    await at.start('--config', 'sendit.config.json');
    await mkdir(join(at.data, 'BARE.tmp'));
    await writeSyntheticStudy(join(at.data, 'BARE.tmp'), { series: [{ instances: 2 }] });
    await rename(join(at.data, 'BARE.tmp'), join(at.data, 'BARE'));
    await at.logged(`LOG 3|WAITING: ${at.data}/BARE`);
    const told = await at.json<{ finished: boolean; findings: { rule: string; answer: string }[] }>(
      'explain',
      join(at.data, 'BARE'),
      '--config',
      'sendit.config.json',
    );
    expect(told.finished).toBe(false);
    expect(told.findings.map(({ rule }) => rule)).toContain('manifest');
    expect(told.findings.map(({ rule }) => rule)).not.toContain('quiet');
    expect(await at.batches()).toEqual([]);
  });
});
