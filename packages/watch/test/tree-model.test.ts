import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { IN } from '@sendit/model';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { openWatchSource } from '../src/index.ts';
import { openReplica, readTree } from './replica.ts';

const MASK = IN.IN_CREATE | IN.IN_DELETE | IN.IN_MOVED_FROM | IN.IN_MOVED_TO;

type Operation =
  | { readonly kind: 'mkdir' | 'write' | 'append' | 'remove' | 'chmod' | 'in' | 'out'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'turn'; readonly times: number };

// Few names, so that operations meet: the same path is made, moved over, removed and made again.
const name = fc.constantFrom('a', 'b', 'c', 'd.tmp', 'ä');
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('mkdir' as const), path }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), path }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('rename' as const), path, to: path }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('append', 'remove', 'chmod', 'in', 'out'), path }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('turn' as const), times: fc.integer({ min: 1, max: 4 }) }) },
);

/** Does one operation; one that the file system refuses does nothing. */
async function perform(root: string, outside: string, operation: Operation, serial: number): Promise<void> {
  if (operation.kind === 'turn') {
    for (let i = 0; i < operation.times; i++) await nextTurn();
    return;
  }
  const at = join(root, operation.path);
  try {
    switch (operation.kind) {
      case 'mkdir':
        return void mkdirSync(at, { recursive: true });
      case 'write':
        mkdirSync(dirname(at), { recursive: true });
        return writeFileSync(at, 'x');
      case 'append':
        return existsSync(at) && statSync(at).isFile() ? appendFileSync(at, 'y') : undefined;
      case 'remove':
        return rmSync(at, { recursive: true });
      case 'chmod':
        return chmodSync(at, 0o755);
      case 'rename':
        return renameSync(at, join(root, operation.to));
      case 'out':
        return renameSync(at, join(outside, `out${serial}`));
      case 'in':
        mkdirSync(join(outside, `in${serial}`, 'x', 'y'), { recursive: true });
        writeFileSync(join(outside, `in${serial}`, 'x', 'f'), '');
        return renameSync(join(outside, `in${serial}`), at);
    }
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('syscall' in thrown)) throw thrown;
  }
}

const RUNS = Number(process.env['SENDIT_WATCH_MODEL_RUNS'] ?? 60);

test.each([
  ['inotify', MASK],
  ['inotify', 0xfff],
  ['polling', MASK],
] as const)(
  '%s (mask %i): whatever happens, the events alone rebuild the tree, and none is told twice',
  { timeout: 60_000 },
  async (backend, mask) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { maxLength: 12 }),
        fc.array(operation, { minLength: 1, maxLength: 60 }),
        async (before, during) => {
          const base = mkdtempSync(join(tmpdir(), 'sendit-model-'));
          const root = join(base, 'root');
          const outside = join(base, 'outside');
          mkdirSync(root);
          mkdirSync(outside);
          try {
            for (const [i, one] of before.entries()) await perform(root, outside, one, i);
            await using source = await openWatchSource({ path: root, mask, backend, recursive: true, pollMs: 5 });
            const replica = openReplica(root, readTree(root));
            const running = source.run((event) => replica.apply(event));
            for (const [i, one] of during.entries()) await perform(root, outside, one, 1000 + i);
            await vi.waitFor(() => expect(replica.paths()).toEqual(readTree(root)), { timeout: 2_000, interval: 1 });
            expect(replica.faults).toEqual([]);
            expect(source.status().overflows).toBe(0);
            await source[Symbol.asyncDispose]();
            await running;
          } finally {
            rmSync(base, { recursive: true });
          }
        },
      ),
      { numRuns: backend === 'polling' ? RUNS / 5 : RUNS, interruptAfterTimeLimit: 45_000 },
    );
  },
);
