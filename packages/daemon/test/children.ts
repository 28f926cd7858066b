import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { exited } from '@sendit/testing';

/** Path of a script below `children/`. They run the built package, as a real daemon does. */
export function toChildPath(name: string): string {
  return fileURLToPath(new URL(`./children/${name}.mjs`, import.meta.url));
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
export function runChild(name: string, ...args: readonly string[]): TestChild {
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
