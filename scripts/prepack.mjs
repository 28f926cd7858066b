// `npm pack` in a package runs this first: its tarball gets the licence, and the repository that the root's package.json names, if it names one.
// A publisher sets `repository` there, once, and runs `node scripts/prepack.mjs --all`, which writes it to every package.
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { license, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const folders = process.argv.includes('--all')
  ? ['packages', 'apps'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
  : [process.cwd()];

for (const folder of folders.filter((one) => existsSync(join(one, 'package.json')))) {
  const path = join(folder, 'package.json');
  const before = readFileSync(path, 'utf8');
  const manifest = JSON.parse(before);
  if (manifest.private) continue;
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  manifest.license = license;
  if (repository !== undefined) {
    const { type = 'git', url } = typeof repository === 'string' ? { url: repository } : repository;
    manifest.repository = { type, url, directory: relative(root, folder) };
  }
  const after = `${JSON.stringify(manifest, null, 2)}\n`;
  if (after !== before) writeFileSync(path, after);
}
