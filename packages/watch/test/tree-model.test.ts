import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IN } from '@sendit/model';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { openWatchSource } from '../src/index.ts';
import { operation, performAtOnce, performInTurn } from './operations.ts';
import { openReplica, readTree } from './replica.ts';

const MASK = IN.IN_CREATE | IN.IN_DELETE | IN.IN_MOVED_FROM | IN.IN_MOVED_TO;

/** More of them for a long search: `SENDIT_WATCH_MODEL_RUNS=20000`. */
const RUNS = Number(process.env['SENDIT_WATCH_MODEL_RUNS'] ?? 60);
const LONGEST_MS = Math.max(45_000, RUNS * 100);

test.each([
  ['inotify', MASK, 'in turn'],
  ['inotify', 0xfff, 'in turn'],
  ['inotify', MASK, 'at once'],
  ['inotify', 0xfff, 'at once'],
  ['polling', MASK, 'in turn'],
  ['chokidar', MASK, 'in turn'],
] as const)(
  '%s (mask %i), operations %s: whatever happens, the events alone rebuild the tree, and none is told twice',
  { timeout: LONGEST_MS + 15_000 },
  async (backend, mask, how) => {
    // chokidar may miss anything until its tree is compared with the disk; the kernel's own events must do without.
    const rescanMs = backend === 'chokidar' ? 50 : 0;
    const perform = how === 'in turn' ? performInTurn : performAtOnce;
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
            await performInTurn({ root, outside }, before);
            await using source = await openWatchSource({
              path: root,
              mask,
              backend,
              recursive: true,
              pollMs: 5,
              rescanMs,
            });
            const replica = openReplica(root, readTree(root));
            const running = source.run((event) => replica.apply(event));
            await perform({ root, outside }, during, 1000);
            const isRebuilt = (): boolean => replica.paths().join('\n') === readTree(root).join('\n');
            await vi.waitUntil(isRebuilt, { timeout: 5_000, interval: 1 }).catch(() => undefined);
            expect(replica.paths()).toEqual(readTree(root));
            expect(replica.faults).toEqual([]);
            const { overflows, foundByRescan } = source.status();
            expect({ overflows, missed: backend === 'chokidar' ? 0 : foundByRescan }).toEqual({
              overflows: 0,
              missed: 0,
            });
            await source[Symbol.asyncDispose]();
            await running;
          } finally {
            rmSync(base, { recursive: true });
          }
        },
      ),
      { numRuns: backend === 'inotify' ? RUNS : RUNS / 5, interruptAfterTimeLimit: LONGEST_MS },
    );
  },
);
