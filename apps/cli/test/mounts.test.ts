import type { AuditRecord } from '@sendit/api';
import { execFile } from 'node:child_process';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { canMount, openTempDir, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { Installation } from './harness.ts';

const run = promisify(execFile);
await using scratch = await openTempDir();
const mayMount = await canMount(scratch.path);
const why = mayMount ? '' : ' (needs root, to mount a share)';

async function drop(folder: string, name: string): Promise<void> {
  await mkdir(join(folder, `${name}.tmp`));
  await writeSyntheticStudy(join(folder, `${name}.tmp`), { seed: name, series: [{ instances: 2, rows: 4 }] });
  await rename(join(folder, `${name}.tmp`), join(folder, name));
}

describe.skipIf(!mayMount)(`a share is mounted at a watch path${why}`, () => {
  test('unmounted it is a problem over restarts, its mount point gives nothing, and a person may accept that', async () => {
    await using at = await Installation.open();
    const share = join(at.directory, 'share');
    await mkdir(share);
    // A bind mount: no event tells of its end.
    const mounted = async (): Promise<AsyncDisposable> => {
      await run('mount', ['--bind', share, at.data]);
      return { [Symbol.asyncDispose]: async () => void (await run('umount', ['-l', at.data])) };
    };
    const problem = async (): Promise<string | null | undefined> => (await at.status()).roots[0]?.problem;
    const names = async (): Promise<string[]> => (await at.batches()).map(({ name }) => name).toSorted();
    {
      await using _share = await mounted();
      await at.start();
      await drop(share, 'BEFORE');
      await at.settled('BEFORE', 'DONE');
    }
    await waitUntil('status to name what is missing', async () => (await problem())?.includes('to be mounted there'));
    await drop(at.data, 'STRAY');
    await at.run('watcher', 'stop');
    const started = await at.start();
    expect(`${started.stdout}${started.stderr}`).toContain('Another file system lies at');
    expect(await problem()).toContain('sendit root accept');
    {
      await using _share = await mounted();
      await waitUntil('the problem to be over', async () => (await problem()) === null);
      await drop(share, 'AFTER');
      await at.settled('AFTER', 'DONE');
      expect(await names()).toEqual(['AFTER', 'BEFORE']);
    }
    await waitUntil('the problem to be back', async () => (await problem()) !== null);
    expect(await names()).toEqual(['AFTER', 'BEFORE']);
    const accepted = await at.json<AuditRecord>('root', 'accept', at.data, '--reason', 'no share any more');
    expect(accepted).toMatchObject({ decision: 'accept-mount', path: at.data, reason: 'no share any more' });
    await at.settled('STRAY', 'DONE');
    expect(await problem()).toBeNull();
    const refused = await at.run('root', 'accept', at.data, '--reason', 'again');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing to accept') });
  }, 300_000);
});
