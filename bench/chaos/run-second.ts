import { spawn } from 'node:child_process';
import { exited, waitUntil } from '@sendit/testing/services';
import type { Program } from './supervised.ts';

const REFUSAL = 'already running';
const END_MS = 120_000;

/** Runs a program that should find another one in its place; whether it was refused in words. One that stands is killed. */
export async function runSecond({ command: [command, ...args], cwd, env, readyWords }: Program): Promise<boolean> {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  try {
    await waitUntil('a second watcher to end', () => hasEnded() || said.includes(readyWords), END_MS);
  } finally {
    child.kill('SIGKILL');
    await exited(child);
  }
  return child.exitCode === 1 && said.includes(REFUSAL);
}
