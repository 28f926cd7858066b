import { expect, test } from 'vitest';
import { isAlive, stopProcess } from '../src/index.ts';
import { readStartTime } from '../src/process-identity.ts';
import { runChild, type TestChild } from './children.ts';

async function sleeper(...args: readonly string[]): Promise<TestChild> {
  const child = runChild('sleeper', ...args);
  expect(await child.nextLine()).toBe('up');
  return child;
}

test('a willing process is stopped by SIGTERM', async () => {
  await using child = await sleeper();
  const target = { pid: child.pid, startTime: await readStartTime(child.pid) };
  expect(await stopProcess(target, { timeoutMs: 20_000 })).toBe('stopped');
  expect(child.process.signalCode ?? 'SIGTERM').toBe('SIGTERM');
  expect(await stopProcess(target, { timeoutMs: 20_000 })).toBe('gone');
});

test('a process deaf to SIGTERM is killed once the time is up', async () => {
  await using child = await sleeper('deaf');
  expect(await stopProcess({ pid: child.pid, startTime: null }, { timeoutMs: 100 })).toBe('killed');
  expect(await isAlive(child.pid)).toBe(false);
});

test('a program that merely got the number is left alone', async () => {
  await using child = await sleeper();
  expect(await stopProcess({ pid: child.pid, startTime: 'another-boot:1' }, { timeoutMs: 100 })).toBe('gone');
  expect(await isAlive(child.pid)).toBe(true);
});

test('an abort ends the waiting and spares the process SIGKILL', async () => {
  await using child = await sleeper('deaf');
  const abort = new AbortController();
  const stopping = stopProcess({ pid: child.pid, startTime: null }, { timeoutMs: 60_000, signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(stopping).rejects.toThrow('enough');
  expect(await isAlive(child.pid)).toBe(true);
});

test.each([0, -1, 1.5, Number.NaN])(
  'pid %s, which would reach a group or nothing, is a programmer’s mistake',
  async (pid) => {
    await expect(stopProcess({ pid, startTime: null }, { timeoutMs: 1 })).rejects.toBeInstanceOf(TypeError);
  },
);

test.skipIf(process.getuid?.() !== 0)(
  'a process of another user counts as alive, and is refused to be stopped',
  async () => {
    await using child = await sleeper();
    await using stopper = runChild('stopper', '65534', String(child.pid));
    expect(await stopper.nextLine()).toBe('true refused');
  },
);
