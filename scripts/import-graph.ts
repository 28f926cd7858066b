import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const repository = join(import.meta.dirname, '..');

/** An import of one product file: the imported file, and the names taken from it (`*` for a namespace or a dynamic import). */
export interface Import {
  readonly file: string;
  readonly names: readonly string[];
  /** `type`: erased by the compiler. `lazy`: `import(…)` when it is needed. `thread`: the entry of another thread. */
  readonly kind: 'value' | 'type' | 'lazy' | 'thread';
}

/** Imports of each product file, by its path below the repository. Tests, scripts and build output are left out. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

/** Files that a file imports, with those behind a door in place of the door: by the names that are taken from it. */
export function toImported(file: string, graph: ImportGraph): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { file: imported, names } of graph.get(file) ?? []) {
    const behind = (graph.get(imported) ?? []).filter((one) => one.names.some((name) => names.includes(name)));
    const isDoor = toPackage(imported) !== toPackage(file) && behind.length > 0;
    for (const target of isDoor ? behind.map((one) => one.file) : [imported]) found.add(target);
  }
  return found;
}

/** The folder of a file's package: `packages/intake`, `apps/cli`. */
export function toPackage(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

export function listPackages(): readonly string[] {
  return ['packages', 'apps']
    .flatMap((group) => readdirSync(join(repository, group)).map((name) => `${group}/${name}`))
    .filter((folder) => existsSync(join(repository, folder, 'package.json')));
}

/** Sources of every package but the tests' own. */
export function listProductFiles(): readonly string[] {
  return listPackages()
    .filter((folder) => folder !== 'packages/testing')
    .flatMap((folder) => ['src', 'page'].flatMap((part) => listSources(`${folder}/${part}`)))
    .sort();
}

export function readImportGraph(): ImportGraph {
  const files = listProductFiles();
  const known = new Set(files);
  const doors = readDoors();
  return new Map(files.map((file) => [file, readImports(file, { known, doors })]));
}

/** Source file of each published entry: `@sendit/detector/node` → `packages/detector/src/node.ts`. */
export function readDoors(): ReadonlyMap<string, string> {
  const doors = new Map<string, string>();
  for (const folder of listPackages()) {
    const manifest = readManifest(folder);
    for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
      const source = typeof target === 'object' ? target['@sendit/source'] : undefined;
      if (source !== undefined) doors.set(join(manifest.name, subpath), join(folder, source));
    }
  }
  return doors;
}

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8'));
}

function listSources(folder: string): readonly string[] {
  try {
    return readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && !/\.(?:test|d)\.ts$/.test(path))
      .map((path) => `${folder}/${path}`);
  } catch {
    return [];
  }
}

const STATEMENT = /^(?:import|export)\s+(type\s)?\s*([^;'"]*?)\s*\bfrom\s+'([^']+)'|^import\s+'([^']+)'/gm;
const DYNAMIC = /\bimport\('([^']+)'\)|new URL\('(\.{1,2}\/[^']+)',\s*import\.meta\.url\)/g;

interface Known {
  readonly known: ReadonlySet<string>;
  readonly doors: ReadonlyMap<string, string>;
}

function readImports(file: string, { known, doors }: Known): readonly Import[] {
  const text = readFileSync(join(repository, file), 'utf8');
  const resolve = (specifier: string): string | undefined => {
    if (!specifier.startsWith('.')) return doors.get(specifier);
    const path = relative(repository, join(repository, dirname(file), specifier));
    return [path, path.replace(/\.js$/, '.ts')].find((candidate) => known.has(candidate));
  };
  const found: Import[] = [];
  const take = (specifier: string | undefined, rest: Omit<Import, 'file'>): void => {
    const target = specifier === undefined ? undefined : resolve(specifier);
    if (target !== undefined && target !== file) found.push({ file: target, ...rest });
  };
  for (const [, type, clause = '', from, bare] of text.matchAll(STATEMENT)) {
    const isErased = type !== undefined || isAllTypes(clause);
    take(from ?? bare, { names: toNames(clause), kind: isErased ? 'type' : 'value' });
  }
  for (const [, imported, url] of text.matchAll(DYNAMIC))
    take(imported ?? url, { names: ['*'], kind: url === undefined ? 'lazy' : 'thread' });
  return found;
}

function toNames(clause: string): readonly string[] {
  const braces = /\{([^}]*)\}/.exec(clause)?.[1];
  if (braces === undefined) return ['*'];
  return listClause(braces).map((part) => part.replace(/^type\s+/, '').replace(/\s+as\s+.*$/, ''));
}

function isAllTypes(clause: string): boolean {
  const braces = /^\{([^}]*)\}$/.exec(clause.trim())?.[1];
  return braces !== undefined && listClause(braces).every((part) => part.startsWith('type '));
}

function listClause(braces: string): readonly string[] {
  return braces
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
