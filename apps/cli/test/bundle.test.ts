import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const app = fileURLToPath(new URL('..', import.meta.url));
const dist = join(app, 'dist');
const STATIC = /(?:^|\n)\s*(?:import|export)\s?(?:[^;'"]*?from\s?)?["']([^"']+)["']/g;

/** Every module that one loads before it runs, and what it imports from packages. */
async function readLoaded(
  file: string,
  seen = new Map<string, readonly string[]>(),
): Promise<Map<string, readonly string[]>> {
  if (seen.has(file)) return seen;
  const text = await readFile(file, 'utf8');
  const names = [...text.matchAll(STATIC)].map(([, name]) => name ?? '');
  seen.set(
    file,
    names.filter((name) => !name.startsWith('.')),
  );
  for (const name of names) if (name.startsWith('.')) await readLoaded(resolve(dirname(file), name), seen);
  return seen;
}

test('a command that asks loads few files, and no package but those that are in them', async () => {
  for (const command of ['batch/list', 'batch/show', 'watcher/status', 'watcher/logs', 'watcher/pending']) {
    const loaded = await readLoaded(join(dist, 'commands', `${command}.js`));
    const packages = [...loaded.values()].flat().filter((name) => !name.startsWith('node:'));
    expect(packages).toEqual([]);
    expect(loaded.size).toBeGreaterThan(2);
    expect(loaded.size).toBeLessThan(20);
  }
});

test('no compiled file names a place of the machine that it was built on', async () => {
  const root = resolve(app, '..', '..');
  const files = (await readdir(dist, { recursive: true })).filter((name) => name.endsWith('.js'));
  expect(files.length).toBeGreaterThan(50);
  const texts = await Promise.all(files.map(async (name) => [name, await readFile(join(dist, name), 'utf8')] as const));
  expect(texts.filter(([, text]) => text.includes(`"${root}`)).map(([name]) => name)).toEqual([]);
});

test('the manifest names every command', async () => {
  const manifest = JSON.parse(await readFile(join(app, 'oclif.manifest.json'), 'utf8')) as { commands: object };
  const files = (await readdir(join(app, 'src', 'commands'), { recursive: true })).filter((name) =>
    name.endsWith('.ts'),
  );
  const ids = files.map((name) => name.replace(/\.ts$/, '').replaceAll('/', ':'));
  expect(Object.keys(manifest.commands).sort()).toEqual(ids.sort());
});

test.runIf(process.getuid?.() === 0)(
  'an account without an entry in the list of accounts, and without a home, can run it',
  () => {
    const env = { PATH: process.env['PATH'] };
    const options = { env, uid: 54_321, gid: 54_321, cwd: '/', encoding: 'utf8' } as const;
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(app, 'bin', 'run.js'), 'batch', 'list', '--help'],
      options,
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  },
);
