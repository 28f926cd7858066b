import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IN, silentLogger } from '@sendit/model';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type InotifyBinding, loadInotifyBinding } from '../src/inotify/binding.ts';
import { openTreeSource } from '../src/tree/tree-source.ts';
import { openReplica, readTree } from './replica.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

const MASK = IN.IN_CREATE | IN.IN_DELETE | IN.IN_MOVED_FROM | IN.IN_MOVED_TO;
const eventually = { timeout: 15_000, interval: 1 };

/** Changes of `x`, which holds `one`, at the worst moment. */
const ACCIDENTS: Readonly<Record<string, (at: (name: string) => string) => void>> = {
  'it is renamed and another takes its name': (at) => {
    renameSync(at('x'), at('y'));
    mkdirSync(at('x/two'), { recursive: true });
  },
  'it is renamed and a known directory takes its name': (at) => {
    renameSync(at('x'), at('y'));
    renameSync(at('known'), at('x'));
  },
  'it changes its name with a known directory': (at) => {
    renameSync(at('x'), at('between'));
    renameSync(at('known'), at('x'));
    renameSync(at('between'), at('known'));
  },
  'it is renamed and back again': (at) => {
    renameSync(at('x'), at('y'));
    renameSync(at('y'), at('x'));
  },
  'it is removed and made again': (at) => {
    rmSync(at('x'), { recursive: true });
    mkdirSync(at('x/two'), { recursive: true });
  },
  'it is removed and a file takes its name': (at) => {
    rmSync(at('x'), { recursive: true });
    writeFileSync(at('x'), '');
  },
  'it moves into a directory that is new too': (at) => {
    mkdirSync(at('new/deep'), { recursive: true });
    renameSync(at('x'), at('new/deep/x'));
    mkdirSync(at('x'));
  },
  'it leaves the tree and another comes from there': (at) => {
    mkdirSync(at('../outside/other/two'), { recursive: true });
    renameSync(at('x'), at('../outside/x'));
    renameSync(at('../outside/other'), at('x'));
  },
};

describe.runIf(process.platform === 'linux')('a directory that is found by its path', () => {
  let sandbox: Sandbox;
  let binding: InotifyBinding;
  const at = (name: string): string => join(sandbox.root, name);

  beforeEach(async () => {
    sandbox = await openSandbox();
    const loaded = await loadInotifyBinding();
    if (loaded.kind === 'unavailable') throw new Error(loaded.reason);
    binding = loaded.binding;
  });
  afterEach(() => sandbox[Symbol.asyncDispose]());

  /** The real calls, with something that happens once, before the first that names `x`. */
  const withAccident = (call: 'addWatch' | 'openDirectory', accident: () => void): InotifyBinding => {
    let isToCome = true;
    const before = (path: Uint8Array): void => {
      if (
        !isToCome ||
        !Buffer.from(path)
          .toString()
          .startsWith(`${at('x')}\0`)
      )
        return;
      isToCome = false;
      accident();
    };
    return {
      ...binding,
      addWatch: (fd, path, mask) => {
        if (call === 'addWatch') before(path);
        return binding.addWatch(fd, path, mask);
      },
      openDirectory: (path) => {
        if (call === 'openDirectory') before(path);
        return binding.openDirectory(path);
      },
    };
  };

  const cases = (['addWatch', 'openDirectory'] as const).flatMap((call) =>
    Object.keys(ACCIDENTS).map((name) => [call, name] as const),
  );

  test.each(cases)('is not taken for another when, right before %s, %s', async (call, name) => {
    mkdirSync(at('known/inner'), { recursive: true });
    let happened = false;
    const calls = withAccident(call, () => {
      ACCIDENTS[name]?.(at);
      happened = true;
    });
    const options = { path: sandbox.root, mask: MASK, reason: 'test', logger: silentLogger, binding: calls };
    const listing = { countsLinks: false, polled: false, pollMs: 5, rescanMs: 0, awaitRoot: false };
    await using source = await openTreeSource({ ...options, ...listing });
    const replica = openReplica(sandbox.root, readTree(sandbox.root));
    const running = source.run((event) => replica.apply(event));
    mkdirSync(at('x/one'), { recursive: true });
    await vi.waitFor(() => expect(happened).toBe(true), eventually);
    await vi.waitFor(() => expect(replica.paths()).toEqual(readTree(sandbox.root)), eventually);
    // Every directory is watched as what it is: what happens in it now is told, and under its name.
    for (const path of readTree(sandbox.root)) if (path.endsWith('/')) mkdirSync(at(`${path}later`));
    await vi.waitFor(() => expect(replica.paths()).toEqual(readTree(sandbox.root)), eventually);
    expect(replica.faults).toEqual([]);
    expect(source.status()).toMatchObject({ foundByRescan: 0, problems: [] });
    await source[Symbol.asyncDispose]();
    await running;
  });
});
