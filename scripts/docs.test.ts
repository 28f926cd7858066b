import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { listPackages, repository } from './import-graph.ts';

/** Decisions tell of their time, and may name what is gone. */
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(repository, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...listPackages().map((folder) => `${folder}/README.md`),
];

test.each(pages)('%s names files that are there', (page) => {
  const text = readFileSync(join(repository, page), 'utf8');
  const paths = [...text.matchAll(/`((?:packages|apps|bench)\/[\w./-]+\w)`/g)].map(([, path = '']) => path);
  expect(paths.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
});

test.each(pages)('the links of %s lead somewhere', (page) => {
  const text = readFileSync(join(repository, page), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(repository, dirname(page), link)))).toEqual([]);
});
