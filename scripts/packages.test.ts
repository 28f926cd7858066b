import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listPackages, repository } from './import-graph.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly keywords?: readonly string[];
  readonly repository?: unknown;
  readonly engines?: unknown;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8'));

const root = readManifest('.');
const packages = listPackages()
  .map((folder) => [folder, readManifest(folder)] as const)
  .filter(([, manifest]) => manifest.private !== true);
const versions = new Map(packages.map(([, { name, version }]) => [name, version]));

test.each(packages)('%s says what npm shows of it, and its tarball gets the licence', (folder, manifest) => {
  const url = root.repository === undefined ? {} : { repository: { directory: folder } };
  expect(manifest).toMatchObject({ license: root.license, engines: root.engines, ...url });
  expect(manifest.keywords?.length).toBeGreaterThan(1);
  expect(manifest.scripts['prepack']).toBe('node ../../scripts/prepack.mjs');
  expect(manifest.scripts).not.toHaveProperty('postinstall');
});

test.each(packages)('the README of %s says how it is installed', (folder, { name }) => {
  expect(readFileSync(join(repository, folder, 'README.md'), 'utf8')).toMatch(
    new RegExp(`npm (?:install|i) (?:-g )?${name}\\b`),
  );
});

test.each(packages)('%s takes its neighbours by the version they are of', (_folder, manifest) => {
  const taken = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies };
  const ranges = Object.entries(taken).filter(([name]) => name.startsWith('@sendit/'));
  expect(ranges).toEqual(ranges.map(([name]) => [name, `^${versions.get(name)}`]));
  expect(Object.values(taken)).not.toContain('*');
});

// Its template is made by one version of the engine, and another one would make a new database in seconds instead.
test('the embedded engine is of the version that made the template', () => {
  const { dependencies } = readManifest('packages/persistence');
  const installed = readManifest('node_modules/@electric-sql/pglite').version;
  expect(dependencies?.['@electric-sql/pglite']).toBe(installed);
});

test('docs/dependencies.md lists what the published packages take', () => {
  const page = readFileSync(join(repository, 'docs/dependencies.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(([, name, of]) => `${name} of ${of}`);
  const takers = new Map<string, string[]>();
  for (const [, { name, dependencies, optionalDependencies }] of packages)
    for (const taken of Object.keys({ ...dependencies, ...optionalDependencies }))
      if (!versions.has(taken)) takers.set(taken, [...(takers.get(taken) ?? []), name.replace('@sendit/', '')]);
  const taken = [...takers].map(([name, of]) => `${name} of ${of.sort().join(', ')}`);
  expect(listed).toEqual(taken.sort());
});

test('the hosted checks run on every Node that package.json allows', () => {
  const workflow = readFileSync(join(repository, '.github/workflows/ci.yml'), 'utf8');
  const [, oldest = ''] = /^>=(\S+)$/.exec((root.engines as { node: string }).node) ?? [];
  const matrices = [...workflow.matchAll(/node: \[([^\]]+)\]/g)].map(([, list = '']) =>
    list.replaceAll(/['"]/g, '').split(', '),
  );
  expect(matrices).toEqual(matrices.map(() => [oldest, '22', '24', '26']));
});
