import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openTempDir, type TempDir } from '@sendit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listPackages, repository } from './import-graph.ts';
import { findUnprinted, listWithExample, readExample } from './readme-example.ts';

/**
 * Each package as a stranger gets it: its tarball, with those of its neighbours, installed by npm into an empty project. A file that is
 * missing in `files`, a dependency that only the workspace has, a bin without a shebang show here alone. Needs `npm run build` and a registry.
 */
const run = promisify(execFile);

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifests = new Map<string, { readonly folder: string; readonly manifest: Manifest }>();
for (const folder of listPackages()) {
  const manifest: Manifest = JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8'));
  if (manifest.private !== true) manifests.set(manifest.name, { folder, manifest });
}
const names = [...manifests.keys()];
const tarballs = new Map<string, string>();
let home: TempDir;

beforeAll(async () => {
  home = await openTempDir();
  const workspaces = names.flatMap((name) => ['-w', name]);
  const args = ['pack', '--json', '--pack-destination', home.path, ...workspaces];
  const { stdout } = await run('npm', args, { cwd: repository, maxBuffer: 1 << 27 });
  const packed: readonly { readonly name: string; readonly filename: string }[] = JSON.parse(
    stdout.slice(stdout.indexOf('[')),
  );
  for (const { name, filename } of packed) tarballs.set(name, join(home.path, filename));
}, 300_000);

afterAll(() => home[Symbol.asyncDispose]());

/** A package and its neighbours, theirs too. */
function withNeighbours(name: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const other of Object.keys(manifests.get(name)?.manifest.dependencies ?? {}))
    if (manifests.has(other)) withNeighbours(other, seen);
  return seen;
}

/** Packages named by the install line of a README. */
function readInstallLine(folder: string): readonly string[] {
  const readme = readFileSync(join(repository, folder, 'README.md'), 'utf8');
  return (/^npm install (?:-g )?(.+)$/m.exec(readme)?.[1] ?? '').split(' ');
}

async function install(name: string, folder: string): Promise<string> {
  const project = join(home.path, name.replaceAll('/', '-').replace('@', ''));
  await mkdir(project);
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'stranger', private: true, type: 'module' }));
  const wanted = readInstallLine(folder);
  const ours = new Set(wanted.filter((one) => manifests.has(one)).flatMap((one) => [...withNeighbours(one)]));
  const files = [...ours].map((one) => tarballs.get(one) ?? '');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const others = wanted.filter((one) => !manifests.has(one));
  await run('npm', [...args, ...files, ...others], { cwd: project, maxBuffer: 1 << 26 });
  return project;
}

const withExample = new Set((await listWithExample()).map((name) => `packages/${name}`));

test.each(names)(
  '%s works from its tarball',
  async (name) => {
    const { folder = '', manifest } = manifests.get(name) ?? {};
    const project = await install(name, folder);
    const installed = join(project, 'node_modules', name);
    expect(await readdir(installed)).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));

    const isModule = folder.startsWith('packages/');
    const doors = isModule ? Object.keys(manifest?.exports ?? {}).map((subpath) => join(name, subpath)) : [];
    await writeFile(join(project, 'doors.js'), doors.map((door) => `await import('${door}');\n`).join(''));
    await run(process.execPath, ['doors.js'], { cwd: project });

    for (const bin of Object.keys(manifest?.bin ?? {})) {
      const { stdout } = await run(join(project, 'node_modules', '.bin', bin), ['--version'], { cwd: project });
      expect(stdout).toMatch(/^sendit\/\d/);
    }
    if (!withExample.has(folder)) return;
    const example = (await readExample(folder.replace('packages/', ''))) ?? '';
    const file = join(project, 'example.mjs');
    await writeFile(file, example);
    expect(await findUnprinted(file, example)).toBeUndefined();
  },
  240_000,
);
