import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWith, exited, waitUntil } from '@sendit/testing';
import { expect, test } from 'vitest';
import { CLI, Installation } from './harness.ts';

/** As in a container: pid and network namespaces of its own, the same files. */
const CONTAINER = ['--pid', '--net', '--fork', '--mount-proc', '--kill-child'];

function spawnInside(at: Installation, ...args: readonly string[]) {
  const child = spawn('unshare', [...CONTAINER, process.execPath, CLI, ...args], {
    cwd: at.directory,
    env: { ...process.env, NO_COLOR: '1', ...at.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  at.adopt(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  return { child, said: () => said };
}

/** Names and bytes of what a second watcher must not touch: the lock, pid file and its record. */
async function fingerprint(at: Installation): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(at.stateDir)).filter((name) => /^(?:watcher\.|api\.sock)/.test(name)).toSorted();
  const entries = names.map(async (name) => {
    const bytes = name === 'api.sock' ? '' : await readFile(join(at.stateDir, name));
    return [name, createHash('sha256').update(bytes).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

describeWith(['unshare'], 'two containers on one state directory', () => {
  test('the second is refused before it touches anything, and the first is found from outside', async () => {
    await using at = await Installation.open();
    const first = spawnInside(at, 'watcher', 'start', '--foreground', '--data', at.data);
    await waitUntil('the first watcher', () => at.api.ping());
    const before = await fingerprint(at);
    expect(Object.keys(before)).toEqual(['api.sock', 'watcher.json', 'watcher.lock', 'watcher.pid']);

    for (const flags of [['--foreground'], [], ['--foreground', '--replace']]) {
      const second = spawnInside(at, 'watcher', 'start', '--data', at.data, ...flags);
      await exited(second.child);
      expect(second.child.exitCode).toBe(1);
      await waitUntil('the reason', () => second.said().includes('already running'));
      expect(second.said()).toContain('watcher.lock');
    }
    const stopped = await at.run('watcher', 'stop');
    expect(stopped).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot stop it') });
    expect((await at.status()).active).toBe(true);
    expect(await fingerprint(at)).toEqual(before);
    expect(first.child.exitCode).toBeNull();

    first.child.kill('SIGKILL');
    await exited(first.child);
    await waitUntil(
      'the lock to be free',
      async () => (await at.run('watcher', 'start', '--data', at.data)).code === 0,
    );
    expect((await at.status()).active).toBe(true);
  });
});
