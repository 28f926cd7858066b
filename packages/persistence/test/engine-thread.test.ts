import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exited, openMemoryDir } from '@sendit/testing';
import { expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Runs the built code, where the engine has a thread of its own; gives what it reports of each step. */
async function runSteps(directory: string): Promise<Record<string, unknown>> {
  const script = fileURLToPath(new URL('./children/engine-steps.mjs', import.meta.url));
  const child = fork(script, [directory], { execArgv: [] });
  const told: Record<string, unknown> = {};
  child.on('message', (message) => Object.assign(told, message));
  await exited(child);
  return { ...told, code: child.exitCode };
}

test('statements of an engine in a thread hold up nobody, its errors keep their words, and its directory is free once it has ended', async () => {
  await using temp = await openMemoryDir();
  expect(await runSteps(join(temp.path, 'database'))).toEqual({
    turns: 'many',
    constraint: { code: '23505', constraint: 'roots_name_unique' },
    heard: ['first', 'second'],
    stopped: 'database-stopped',
    again: ['data'],
    code: 0,
  });
});
