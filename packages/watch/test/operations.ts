import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  promises,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';

/** One thing that happens to a tree; `turn` lets the watcher see what happened so far. */
export type Operation =
  | { readonly kind: 'mkdir' | 'write' | 'append' | 'remove' | 'chmod' | 'in' | 'out'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'turn'; readonly times: number };

// Few names, so that operations meet: the same path is made, moved over, removed and made again.
const name = fc.constantFrom('a', 'b', 'c', 'd.tmp', 'ä');
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));

export const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('mkdir' as const), path }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), path }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('rename' as const), path, to: path }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('append', 'remove', 'chmod', 'in', 'out'), path }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('turn' as const), times: fc.integer({ min: 1, max: 4 }) }) },
);

/** Where the operations happen: the watched tree, and a place outside it. */
export interface Places {
  readonly root: string;
  readonly outside: string;
}

type Files = Pick<typeof promises, 'mkdir' | 'writeFile' | 'appendFile' | 'rm' | 'chmod' | 'rename'>;

/** Nothing else in this process happens between two of these. */
const SYNCHRONOUS = {
  mkdir: async (...options: Parameters<typeof mkdirSync>) => mkdirSync(...options),
  writeFile: async (...options: Parameters<typeof writeFileSync>) => writeFileSync(...options),
  appendFile: async (...options: Parameters<typeof appendFileSync>) => appendFileSync(...options),
  rm: async (...options: Parameters<typeof rmSync>) => rmSync(...options),
  chmod: async (...options: Parameters<typeof chmodSync>) => chmodSync(...options),
  rename: async (...options: Parameters<typeof renameSync>) => renameSync(...options),
} as Files;

/** One after the other; the watcher is only let in at a `turn`, and then far behind. */
export async function performInTurn(places: Places, operations: readonly Operation[], serial = 0): Promise<void> {
  for (const [i, one] of operations.entries()) await perform(SYNCHRONOUS, places, { ...one, serial: serial + i });
}

/** In three threads at once, beside the watcher: between any two of its own system calls. */
export async function performAtOnce(places: Places, operations: readonly Operation[], serial = 0): Promise<void> {
  const inThread = async (thread: number): Promise<void> => {
    for (const [i, one] of operations.entries())
      if (i % 3 === thread) await perform(promises, places, { ...one, serial: serial + i });
  };
  await Promise.all([inThread(0), inThread(1), inThread(2)]);
}

/** Does one operation; one that the file system refuses does nothing. */
async function perform(
  files: Files,
  { root, outside }: Places,
  operation: Operation & { readonly serial: number },
): Promise<void> {
  if (operation.kind === 'turn') {
    for (let i = 0; i < operation.times; i++) await nextTurn();
    return;
  }
  const at = join(root, operation.path);
  const { serial } = operation;
  try {
    switch (operation.kind) {
      case 'mkdir':
        return void (await files.mkdir(at, { recursive: true }));
      case 'write':
        await files.mkdir(dirname(at), { recursive: true });
        return await files.writeFile(at, 'x');
      case 'append':
        return existsSync(at) && statSync(at).isFile() ? await files.appendFile(at, 'y') : undefined;
      case 'remove':
        return await files.rm(at, { recursive: true });
      case 'chmod':
        return await files.chmod(at, 0o755);
      case 'rename':
        return await files.rename(at, join(root, operation.to));
      case 'out':
        return await files.rename(at, join(outside, `out${serial}`));
      case 'in':
        await files.mkdir(join(outside, `in${serial}`, 'x', 'y'), { recursive: true });
        await files.writeFile(join(outside, `in${serial}`, 'x', 'f'), '');
        return await files.rename(join(outside, `in${serial}`), at);
    }
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('syscall' in thrown)) throw thrown;
  }
}
