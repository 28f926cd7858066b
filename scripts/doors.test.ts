import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { readDoors, repository, toPackage } from './import-graph.ts';

const SCREEN = 60;

/** Published for strangers: their doors hold more than sendit itself takes from them. */
const FOR_STRANGERS: ReadonlySet<string> = new Set(
  ['actions', 'api', 'config', 'detector', 'dicom', 'importer', 'processors', 'runtime', 'watch'].map(
    (name) => `packages/${name}`,
  ),
);

const doors = [...readDoors()].filter(([, file]) => !file.startsWith('apps/'));
/** The places that take each name from each door. */
const takers = new Map<string, Map<string, Set<string>>>();

const NAMED = [
  /\b(?:import|export)\b(?:\s+type)?\s*\{([^}]*)\}\s*from\s*'(@sendit\/[^']+)'/g,
  /\{([^}]*)\}\s*=\s*await import\('(@sendit\/[^']+)'\)/g,
];

beforeAll(async () => {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-co', '--exclude-standard'], { cwd: repository });
  for (const file of stdout.split('\n').filter((path) => /\.(?:ts|tsx|mts|mjs|md)$/.test(path))) {
    const text = readIfThere(file);
    for (const pattern of NAMED)
      for (const [, names = '', door = ''] of text.matchAll(pattern))
        for (const name of toNames(names)) note(door, name, file);
    for (const [, alias = '', door = ''] of text.matchAll(/import \* as (\w+) from '(@sendit\/[^']+)'/g))
      for (const [, name = ''] of text.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, 'g'))) note(door, name, file);
  }
});

/** A file may be deleted and not committed yet. */
function readIfThere(file: string): string {
  try {
    return readFileSync(join(repository, file), 'utf8');
  } catch {
    return '';
  }
}

function note(door: string, name: string, file: string): void {
  const names = takers.get(door) ?? new Map<string, Set<string>>();
  takers.set(door, names.set(name, (names.get(name) ?? new Set()).add(toTaker(file))));
}

/** A program that a test starts takes the package as strangers do. */
function toTaker(file: string): string {
  if (file.endsWith('.md')) return 'documentation';
  return file.includes('/test/children/') ? 'a program of a test' : toPackage(file);
}

function toNames(list: string): readonly string[] {
  return list
    .split(',')
    .map(
      (part) =>
        part
          .trim()
          .replace(/^type\s+/, '')
          .split(/\s+as\s+|:/)[0] ?? '',
    )
    .filter((name) => name !== '');
}

function readExports(file: string): readonly string[] {
  const text = readFileSync(join(repository, file), 'utf8');
  return [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) => toNames(names));
}

/** Some subpaths are a module themselves, such as a client. */
function isOnlyDoor(file: string): boolean {
  return !/^(?:export )?(?:async )?(?:function|class|const)\b/m.test(readFileSync(join(repository, file), 'utf8'));
}

test.each(doors.filter(([, file]) => isOnlyDoor(file)))('%s fits on one screen', (_door, file) => {
  const lines = readFileSync(join(repository, file), 'utf8').split('\n').length - 1;
  expect(lines).toBeLessThanOrEqual(SCREEN);
});

test.each(doors.filter(([, file]) => !FOR_STRANGERS.has(toPackage(file))))(
  'somebody outside uses every export of %s',
  (door, file) => {
    const exported = readExports(file);
    const own = toPackage(file);
    const unused = exported.filter((name) => ![...(takers.get(door)?.get(name) ?? [])].some((taker) => taker !== own));
    expect(unused).toEqual([]);
  },
);
