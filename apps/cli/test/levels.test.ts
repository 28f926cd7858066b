import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { Installation } from './harness.ts';

describe('how much is said, and how', () => {
  test('at QUIET nothing is logged, and the watch is still said at start', async () => {
    await using at = await Installation.open({ SENDIT_MESSAGELEVEL: 'QUIET' });
    const started = await at.start();
    expect(started.stdout).toContain(`DEBUG Adding watch on ${at.data}`);
    await mkdir(join(at.data, 'test_quiet'));
    await waitUntil('the skipped test directory', async () => (await at.status()).roots[0]?.skippedTests === 1);
    expect(await at.out()).toBe('');
    expect(await readFile(at.errFile, 'utf8')).toBe('');
  });

  test('a level shows what is not above it', async () => {
    await using at = await Installation.open({ SENDIT_MESSAGELEVEL: 'LOG' });
    await at.start();
    await mkdir(join(at.data, 'test_log'));
    await at.logged(`LOG 2|FINISHED: ${at.data}/test_log`);
    expect(await readFile(at.errFile, 'utf8')).toBe('');
  });

  test('--log-format json writes one object per line', async () => {
    await using at = await Installation.open();
    await at.start('--data', at.data, '--log-format', 'json');
    await mkdir(join(at.data, 'test_json'));
    await waitUntil('the second line', async () => (await at.out()).includes('2|FINISHED'));
    const lines = (await at.out()).trim().split('\n');
    const objects = lines.map((line) => JSON.parse(line) as { level: string; msg: string; time: string });
    expect(objects.every(({ time }) => !Number.isNaN(Date.parse(time)))).toBe(true);
    const transcript = objects.filter(({ level }) => level === 'LOG');
    expect(transcript.map(({ level, msg }) => ({ level, msg }))).toEqual([
      { level: 'LOG', msg: `1|CREATE EVENT: ${at.data}/test_json` },
      { level: 'LOG', msg: `2|FINISHED: ${at.data}/test_json` },
    ]);
  });

  test('colour is for terminals: neither a pipe nor the files get any', async () => {
    await using at = await Installation.open();
    const child = at.spawn('watcher', 'start', '--foreground', '--data', at.data);
    let shown = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        shown += String(chunk);
      });
    }
    await waitUntil('the hints', () => shown.includes('Stop:'));
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(shown + (await at.out()) + (await readFile(at.errFile, 'utf8'))).not.toContain('\u001b[');
  });
});
