import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { appendFile, chmod, mkdir, readdir, rename, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ActionBatch, ManifestFile } from '@sendit/model';
import { openTempDir } from '@sendit/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeBatch } from '../src/place/place-batch.ts';
import { attemptOf, inParts, KEY, readTree, seal } from './fixtures.ts';

const NEVER = new AbortController().signal;
const FILES = { 'a.dcm': 'first', 'deep/b.dcm': 'second', 'deep/deeper/c.dcm': 'third' };

/** A watch path with one batch, and a target folder; on another device where there is one to be had. */
async function openPlace(options: { device?: 'same' | 'other'; files?: Readonly<Record<string, string>> } = {}) {
  const here = await openTempDir();
  const there = options.device === 'other' ? await openTempDir('/dev/shm') : here;
  const [folder, target] = [join(here.path, 'data'), join(there.path, 'archive')];
  await mkdir(join(folder, 'L1'), { recursive: true });
  await mkdir(target);
  const files = options.files ?? FILES;
  const sealed = await seal(join(folder, 'L1'), files);
  let isPlaced = false;
  return {
    folder,
    target,
    batch: join(folder, 'L1'),
    sealed,
    files,
    place: (kind: 'move' | 'copy', more: Run = {}) =>
      placeBatch(
        { kind, name: 'away', to: target, attempts: 1, backoffMs: 0 },
        { ...attemptOf(join(folder, 'L1'), { files: sealed.length, ...more.batch }), isPlaced },
        {
          folder,
          files: () => inParts(more.sealed ?? sealed, 7),
          notePlaced: async () => (isPlaced = true),
          ...(more.isOther && { isOther: more.isOther }),
          ...(more.afterStep && { afterStep: more.afterStep }),
        },
        more.signal ?? NEVER,
      ),
    [Symbol.asyncDispose]: async () => {
      await here[Symbol.asyncDispose]();
      if (there !== here) await there[Symbol.asyncDispose]();
    },
  };
}

interface Run {
  readonly batch?: Partial<ActionBatch>;
  readonly sealed?: readonly ManifestFile[];
  readonly afterStep?: (step: string) => void;
  readonly isOther?: (sealed: ManifestFile) => Promise<boolean>;
  readonly signal?: AbortSignal;
}

async function isOtherDevice(): Promise<boolean> {
  await using temp = await openTempDir();
  const shared = await stat('/dev/shm').catch(() => undefined);
  return shared !== undefined && shared.dev !== (await stat(temp.path)).dev;
}

const devices = (await isOtherDevice()) ? (['same', 'other'] as const) : (['same'] as const);

describe.each(devices)('to a folder on the %s device', (device) => {
  test('a move leaves every file once, at the target, and no directory behind', async () => {
    await using at = await openPlace({ device });
    const { mtimeMs } = await stat(join(at.batch, 'a.dcm'));
    expect(await at.place('move')).toEqual({ kind: 'done', code: null });
    expect(await readTree(join(at.target, 'L1'))).toEqual(FILES);
    expect(await readdir(at.folder)).toEqual([]);
    expect((await stat(join(at.target, 'L1', 'a.dcm'))).mtimeMs).toBeCloseTo(mtimeMs, 0);
  });

  test('a copy leaves the originals, and shares nothing with them', async () => {
    await using at = await openPlace({ device });
    expect(await at.place('copy')).toMatchObject({ kind: 'done' });
    expect(await at.place('copy')).toMatchObject({ kind: 'done' });
    await appendFile(join(at.batch, 'a.dcm'), ', changed');
    expect(await readTree(join(at.target, 'L1'))).toEqual(FILES);
    expect(Object.keys(await readTree(at.batch))).toEqual(Object.keys(await readTree(join(at.target, 'L1'))));
  });

  test.each(['move', 'copy'] as const)(
    'a %s refuses a file that was overwritten in place, its times set back',
    async (kind) => {
      await using at = await openPlace({ device });
      const path = join(at.batch, 'deep/b.dcm');
      await chmod(join(at.batch, 'a.dcm'), 0o600);
      await chmod(path, 0o600);
      const asked: string[] = [];
      const isOther = async (sealed: ManifestFile): Promise<boolean> => {
        asked.push(sealed.path);
        return sealed.path !== 'a.dcm';
      };
      const changed = { kind: 'failed', again: 'never', reason: 'a file was changed after it was sealed' };
      expect(await at.place(kind, { isOther })).toMatchObject(changed);
      expect(asked).toEqual(['a.dcm', 'deep/b.dcm']);
      expect(await readTree(at.batch)).toEqual(FILES);
      expect(await at.place(kind, { isOther: async () => false })).toMatchObject({ kind: 'done' });
    },
  );

  test('cut off after any step and begun again, every file ends exactly once at the target and none is ever lost', async () => {
    const trees = fc.dictionary(
      fc.stringMatching(/^[a-c](?:\/[a-c]){0,2}$/).map((path) => `${path}.dcm`),
      fc.string({ maxLength: 20 }),
      { minKeys: 1, maxKeys: 12 },
    );
    await fc.assert(
      fc.asyncProperty(
        trees,
        fc.constantFrom('move', 'copy'),
        fc.array(fc.nat(30), { maxLength: 5 }),
        async (files, kind, cuts) => {
          await using at = await openPlace({ device, files });
          for (const cut of cuts) {
            let steps = 0;
            const afterStep = (): void => {
              steps += 1;
              if (steps > cut) throw new Error('the world ends');
            };
            const outcome = await at.place(kind, { afterStep }).catch((error: Error) => error.message);
            expect(['the world ends', { kind: 'done', code: null }]).toContainEqual(outcome);
            const [here, there] = [await readTree(at.batch), await readTree(join(at.target, 'L1'))];
            for (const [path, content] of Object.entries(at.files)) {
              const where = [here[path], there[path]].filter((one) => one !== undefined);
              expect(where.length).toBeGreaterThan(0);
              expect(new Set(where)).toEqual(new Set([content]));
            }
          }
          expect(await at.place(kind)).toMatchObject({ kind: 'done' });
          expect(await readTree(join(at.target, 'L1'))).toEqual(at.files);
          expect(await readTree(at.batch)).toEqual(kind === 'move' ? {} : at.files);
          expect(await readdir(at.folder)).toEqual(kind === 'move' ? [] : ['L1']);
        },
      ),
      { numRuns: 40, verbose: 1 },
    );
  }, 300_000);
});

test('a file that is renamed over an original at any step of its move is never lost', async () => {
  const intrusion = fc.record({ step: fc.nat(40), name: fc.constantFrom('a.dcm', 'deep/b.dcm', 'deep/deeper/c.dcm') });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(intrusion, { maxLength: 3, selector: ({ name }) => name }),
      fc.array(fc.nat(30), { maxLength: 3 }),
      fc.constantFrom(...devices),
      async (intrusions, cuts, device) => {
        await using at = await openPlace({ device });
        await writeFile(join(at.folder, 'keep'), '');
        for (const { name } of intrusions) await writeFile(join(at.folder, `new ${basename(name)}`), `later ${name}`);
        let steps = 0;
        const came: string[] = [];
        const atStep = (limit: number) => {
          const start = steps;
          return (): void => {
            steps += 1;
            for (const { name, step } of intrusions) {
              const path = join(at.batch, name);
              if (step !== steps || !existsSync(dirname(path))) continue;
              renameSync(join(at.folder, `new ${basename(name)}`), path);
              came.push(name);
            }
            if (steps - start > limit) throw new Error('the world ends');
          };
        };
        for (const cut of cuts) await at.place('move', { afterStep: atStep(cut) }).catch(() => undefined);
        const outcome = await at.place('move', { afterStep: atStep(Infinity) });
        const [here, there] = [await readTree(at.batch), await readTree(join(at.target, 'L1'))];
        for (const name of came) {
          expect([...Object.values(here), ...Object.values(there)], `${name} at ${steps}`).toContain(`later ${name}`);
        }
        expect(outcome.kind === 'done' ? there : FILES).toEqual(FILES);
        expect((await readdir(at.target)).filter((name) => name.startsWith('.sendit-'))).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
}, 300_000);

test('a file that takes the name between the look and the renaming gets its name back', async () => {
  await using at = await openPlace({ files: { 'a.dcm': 'first' } });
  await writeFile(join(at.folder, 'new'), 'later one');
  const afterStep = (step: string): void => {
    if (step === 'look at an original') renameSync(join(at.folder, 'new'), join(at.batch, 'a.dcm'));
  };
  expect(await at.place('move', { afterStep })).toEqual({ kind: 'done', code: null });
  expect(await readTree(at.folder)).toEqual({ 'L1/a.dcm': 'later one' });
  expect(await readTree(at.target)).toEqual({ 'L1/a.dcm': 'first' });
});

test('of two files that take the name one after the other both are kept, and it is said where', async () => {
  await using at = await openPlace({ files: { 'a.dcm': 'first' } });
  await writeFile(join(at.folder, 'new'), 'second');
  const afterStep = (step: string): void => {
    if (step === 'look at an original') renameSync(join(at.folder, 'new'), join(at.batch, 'a.dcm'));
    if (step === 'set aside') writeFileSync(join(at.batch, 'a.dcm'), 'third');
  };
  const refused = { kind: 'failed', again: 'never', reason: /lies aside/ };
  expect(await at.place('move', { afterStep })).toMatchObject(refused);
  expect(Object.values(await readTree(at.batch)).toSorted()).toEqual(['second', 'third']);
  expect(await at.place('move')).toMatchObject(refused);
  await unlink(join(at.batch, 'a.dcm'));
  expect(await at.place('move')).toMatchObject({ kind: 'done' });
  expect(await readTree(at.batch)).toEqual({ 'a.dcm': 'second' });
});

test('an original that its target does not hold any more stays, and is placed again', async () => {
  await using at = await openPlace();
  const afterStep = (step: string): void => {
    if (step === 'note that all is placed') renameSync(join(at.target, 'L1', 'a.dcm'), join(at.target, 'taken'));
  };
  expect(await at.place('move', { afterStep })).toMatchObject({ again: 'later', reason: /not at the target/ });
  expect(await readTree(at.batch)).toMatchObject({ 'a.dcm': 'first' });
  expect(await at.place('move')).toEqual({ kind: 'done', code: null });
  expect(await readTree(join(at.target, 'L1'))).toEqual(FILES);
});

test('a target of the same size is not taken for a file that is gone', async () => {
  for (const kind of ['copy', 'move'] as const) {
    await using at = await openPlace();
    await unlink(join(at.batch, 'a.dcm'));
    await mkdir(join(at.target, 'L1'));
    await writeFile(join(at.target, 'L1', 'a.dcm'), 'other');
    expect(await at.place(kind)).toMatchObject({ kind: 'failed', again: 'later', reason: /cannot be told/ });
  }
});

test('a second generation and a directory that is named like one have targets of their own', async () => {
  await using at = await openPlace();
  const named = await seal(join(at.folder, 'L1.generation-2'), { 'a.dcm': 'named' });
  const files = { folder: at.folder, files: () => inParts(named), notePlaced: async () => true };
  const action = { kind: 'move', name: 'away', to: at.target, attempts: 1, backoffMs: 0 } as const;
  const attempt = attemptOf(join(at.folder, 'L1.generation-2'), { files: 1 });
  expect(await placeBatch(action, attempt, files, NEVER)).toMatchObject({ kind: 'done' });
  expect(await at.place('move', { batch: { generation: 2 } })).toMatchObject({ kind: 'done' });
  const places = Object.keys(await readTree(at.target)).filter((path) => path.endsWith('/a.dcm'));
  expect(places.toSorted()).toEqual(['L1.generation-2.generation-1/a.dcm', 'L1.generation-2/a.dcm']);
});

test('what was not sealed stays, with the directory that holds it', async () => {
  await using at = await openPlace();
  await writeFile(join(at.batch, 'deep', 'late.dcm'), 'late');
  expect(await at.place('move')).toMatchObject({ kind: 'done' });
  expect(await readTree(at.folder)).toEqual({ 'L1/deep/late.dcm': 'late' });
});

test('another file of the same name at the target is never overwritten, and its original stays', async () => {
  await using at = await openPlace();
  await mkdir(join(at.target, 'L1'));
  await writeFile(join(at.target, 'L1', 'a.dcm'), 'other');
  for (const kind of ['copy', 'move'] as const) {
    expect(await at.place(kind)).toMatchObject({ kind: 'failed', again: 'never', reason: /another file/ });
  }
  expect(await readTree(join(at.target, 'L1'))).toMatchObject({ 'a.dcm': 'other' });
  expect(await readTree(at.batch)).toEqual(FILES);
});

test('a file that was changed after the seal, or is gone, is refused', async () => {
  await using changed = await openPlace();
  await appendFile(join(changed.batch, 'deep', 'b.dcm'), '!');
  expect(await changed.place('move')).toMatchObject({ again: 'never', reason: /changed after/ });
  await using gone = await openPlace();
  await unlink(join(gone.batch, 'a.dcm'));
  expect(await gone.place('move')).toMatchObject({ again: 'later', reason: /neither here nor at the target/ });
});

test('a second generation has a directory of its own', async () => {
  await using at = await openPlace();
  expect(await at.place('move', { batch: { generation: 2 } })).toMatchObject({ kind: 'done' });
  expect(await readTree(at.target)).toMatchObject({ 'L1.generation-2/a.dcm': 'first' });
});

test.each(['../../outside.dcm', '/etc/passwd', 'deep/../../x', '', 'deep//b.dcm', './a.dcm', 'a\0b'])(
  'a list that names %j is refused, and nothing is touched',
  async (path) => {
    await using at = await openPlace();
    const sealed = [{ path, bytes: 5, mtimeNs: 0n, inode: 0n }];
    expect(await at.place('move', { sealed })).toMatchObject({ again: 'never', reason: /outside its directory/ });
    expect(await readTree(at.batch)).toEqual(FILES);
  },
);

test.each(['/elsewhere/L1', 'L1/..', 'L1/../../x'])(
  'a batch at %s is not below the watch path, and refused',
  async (path) => {
    await using at = await openPlace();
    const moved = path.startsWith('/') ? path : join(at.folder, '..', 'beside');
    expect(await at.place('move', { batch: { path: moved } })).toMatchObject({ again: 'never' });
  },
);

test('symbolic links are not followed, neither here nor at the target', async () => {
  for (const name of ['file', 'directory', 'target'] as const) {
    await using at = await openPlace();
    await using outside = await openTempDir();
    await mkdir(join(outside.path, 'deeper'));
    await writeFile(join(outside.path, 'b.dcm'), 'second');
    if (name === 'file') {
      await unlink(join(at.batch, 'deep', 'b.dcm'));
      await symlink(join(outside.path, 'b.dcm'), join(at.batch, 'deep', 'b.dcm'));
    } else if (name === 'directory') {
      await rename(join(at.batch, 'deep'), join(at.folder, 'aside'));
      await symlink(outside.path, join(at.batch, 'deep'));
    } else await symlink(outside.path, join(at.target, 'L1'));
    expect(await at.place('move')).toMatchObject({ kind: 'failed', again: 'never', reason: /in the way/ });
    expect(await readTree(outside.path)).toEqual({ 'b.dcm': 'second' });
  }
});

test('a target folder that is not there is waited for, not made', async () => {
  await using at = await openPlace();
  await rename(at.target, `${at.target}.unmounted`);
  expect(await at.place('move')).toMatchObject({ again: 'later', reason: 'the target folder is not there' });
});

test('names of any bytes are moved', async () => {
  await using at = await openPlace({ files: { 'x.dcm': 'x' } });
  const raw = Buffer.from([0x64, 0xff, 0x2e]);
  await rename(join(at.batch, 'x.dcm'), Buffer.concat([Buffer.from(`${at.batch}/`), raw]));
  const sealed = at.sealed.map((file) => ({ ...file, path: raw.toString(), rawPath: raw }));
  expect(await at.place('move', { sealed })).toMatchObject({ kind: 'done' });
  expect(await readdir(join(at.target, 'L1'), { encoding: 'buffer' })).toEqual([raw]);
});

test('an interrupted move throws the reason and goes on later; what another attempt left unfinished is removed', async () => {
  await using at = await openPlace();
  const stop = new AbortController();
  const afterStep = (step: string): void => {
    if (step === 'link') stop.abort(new Error('stop'));
  };
  await expect(at.place('move', { afterStep, signal: stop.signal })).rejects.toThrow('stop');
  await mkdir(join(at.target, `.sendit-${KEY}.parts`));
  await writeFile(join(at.target, `.sendit-${KEY}.parts`, '0.part'), 'half');
  expect(await at.place('move')).toMatchObject({ kind: 'done' });
  expect(await readdir(at.target)).toEqual(['L1']);
  expect(await readTree(join(at.target, 'L1'))).toEqual(FILES);
});

test('the files of a unit go below its key, with their paths; what lies beside them stays, and so do the sender’s folders', async () => {
  await using at = await openPlace();
  await writeFile(join(at.batch, 'other.dcm'), 'of another series');
  const files = await seal(at.folder, { 'loose.dcm': 'loose', 'L1/a.dcm': 'first' });
  const outcome = await placeBatch(
    { kind: 'move', name: 'away', to: at.target, attempts: 1, backoffMs: 0 },
    { ...attemptOf(at.folder, { files: files.length }), relativePath: 'series/1.2.3' },
    { folder: at.folder, files: () => inParts(files), notePlaced: async () => true },
    NEVER,
  );
  expect(outcome).toEqual({ kind: 'done', code: null });
  expect(await readTree(at.target)).toEqual({ 'series/1.2.3/loose.dcm': 'loose', 'series/1.2.3/L1/a.dcm': 'first' });
  const { 'a.dcm': _moved, ...left } = FILES;
  expect(await readTree(at.folder)).toEqual({
    'L1/other.dcm': 'of another series',
    ...Object.fromEntries(Object.entries(left).map(([path, content]) => [`L1/${path}`, content])),
  });
});
