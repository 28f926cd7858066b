import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { exited } from '@sendit/testing';

const SCRIPTS = {
  claimer: new URL('./children/claimer.mjs', import.meta.url),
  daemon: new URL('./children/daemon.mjs', import.meta.url),
  'log-writer': new URL('./children/log-writer.mjs', import.meta.url),
  sleeper: new URL('./children/sleeper.mjs', import.meta.url),
  starter: new URL('./children/starter.mjs', import.meta.url),
  'state-files': new URL('./children/state-files.mjs', import.meta.url),
  stopper: new URL('./children/stopper.mjs', import.meta.url),
} as const;

/** A script below `children/`. They run the built package, as a real daemon does. */
export type ChildName = keyof typeof SCRIPTS;

/** Path of such a script. */
export function toChildPath(name: ChildName): string {
  return fileURLToPath(SCRIPTS[name]);
}

/** A child of a test, with its lines; killed when disposed. */
export interface TestChild extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly pid: number;
  /** The next line of its stdout; undefined at its end. */
  nextLine(): Promise<string | undefined>;
  say(line: string): void;
}

/** Runs a script of `children/`. */
export function runChild(name: ChildName, ...args: readonly string[]): TestChild {
  const child = spawn(process.execPath, [toChildPath(name), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  if (child.pid === undefined) throw new Error(`${name} did not start`);
  return {
    process: child,
    pid: child.pid,
    async nextLine() {
      const next = await lines.next();
      return next.done === true ? undefined : next.value;
    },
    say: (line) => void child.stdin.write(`${line}\n`),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited(child);
    },
  };
}
