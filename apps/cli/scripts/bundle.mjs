// Makes the commands start fast: what each of them loads is written into few files, in place of the compiled ones, and oclif's manifest
// says which commands there are, so that one is loaded. What a command loads when it needs it (databases, queues, a
// configuration, the watcher) stays as the compiler wrote it, in its package: it finds its own files beside it.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Plugin } from '@oclif/core';
import { rolldown } from 'rolldown';

const app = fileURLToPath(new URL('..', import.meta.url));
const dist = join(app, 'dist');

/** Packages that every command needs at once; databases, queues, the engine and the user's code are loaded where they are installed. */
const LIGHT =
  /^(?:@oclif\/core|@sendit\/(?:model|config|daemon|api\/client|portal\/client|runtime\/installation)|hono\/.*|string-width|fastest-levenshtein)$/;

/** They need all of the configuration's package. */
const AS_COMPILED = /^config.(?:init|schema|show)\.js$/;

const names = await readdir(join(dist, 'commands'), { recursive: true });
const commands = names
  .filter((name) => name.endsWith('.js') && !AS_COMPILED.test(name))
  .map((name) => join('commands', name));
const input = Object.fromEntries(['run.js', ...commands].map((file) => [file.replace(/\.js$/, ''), join(dist, file)]));

const bundle = await rolldown({ input, platform: 'node', external: isExternal, logLevel: 'warn' });
await rm(join(dist, 'chunks'), { recursive: true, force: true });
await bundle.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
});
await bundle.close();

const plugin = new Plugin({ root: app, ignoreManifest: true, errorOnManifestCreate: true });
await plugin.load();
await writeFile(join(app, 'oclif.manifest.json'), `${JSON.stringify(plugin.manifest)}\n`);

/** By its name where it is a package's, so that the bundle names no place of this machine. */
function isExternal(id, importer, isResolved) {
  if (isResolved) return false;
  const isPackage = /^[@\w]/.test(id) && !id.startsWith('node:');
  // What a light package imports is its own business: it is part of the bundle.
  const isOurs = importer === undefined || /[\\/](?:apps|packages)[\\/][^\\/]+[\\/]dist[\\/]/.test(importer);
  return isPackage && isOurs && !LIGHT.test(id);
}
