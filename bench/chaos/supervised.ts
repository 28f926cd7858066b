import { type ChildProcess, spawn } from 'node:child_process';
import { exited, waitUntil } from '@sendit/testing/services';

/** How a process is started. */
export interface Program {
  /** For messages. */
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** In what it says on stdout when it stands. */
  readonly readyWords: string;
}

const RESTART_PAUSE_MS = 200;
const START_MS = 60_000;
const KEPT_LINES = 40;

/** A process that is started again whenever it ends, as a service manager does. */
export class Supervised implements AsyncDisposable {
  readonly name: string;
  readonly #program: Program;
  readonly #kept: string[] = [];
  readonly #run: Promise<void>;
  #child: ChildProcess | undefined;
  #isReady = false;
  #isFrozen = false;
  #isAsked = false;
  #isEnding = false;
  #unasked = 0;
  #lastExit: number | null = null;

  constructor(program: Program) {
    this.name = program.name;
    this.#program = program;
    this.#run = this.#supervise();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isReady(): boolean {
    return this.#isReady && !this.#isFrozen;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** How often it ended by itself: what it could not work without was away. */
  get endsByItself(): number {
    return this.#unasked;
  }

  async ready(): Promise<void> {
    try {
      await waitUntil(`the ${this.name} to stand`, () => this.isReady, START_MS);
    } catch (cause) {
      throw new Error(`the ${this.name} did not stand in time; it said:\n${this.#kept.join('\n')}`, { cause });
    }
  }

  /** Sends a signal that ends it and waits for the end; it is started again. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#isAsked = true;
    child.kill(signal);
    await exited(child);
  }

  freeze(): void {
    this.#isFrozen = this.#child?.kill('SIGSTOP') === true;
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
    this.#isFrozen = false;
  }

  /** SIGTERM, and not started again. Its exit code. */
  async stop(): Promise<number | null> {
    this.#isEnding = true;
    this.thaw();
    await this.end('SIGTERM');
    await this.#run;
    return this.#lastExit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    await this.end('SIGKILL');
    await this.#run;
  }

  async #supervise(): Promise<void> {
    while (!this.#isEnding) {
      const [command, ...args] = this.#program.command;
      const child = spawn(command, args, {
        cwd: this.#program.cwd,
        env: this.#program.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      this.#isAsked = false;
      this.#isReady = false;
      this.#isFrozen = false;
      this.#child = child;
      child.stdout.on('data', (data) => this.#hear(String(data)));
      child.stderr.on('data', (data) => this.#keep(String(data)));
      await exited(child);
      this.#child = undefined;
      this.#isReady = false;
      this.#isFrozen = false;
      this.#lastExit = child.exitCode;
      if (!this.#isAsked) this.#unasked += 1;
      if (!this.#isEnding) await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
    }
  }

  #hear(text: string): void {
    if (text.includes(this.#program.readyWords)) this.#isReady = true;
  }

  #keep(text: string): void {
    this.#kept.push(...text.split('\n').filter((line) => line !== ''));
    this.#kept.splice(0, this.#kept.length - KEPT_LINES);
  }
}
