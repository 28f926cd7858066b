import { spawn, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CompiledPackage, openCompiledPackage } from './compiled-package.ts';
import { openSandbox } from './sandbox.ts';

// The limits belong to a user namespace: in one of our own they can be lowered without touching anybody else's.
const lowered = (limit: string): string => `echo ${limit} && exec "$@"`;
const canUnshare =
  spawnSync('unshare', ['-Ur', 'sh', '-c', 'echo 9 > /proc/sys/user/max_inotify_watches']).status === 0;
if (!canUnshare) process.stderr.write('Watch limits are not tested: this system gives no user namespace.\n');

describe.runIf(canUnshare)('where the system gives few watches', () => {
  let compiled: CompiledPackage;
  beforeAll(async () => {
    compiled = await openCompiledPackage();
  });
  afterAll(() => compiled[Symbol.asyncDispose]());

  /** Runs a program that watches a root under a limit, and returns its output line by line. */
  async function watchUnder(limit: string, root: string, settings: string) {
    const file = join(compiled.dir, 'limited.mjs');
    await writeFile(
      file,
      `import { openWatchSource } from '@sendit/watch';
       const source = await openWatchSource({ path: process.argv[2], mask: 0x300, pollMs: 20, ${settings} });
       const { backend, reason, problems } = source.status();
       console.log(JSON.stringify({ backend, reason, problems }));
       for await (const { maskname, pathname } of source.events()) console.log(JSON.stringify(maskname + ' ' + pathname));`,
    );
    const args = ['-Ur', 'sh', '-c', lowered(limit), 'sh', process.execPath, file, root];
    const child = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      next: async (): Promise<unknown> => JSON.parse((await lines.next()).value as string),
      [Symbol.asyncDispose]: async () => {
        const closed = new Promise((resolve) => child.once('close', resolve));
        child.kill('SIGKILL');
        await closed;
      },
    };
  }

  test('a tree is watched as far as they go and scanned beyond, and the sysctl to raise is named', async () => {
    await using sandbox = await openSandbox();
    const deep = join(sandbox.root, 'a/b/c/d');
    await mkdir(deep, { recursive: true });
    const limit = '3 > /proc/sys/user/max_inotify_watches';
    await using program = await watchUnder(limit, sandbox.root, 'recursive: true');
    expect(await program.next()).toMatchObject({
      backend: 'inotify',
      problems: [
        { code: 'ENOSPC', directories: 2, hint: expect.stringContaining('sysctl fs.inotify.max_user_watches') },
      ],
    });
    await mkdir(join(deep, 'e'));
    expect(await program.next()).toBe(`IN_CREATE|IN_ISDIR ${join(deep, 'e')}`);
  });

  test.each([
    ['max_inotify_instances', 'EMFILE', 'fs.inotify.max_user_instances'],
    ['max_inotify_watches', 'ENOSPC', 'fs.inotify.max_user_watches'],
  ])('without any of %s a directory is polled, and the sysctl to raise is named', async (limit, code, sysctl) => {
    await using sandbox = await openSandbox();
    await using program = await watchUnder(`0 > /proc/sys/user/${limit}`, sandbox.root, '');
    expect(await program.next()).toMatchObject({
      backend: 'polling',
      reason: expect.stringContaining(code),
      problems: [{ code, directories: 1, hint: expect.stringContaining(sysctl) }],
    });
    await mkdir(join(sandbox.root, 'x'));
    expect(await program.next()).toBe(`IN_CREATE|IN_ISDIR ${join(sandbox.root, 'x')}`);
  });
});
