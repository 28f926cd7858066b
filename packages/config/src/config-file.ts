import { readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { toMessage } from '@sendit/model';
import { CONFIG_FILE_VARIABLE } from './overrides.ts';
import type { Problem } from './problem.ts';

/** Endings that a configuration file may have. */
const CONFIG_EXTENSIONS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json', 'yaml', 'yml'] as const;

/** Names of configuration files in a folder, sorted. @throws the system's error where it cannot be read. */
export async function listConfigFiles(folder: string): Promise<readonly string[]> {
  const known = new Set(CONFIG_EXTENSIONS.map((extension) => `sendit.config.${extension}`));
  return (await readdir(folder)).filter((name) => known.has(name)).sort();
}

/** The chosen file with the reason of the choice, none, or what is wrong with the choice. */
export type FoundFile =
  | { readonly kind: 'file'; readonly path: string; readonly source: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'problem'; readonly file: string | undefined; readonly problem: Problem };

/** Finds the one configuration file: the named one, else `sendit.config.*` in the folder that is searched (not in those above it). */
export async function findConfigFile(request: {
  readonly cwd: string;
  readonly searchFolder?: string | undefined;
  readonly configFile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<FoundFile> {
  const named = request.configFile ?? request.env[CONFIG_FILE_VARIABLE] ?? '';
  const source = request.configFile === undefined ? `environment ${CONFIG_FILE_VARIABLE}` : 'flag --config';
  return named === ''
    ? searchFolder(request.searchFolder ?? request.cwd)
    : checkNamed(resolve(request.cwd, named), source);
}

async function searchFolder(cwd: string): Promise<FoundFile> {
  let names: readonly string[];
  try {
    names = await listConfigFiles(cwd);
  } catch (thrown) {
    return toProblem(undefined, cwd, `expected a readable working directory: ${toMessage(thrown)}`);
  }
  const [name, ...others] = names;
  if (name === undefined) return { kind: 'none' };
  if (others.length > 0) {
    const message = `expected one configuration file, got ${names.join(' and ')}; remove all but one, or name one with --config`;
    return toProblem(undefined, cwd, message);
  }
  return { kind: 'file', path: join(cwd, name), source: 'found in the working directory' };
}

async function checkNamed(path: string, source: string): Promise<FoundFile> {
  const extensions: readonly string[] = CONFIG_EXTENSIONS;
  if (!extensions.includes(extname(path).slice(1))) {
    return toProblem(path, source, `expected a file that ends in .${extensions.join(', .')}, got ${path}`);
  }
  try {
    if ((await stat(path)).isFile()) return { kind: 'file', path, source };
    return toProblem(path, source, `expected a file, got ${path}, which is none`);
  } catch (thrown) {
    return toProblem(path, source, `expected a readable configuration file at ${path}: ${toMessage(thrown)}`);
  }
}

function toProblem(file: string | undefined, source: string, message: string): FoundFile {
  return { kind: 'problem', file, problem: { path: '', message, source } };
}
