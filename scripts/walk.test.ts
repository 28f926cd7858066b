import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ImportGraph, listPackages, readImportGraph, repository, toImported, toPackage } from './import-graph.ts';

/** The shape of the house: how far one event walks, and how deep, long and tangled its packages are. */
const MOST_FILES = 75;
const MOST_CHANGES = 20;
/** Of all files; the walk leaves the small ones out. */
const MEDIAN_LINES = 90;
const LONGEST = 250;
const MOST_FLOORS = 7;

const LONG_FILES: Readonly<Record<string, string>> = {
  'apps/portal/page/words/words.ts': 'every word that the page says, in one place',
  'packages/api/src/contract.ts': 'one table of all operations',
  'packages/api/src/schemas/batch.ts': 'one schema for each field of a batch, with its description',
  'packages/config/src/config-types.ts': 'generated from the schema',
  'packages/config/src/schema.ts': 'every setting is declared here, once',
  'packages/detector/src/read-folder.ts': 'one walk over a folder; its parts share the state of the walk',
  'packages/dicom/src/dictionary-data.ts': 'generated from the standard',
  'packages/persistence/src/engine/embedded-session.ts':
    "PostgreSQL's protocol with the embedded engine: one conversation",
  'packages/persistence/src/views/list-content.ts': 'the lists of studies, series, images and findings, of one shape',
  'packages/persistence/src/schema/schema.ts': 'every table is declared here, once',
};

const DEEP_PACKAGES: Readonly<Record<string, readonly [floors: number, reason: string]>> = {
  'apps/portal': [8, 'the program and its router stand on the views'],
  'packages/dicom': [
    9,
    'series, file, header, group 0002, walk, encoding, head, odd head, constants: each reads by the one below',
  ],
  'packages/persistence': [8, 'a group of imports stands on the import by itself, for those that meet others'],
  'packages/watch': [8, '`watch()` for strangers stands on everything else'],
};

const graph: ImportGraph = readImportGraph();
const readLines = (file: string): number => readFileSync(join(repository, file), 'utf8').split('\n').length - 1;

interface Step {
  readonly file: string;
  /** A file of the composition that gives one package's part to another's port. */
  readonly joinedBy: string | undefined;
}

function readWalk(): readonly Step[] {
  const [, text = ''] = readFileSync(join(repository, 'docs/architecture.md'), 'utf8').split(
    '## The walk of one file event\n',
  );
  const steps: Step[] = [];
  let stage: { readonly folder: string; joinedBy: string | undefined } | undefined;
  for (const line of (text.split('\n## ')[0] ?? '').split('\n')) {
    const [, folder, joinedBy] = /^\*\*`([^`]+)`\*\*(?:, joined by `([^`]+)`)?$/.exec(line) ?? [];
    if (folder !== undefined) stage = { folder, joinedBy };
    const [, path] = /^1\. `([^`]+)`/.exec(line) ?? [];
    if (path === undefined || stage === undefined) continue;
    steps.push({ file: `${stage.folder}/${path}`, joinedBy: stage.joinedBy });
    stage.joinedBy = undefined;
  }
  return steps;
}

describe('the walk of one file event', () => {
  const walk = readWalk();
  const files = walk.map(({ file }) => file);

  test.each(walk.map(({ file, joinedBy }, index) => [file, joinedBy, files.slice(0, index)] as const).slice(1))(
    '%s imports, or is called by, a step before it',
    (file, joinedBy, before) => {
      expect(graph.has(file)).toBe(true);
      const links = before.filter((one) => toImported(one, graph).has(file) || toImported(file, graph).has(one));
      if (joinedBy !== undefined) links.push(...listJoined(joinedBy, [before.at(-1) ?? '', file]));
      expect(links).not.toEqual([]);
    },
  );

  test(`enters at most ${MOST_FILES} files, each once, and changes package at most ${MOST_CHANGES} times`, () => {
    const joining = walk.flatMap(({ joinedBy }) => joinedBy ?? []);
    const changes = files.filter((file, index) => index > 0 && toPackage(file) !== toPackage(files[index - 1] ?? ''));
    expect(new Set(files).size).toBe(files.length);
    expect(new Set([...files, ...joining]).size).toBeLessThanOrEqual(MOST_FILES);
    expect(changes.length).toBeLessThanOrEqual(MOST_CHANGES);
  });
});

/** The two, if the file, with what it imports of its own package, takes something of both of their packages. */
function listJoined(joinedBy: string, two: readonly string[]): readonly string[] {
  const own = toPackage(joinedBy);
  const seen = new Set<string>();
  const taken = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { file: imported } of graph.get(file) ?? []) {
      taken.add(toPackage(imported));
      if (toPackage(imported) === own) visit(imported);
    }
  };
  visit(joinedBy);
  return two.every((file) => taken.has(toPackage(file))) ? two : [];
}

test(`a file has ${MEDIAN_LINES} lines in the middle`, () => {
  const lines = [...graph.keys()].map(readLines).sort((one, other) => one - other);
  expect(lines[Math.floor(lines.length / 2)]).toBeLessThanOrEqual(MEDIAN_LINES);
});

test(`no file is longer than ${LONGEST} lines without its reason`, () => {
  const long = [...graph.keys()].filter((file) => readLines(file) > LONGEST);
  expect(long.sort()).toEqual(Object.keys(LONG_FILES).sort());
});

test('no files import each other in a circle, at run time or for types', () => {
  expect(findCircles()).toEqual([]);
});

/** Tarjan's strongly connected components, those of more than one file. */
function findCircles(): readonly (readonly string[])[] {
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const number = numbers.size;
    numbers.set(file, number);
    stack.push(file);
    let low = number;
    for (const { file: imported, kind } of graph.get(file) ?? []) {
      if (kind === 'lazy' || kind === 'thread') continue;
      if (!numbers.has(imported)) low = Math.min(low, visit(imported));
      else if (stack.includes(imported)) low = Math.min(low, numbers.get(imported) ?? low);
    }
    lowest.set(file, low);
    if (low === number) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return low;
  };
  for (const file of graph.keys()) if (!numbers.has(file)) visit(file);
  return circles;
}

test.each(listPackages().filter((folder) => folder !== 'packages/testing'))(
  '%s is at most seven floors deep behind its doors',
  (folder) => {
    const [floors = MOST_FLOORS] = DEEP_PACKAGES[folder] ?? [];
    const chain = findLongestChain(folder);
    expect(chain.length > floors ? chain : []).toEqual([]);
  },
);

/** Files of a package, each importing the next at run time. A door, which only hands on, is no floor. */
function findLongestChain(folder: string): readonly string[] {
  const known = new Map<string, readonly string[]>();
  const chainOf = (file: string): readonly string[] => {
    const before = known.get(file);
    if (before !== undefined) return before;
    known.set(file, []);
    const below = (graph.get(file) ?? []).filter((one) => one.kind === 'value' && toPackage(one.file) === folder);
    const chains = below.map((one) => chainOf(one.file));
    const longest = chains.reduce((best, one) => (one.length > best.length ? one : best), []);
    const chain = isDoor(file) ? longest : [file, ...longest];
    known.set(file, chain);
    return chain;
  };
  const chains = [...graph.keys()].filter((file) => toPackage(file) === folder).map(chainOf);
  return chains.reduce((best, one) => (one.length > best.length ? one : best), []);
}

function isDoor(file: string): boolean {
  const text = readFileSync(join(repository, file), 'utf8');
  return (
    text
      .replaceAll(/^export (?:type )?\{[^}]*\} from '[^']+';$/gm, '')
      .replaceAll(/\/\*.*?\*\//gs, '')
      .trim() === ''
  );
}
