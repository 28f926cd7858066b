import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { judge, observe, profile } from '../src/index.ts';
import { lookAtFolder, readTree } from '../src/node.ts';

const { signal } = new AbortController();
const limits = { files: 10, pathBytes: 40, depth: 3 };

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sendit-limits-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function lookAt(folder: string) {
  const { files, listing, signature } = await lookAtFolder(folder, signal, { limits });
  const facts = observe({ name: 'scan', arrival: 'renamed' }, listing, 0);
  return { files: [...files], listing, signature, judged: judge(facts, profile('safe'), 0) };
}

test('a folder that reaches every limit and exceeds none is finished', async () => {
  await mkdir(join(root, 'a/b'), { recursive: true });
  for (let file = 0; file < 7; file++) await writeFile(join(root, `a/b/${file}`), 'x');
  await writeFile(join(root, 'n'.repeat(40)), 'x');
  const { files, judged, listing } = await lookAt(root);
  expect(judged).toMatchObject({ finished: true, grade: 'renamed' });
  expect(files).toHaveLength(8);
  expect(listing.exceeds).toBeUndefined();
});

test.each([
  ['files', 'it holds more than 10 files and directories', Array.from({ length: 50 }, (_, at) => `f${at}`)],
  ['files', 'it holds more than 10 files and directories', Array.from({ length: 12 }, (_, at) => `d${at}/f`)],
  ['pathBytes', 'a path in it is longer than 40 bytes', ['n'.repeat(41)]],
  ['depth', 'it is nested more than 3 deep', ['a/b/c/d']],
] as const)('beyond the limit of %s it is held at once and not listed to its end', async (limit, reason, paths) => {
  for (const path of paths) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), 'x');
  }
  const { files, judged, listing, signature } = await lookAt(root);
  expect(judged).toMatchObject({ finished: false, outcome: 'hold', reason });
  expect(listing.exceeds).toEqual({ limit, allowed: limits[limit] });
  expect(listing.files).toBeLessThanOrEqual(limits.files);
  expect({ files, signature }).toEqual({ files: [], signature: null });

  for (const path of paths) await rm(join(root, path.split('/')[0] ?? ''), { recursive: true, force: true });
  await writeFile(join(root, 'whole'), 'x');
  expect((await lookAt(root)).judged).toMatchObject({ finished: true });
});

test('the deadline takes nothing beyond a limit as incomplete', async () => {
  await writeFile(join(root, 'n'.repeat(41)), 'x');
  const { listing } = await lookAt(root);
  const facts = observe({ name: 'scan', arrival: 'created' }, listing, 0);
  const rules = profile('safe', { maxWaitMs: 1000, onDeadline: 'proceed' });
  expect(judge(facts, rules, 5000)).toMatchObject({ finished: false, outcome: 'hold' });
});

test('below a watch path of units, what is beyond a limit is told and not looked into', async () => {
  await mkdir(join(root, 'a/b/c/d/e'), { recursive: true });
  await writeFile(join(root, 'a/b/f'), 'x');
  await writeFile(join(root, 'n'.repeat(41)), 'x');
  const entries = [];
  for await (const some of readTree(root, { below: '', limits, skips: () => false }, signal)) entries.push(...some);
  expect(entries.sort((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
    { kind: 'other', path: 'a/b/c/d', reason: 'it is nested more than 3 deep: see `limits.depth`' },
    { kind: 'file', path: 'a/b/f' },
    { kind: 'other', path: 'n'.repeat(41), reason: expect.stringContaining('limits.pathBytes') },
  ]);
});
