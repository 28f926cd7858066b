import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Installation } from './harness.ts';

describe('how a directory is proven complete is a setting of its watch path', () => {
  let at: Installation;
  beforeAll(async () => {
    at = await Installation.open();
    const watchPaths = [
      { folder: './marked', quietMs: 4_000, marker: '.done' },
      { folder: './strict', quietMs: 200, profile: 'strict', manifest: 'SHA256SUMS' },
    ].map((one) => ({ ...one, events: 'IN_ALL_EVENTS', processor: 'DicomQueue' }));
    for (const { folder } of watchPaths) await mkdir(join(at.directory, folder));
    await writeFile(join(at.directory, 'sendit.config.json'), JSON.stringify({ watchPaths }));
    await at.start('--config', 'sendit.config.json');
  });
  afterAll(() => at[Symbol.asyncDispose]());

  test('a done-file that comes last proves it, long before the quiet time is over', async () => {
    const landing = join(at.directory, 'marked', 'MARKED');
    await mkdir(landing);
    await writeSyntheticStudy(landing, { series: [{ instances: 3 }] });
    await writeFile(join(landing, '.done'), '');
    expect(await at.settled('MARKED', 'DONE')).toMatchObject({ instances: 3 });
    expect((await at.batch('MARKED')).grade).toBe('marker');
  });

  test('strict believes neither a rename nor silence, and explain says what is missing', async () => {
    const bare = join(at.directory, 'strict', 'BARE');
    await mkdir(`${bare}.tmp`);
    await writeSyntheticStudy(`${bare}.tmp`, { series: [{ instances: 2 }] });
    await rename(`${bare}.tmp`, bare);
    await at.logged(`LOG 3|WAITING: ${bare}`);
    const told = await at.json<{ finished: boolean; findings: { rule: string; answer: string }[] }>(
      'explain',
      bare,
      '--config',
      'sendit.config.json',
    );
    expect(told.finished).toBe(false);
    expect(told.findings.map(({ rule }) => rule)).toContain('manifest');
    expect(told.findings.map(({ rule }) => rule)).not.toContain('quiet');
    expect((await at.batches()).map(({ name }) => name)).not.toContain('BARE');
  });
});

test('a directory that is renamed into place leaves its unfinished name, whatever events its processor asked for', async () => {
  await using at = await Installation.open();
  const watchPaths = [
    { folder: './data', events: 'IN_CREATE | IN_MOVED_TO', processor: 'DicomQueue', rescanMs: 3_600_000 },
  ];
  await writeFile(join(at.directory, 'sendit.config.json'), JSON.stringify({ watchPaths }));
  await at.start('--config', 'sendit.config.json');
  const arriving = join(at.data, 'RENAMED.tmp');
  await mkdir(arriving);
  await writeSyntheticStudy(arriving, { series: [{ instances: 2 }] });
  const pending = async (): Promise<readonly string[]> =>
    (await at.json<{ name: string }[]>('watcher', 'pending')).map(({ name }) => name);
  await waitUntil('it to be pending', async () => (await pending()).includes('RENAMED.tmp'));
  await rename(arriving, join(at.data, 'RENAMED'));
  await at.settled('RENAMED', 'DONE');
  expect(await pending()).toEqual([]);
});
