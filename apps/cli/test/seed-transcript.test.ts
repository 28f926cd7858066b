import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { Installation } from './harness.ts';

describe('the original watcher’s session, word for word', () => {
  test('start, testing mode, stop, and stop again', async () => {
    await using at = await Installation.open();
    const started = await at.run('watcher', 'start', '--data', at.data);
    expect(started.stderr).toBe('');
    expect(started.code).toBe(0);
    expect(started.stdout.split('\n')[0]).toBe(
      `DEBUG Adding watch on ${at.data}, processed by @sendit/processors.DicomQueue`,
    );
    expect(await readFile(at.pidFile, 'utf8')).toMatch(/^\d+\n$/);
    await access(at.errFile);
    expect((await at.status()).active).toBe(true);

    await mkdir(join(at.data, 'test_finished'));
    await at.logged(`LOG 2|FINISHED: ${at.data}/test_finished`);
    await mkdir(join(at.data, 'test_notfinished.tmp1234'));
    await at.logged(`LOG 2|NOTFINISHED: ${at.data}/test_notfinished.tmp1234`);
    await rename(join(at.data, 'test_notfinished.tmp1234'), join(at.data, 'test_nowfinished'));
    await at.logged(`LOG 2|FINISHED: ${at.data}/test_nowfinished`);
    const transcript = (await at.out()).split('\n').filter((line) => /^LOG \d\|/.test(line));
    expect(transcript).toEqual([
      `LOG 1|CREATE EVENT: ${at.data}/test_finished`,
      `LOG 2|FINISHED: ${at.data}/test_finished`,
      `LOG 1|CREATE EVENT: ${at.data}/test_notfinished.tmp1234`,
      `LOG 2|NOTFINISHED: ${at.data}/test_notfinished.tmp1234`,
      `LOG 1|MOVEDTO EVENT: ${at.data}/test_nowfinished`,
      `LOG 2|FINISHED: ${at.data}/test_nowfinished`,
    ]);
    expect(await at.batches()).toEqual([]);
    expect((await at.status()).roots[0]).toMatchObject({ path: at.data, backend: 'inotify', skippedTests: 2 });

    const stopped = await at.run('watcher', 'stop');
    expect(stopped).toMatchObject({ code: 0, stdout: 'DEBUG Dicom watching has been stopped.\n', stderr: '' });
    await expect(access(at.pidFile)).rejects.toThrow('ENOENT');
    await access(at.outFile);
    await access(at.errFile);
    expect((await at.status()).active).toBe(false);

    const again = await at.run('watcher', 'stop');
    expect(again.code).not.toBe(0);
    expect(again.stderr).toContain(`No pid file exists at ${at.pidFile}`);
  });

  test('a loose file is written: MODIFY and CLOSEWRITE, never finished', async () => {
    await using at = await Installation.open();
    await at.start();
    const file = join(at.data, 'loose.dcm');
    await writeFile(file, 'x');
    await at.logged(`LOG 1|CLOSEWRITE EVENT: ${file}`);
    await waitUntil('the second line', async () => (await at.out()).trimEnd().endsWith(`LOG 2|NOTFINISHED: ${file}`));
    const lines = (await at.out()).split('\n').filter((line) => line.startsWith('LOG'));
    expect(lines).toEqual(
      ['CREATE', 'MODIFY', 'CLOSEWRITE'].flatMap((word) => [
        `LOG 1|${word} EVENT: ${file}`,
        `LOG 2|NOTFINISHED: ${file}`,
      ]),
    );
  });
});
