import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '@sendit/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Installation } from './harness.ts';

describe('the pid file decides who runs', () => {
  let at: Installation;
  beforeAll(async () => {
    at = await Installation.open();
  });
  beforeEach(async () => {
    if (!(await at.status()).active) await at.start();
  });
  afterAll(() => at[Symbol.asyncDispose]());

  test('a second start refuses and names the running pid; --replace takes over', async () => {
    const first = await at.pid();
    const second = await at.run('watcher', 'start', '--data', at.data);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(String(first));
    expect(await at.pid()).toBe(first);

    const replaced = await at.run('watcher', 'start', '--data', at.data, '--replace');
    expect(replaced).toMatchObject({ code: 0 });
    expect(await at.pid()).not.toBe(first);
    expect((await at.status()).pid).toBe(await at.pid());
  });

  test('restart gives a new process with the same watch paths', async () => {
    const first = await at.pid();
    expect(await at.run('watcher', 'restart', '--data', at.data)).toMatchObject({ code: 0 });
    expect(await at.pid()).not.toBe(first);
    expect((await at.status()).roots).toMatchObject([{ path: at.data }]);
  });

  test('a pid file left by a dead process is cleaned up and said', async () => {
    const dead = await at.pid();
    await at.kill();
    expect((await at.status()).active).toBe(false);
    const started = await at.start();
    expect(started.stdout + started.stderr).toMatch(new RegExp(`stale.*${dead}|${dead}.*stale`, 'i'));
    expect(await at.pid()).not.toBe(dead);
  });

  test('a pid that now belongs to another program is not touched by stop', async () => {
    await at.kill();
    const other = spawn('sleep', ['600']);
    try {
      await once(other, 'spawn');
      await writeFile(at.pidFile, `${other.pid}\n`);
      const stopped = await at.run('watcher', 'stop');
      expect(stopped.code).not.toBe(0);
      expect(stopped.stderr).toContain(`No pid file exists at ${at.pidFile}`);
      expect(other.exitCode ?? other.signalCode).toBeNull();
      await at.start();
      expect(await at.pid()).not.toBe(other.pid);
    } finally {
      other.kill('SIGKILL');
    }
  });

  test('a running watcher whose record was lost is still recognised: not started twice, and stopped', async () => {
    const pid = await at.pid();
    await rm(join(at.stateDir, 'watcher.json'));
    const second = await at.run('watcher', 'start', '--data', at.data);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining(String(pid)) });
    expect(await at.pid()).toBe(pid);
    expect(await at.run('watcher', 'stop')).toMatchObject({ code: 0 });
  });

  test('the daemon outlives the command that started it and ends cleanly on SIGTERM', async () => {
    const pid = await at.pid();
    process.kill(pid, 'SIGTERM');
    await waitUntil('the pid file to be gone', () =>
      access(at.pidFile).then(
        () => false,
        () => true,
      ),
    );
    expect(await at.out()).not.toContain('rror');
  });
});

describe('a start in the foreground, or one that is interrupted', () => {
  test('Ctrl-C while the daemon starts leaves nothing running and says so without a stack', async () => {
    await using at = await Installation.open();
    const starting = at.spawn('watcher', 'start', '--data', at.data);
    let said = '';
    starting.stderr?.on('data', (chunk) => {
      said += String(chunk);
    });
    // The log files are made just before the daemon is started.
    await waitUntil('the start', () => access(at.errFile).then(() => true));
    starting.kill('SIGINT');
    await once(starting, 'exit');
    expect(starting.exitCode).toBe(130);
    expect(said).not.toContain('at process');
    await expect(access(at.pidFile)).rejects.toThrow('ENOENT');
  });

  test('Ctrl-C while a daemon starts that does not answer any more: it is killed, and its pid file goes with it', async () => {
    await using at = await Installation.open();
    const starting = at.spawn('watcher', 'start', '--data', at.data);
    await waitUntil('the pid file', () => access(at.pidFile).then(() => true));
    const pid = await waitUntil('the pid', async () => (await at.pid()) || undefined);
    process.kill(pid, 'SIGSTOP');
    starting.kill('SIGINT');
    await once(starting, 'exit');
    expect(starting.exitCode).toBe(130);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await expect(access(at.pidFile)).rejects.toThrow('ENOENT');
  });

  test('--foreground stays, shows the transcript and stops on SIGINT', async () => {
    await using at = await Installation.open();
    const child = at.spawn('watcher', 'start', '--foreground', '--data', at.data);
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
    });
    await waitUntil('the pid file', async () => (await at.status()).active);
    await mkdir(join(at.data, 'test_seen'));
    await waitUntil('the transcript', () => text.includes(`LOG 2|FINISHED: ${at.data}/test_seen`));
    expect(await at.pid()).toBe(child.pid);
    // What to do next is for a person: line by line, not as the log writes what others print.
    await waitUntil('the hints', () => /^Drop a directory: .*\nTry it: .*\nSee what came in: /m.test(text));
    child.kill('SIGINT');
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    await expect(access(at.pidFile)).rejects.toThrow('ENOENT');
  });
});

describe('logs', () => {
  test('SIGHUP reopens watcher.out after it was moved away, and logs -f follows', async () => {
    await using at = await Installation.open();
    await at.start();
    const follow = at.spawn('watcher', 'logs', '-f');
    let seen = '';
    follow.stdout?.on('data', (chunk) => {
      seen += String(chunk);
    });
    await mkdir(join(at.data, 'test_one'));
    await waitUntil('the first line', () => seen.includes('test_one'));
    await rename(at.outFile, `${at.outFile}.moved`);
    process.kill(await at.pid(), 'SIGHUP');
    await waitUntil('the new file', () => access(at.outFile).then(() => true));
    await mkdir(join(at.data, 'test_two'));
    await at.logged(`LOG 2|FINISHED: ${at.data}/test_two`);
    expect(await readFile(`${at.outFile}.moved`, 'utf8')).not.toContain('test_two');
    await waitUntil('the followed line', () => seen.includes('test_two'));
    follow.kill('SIGINT');
    await once(follow, 'exit');
    expect((await at.run('watcher', 'logs', '--err')).code).toBe(0);
  });

  test('watcher.out rotates by size, and no more than the bounded number is kept', async () => {
    await using at = await Installation.open({ SENDIT_LOG_MAX_BYTES: '1024', SENDIT_LOG_KEEP: '2' });
    await at.start();
    for (let index = 0; index < 60; index += 1) await mkdir(join(at.data, `test_${index}`));
    await at.logged(`LOG 2|FINISHED: ${at.data}/test_59`);
    const kept = (await readdir(join(at.stateDir, 'logs'))).filter((name) => name.startsWith('watcher.out'));
    // Each has its times beside it.
    const files = ['watcher.out', 'watcher.out.1', 'watcher.out.2'];
    expect(kept.filter((name) => !name.endsWith('.times')).toSorted()).toEqual(files);
    expect(kept).toHaveLength(2 * files.length);
    const timed = await at.run('watcher', 'logs', '--times', '-n', '1');
    expect(timed.stdout).toMatch(/^\d{4}-\d{2}-\d{2}T\S+ LOG 2\|FINISHED: /);
  });
});
