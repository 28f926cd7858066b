import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BACKEND_NAMES } from '../src/index.ts';
import { type CompiledPackage, openCompiledPackage } from './compiled-package.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

let compiled: CompiledPackage;
let sandbox: Sandbox;
const children: ChildProcess[] = [];

beforeAll(async () => {
  compiled = await openCompiledPackage();
});
afterAll(() => compiled[Symbol.asyncDispose]());
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await sandbox[Symbol.asyncDispose]();
});

/** A child process; a test that waits for its end in vain fails by its own timeout. */
function start(file: string, ...args: readonly string[]): { child: ChildProcess; output: () => string; exit: Exit } {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  const exit = once(child, 'close').then(([code, signal]: unknown[]) => ({ code, signal }));
  return { child, output: () => output, exit };
}

type Exit = Promise<{ code: unknown; signal: unknown }>;

async function printed(child: ChildProcess, output: () => string, text: string): Promise<void> {
  while (!output().includes(text)) {
    if (child.stdout === null || child.exitCode !== null) throw new Error(`Expected "${text}", got: ${output()}`);
    await once(child.stdout, 'data');
  }
}

async function program(name: string, rest: string): Promise<string> {
  const file = join(compiled.dir, `${name}.mjs`);
  await writeFile(
    file,
    `import { openWatchSource } from '@sendit/watch';
     const source = await openWatchSource({ path: process.argv[2], mask: 0xfff, backend: process.argv[3], pollMs: 600_000 });
     const drain = async (signal) => { for await (const event of source.events(signal)); };
     ${rest}`,
  );
  return file;
}

describe.each(BACKEND_NAMES)('a process that watches with %s', (backend) => {
  const runToEnd = async (name: string, rest: string): Exit =>
    start(await program(`${name}-${backend}`, rest), sandbox.root, backend).exit;

  test('ends when the source is disposed', async () => {
    expect(await runToEnd('dispose', 'await source[Symbol.asyncDispose]();')).toEqual({ code: 0, signal: null });
  });

  test('ends when the source is disposed during the iteration', async () => {
    const rest = 'const done = drain(); setImmediate(() => source[Symbol.asyncDispose]()); await done;';
    expect(await runToEnd('dispose-iterating', rest)).toEqual({ code: 0, signal: null });
  });

  test('ends when the signal aborts', async () => {
    const rest = 'const stop = new AbortController(); setImmediate(() => stop.abort()); await drain(stop.signal);';
    expect(await runToEnd('abort', rest)).toEqual({ code: 0, signal: null });
  });

  test('ends when it exits during the iteration', async () => {
    expect(await runToEnd('exit', 'void drain(); setImmediate(() => process.exit(3));')).toEqual({
      code: 3,
      signal: null,
    });
  });

  test('ends when it throws during the iteration', async () => {
    const rest = "void drain(); setImmediate(() => { throw new Error('expected'); });";
    expect(await runToEnd('throw', rest)).toEqual({ code: 1, signal: null });
  });

  test('ends at SIGTERM during the iteration', async () => {
    const rest = "void drain(); setImmediate(() => console.log('watching'));";
    const { child, output, exit } = start(await program(`sigterm-${backend}`, rest), sandbox.root, backend);
    await printed(child, output, 'watching');
    child.kill('SIGTERM');
    expect(await exit).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('stays alive while it iterates', async () => {
    const rest = "void drain(); setTimeout(() => console.log('watching'), 50).unref();";
    const { child, output, exit } = start(await program(`alive-${backend}`, rest), sandbox.root, backend);
    await printed(child, output, 'watching');
    child.kill('SIGKILL');
    expect(await exit).toEqual({ code: null, signal: 'SIGKILL' });
  });
});

test('a watching thread delivers what happens, keeps the order, and ends with the process', async () => {
  const file = join(compiled.dir, 'thread.mjs');
  await writeFile(
    file,
    `import { openWatchSource } from '@sendit/watch';
     import { mkdirSync } from 'node:fs';
     const [path] = process.argv.slice(2);
     const source = await openWatchSource({ path, mask: 0x100, recursive: true, thread: true });
     for (let i = 0; i < 2_000; i++) mkdirSync(path + '/d' + i);
     const names = [];
     for await (const { name } of source.events()) if (names.push(name) === 2_000) break;
     console.log(source.backend, names.every((name, i) => name === 'd' + i), source.status().state);
     await openWatchSource({ path: path + '/none', mask: 0x100, thread: true }).catch(({ code }) => console.log(code));`,
  );
  const { output, exit } = start(file, sandbox.root);
  expect(await exit).toEqual({ code: 0, signal: null });
  expect(output()).toBe('inotify true ended\nwatch-failed\n');
});

// chokidar has no way to let go of the process; WatchSource says so.
test.each(['inotify', 'polling'])('a process that forgets a source of %s, never iterated, ends', async (backend) => {
  const { exit } = start(await program(`forgotten-${backend}`, ''), sandbox.root, backend);
  expect(await exit).toEqual({ code: 0, signal: null });
});
