import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { toErrno } from '@sendit/model';

/** Made by the build (scripts/make-template.mjs), beside the compiled code. */
const TEMPLATE = new URL('../../dist/embedded-template.gz', import.meta.url);

/** A data directory in one gzip: this header in JSON, a newline, then the files' bytes one after another. */
interface TemplateHeader {
  /** Version of PGlite that made it: another one may have other files. */
  readonly engine: string;
  readonly directories: readonly string[];
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/**
 * Writes a data directory, whose engine is closed, as the template for first starts.
 * @public Used by the build script alone.
 */
export async function packTemplate(data: string): Promise<void> {
  const entries = (await readdir(data, { recursive: true, withFileTypes: true })).map((entry) => ({
    directory: entry.isDirectory(),
    path: join(entry.parentPath, entry.name).slice(data.length + 1),
  }));
  const paths = entries.filter((entry) => !entry.directory).map((entry) => entry.path);
  const contents = await Promise.all(paths.map((path) => readFile(join(data, path))));
  const header: TemplateHeader = {
    engine: await readEngineVersion(),
    directories: entries.flatMap((entry) => (entry.directory ? [entry.path] : [])).toSorted(),
    files: paths.map((path, index) => ({ path, bytes: contents[index]?.length ?? 0 })),
  };
  const packed = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...contents]);
  await writeFile(TEMPLATE, await promisify(gzip)(packed, { level: 9 }));
}

/** Fills an empty directory from the template; false if there is no template for this engine. */
export async function unpackTemplate(directory: string, template: URL = TEMPLATE): Promise<boolean> {
  let packed: Buffer;
  try {
    packed = await readFile(template);
  } catch (error) {
    if (toErrno(error) === 'ENOENT') return false;
    throw error;
  }
  const content = await promisify(gunzip)(packed);
  const headerEnd = content.indexOf('\n');
  const header = JSON.parse(content.toString('utf8', 0, headerEnd)) as TemplateHeader;
  if (header.engine !== (await readEngineVersion())) return false;
  for (const path of header.directories) await mkdir(join(directory, path), { mode: 0o700 });
  let offset = headerEnd + 1;
  for (const { path, bytes } of header.files) {
    await writeFile(join(directory, path), content.subarray(offset, offset + bytes), { mode: 0o600 });
    offset += bytes;
  }
  return true;
}

/** Makes everything below a directory durable. */
export async function syncTree(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = [directory, ...entries.map((entry) => join(entry.parentPath, entry.name))];
  for (let start = 0; start < paths.length; start += 32) {
    await Promise.all(paths.slice(start, start + 32).map(sync));
  }
}

async function sync(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}

async function readEngineVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest: unknown = JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8'));
  return String((manifest as { version?: unknown }).version);
}
