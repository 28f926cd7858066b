import type { BatchDetail, BatchSummary, WatcherStatus } from '@sendit/api';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ApiClient, connectApi } from '@sendit/portal';
import { exited, freePort, openMemoryDir, openTempDir, waitUntil } from '@sendit/testing';
import { type CliResult, runInHost } from './command-host.ts';

/** The built command, as a user runs it. */
export const CLI = fileURLToPath(new URL('../bin/run.js', import.meta.url));

/** Environment of a user who has set nothing of ours. */
function cleanEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = /^(SENDIT_|DATABASE_URL$|REDIS_URL$|FORCE_COLOR$|NODE_OPTIONS$|VITEST)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  return { ...Object.fromEntries(kept), NO_COLOR: '1', ...extra };
}

/** One installation of its own: state directory, one watched folder, free portal port. */
export class Installation implements AsyncDisposable {
  readonly directory: string;
  readonly data: string;
  readonly stateDir: string;
  readonly env: Record<string, string>;
  readonly #dispose: () => PromiseLike<void>;
  readonly #children = new Set<ChildProcess>();

  private constructor(
    places: { directory: string; memory: string },
    portalPort: number,
    dispose: () => PromiseLike<void>,
  ) {
    this.directory = places.directory;
    this.data = join(places.directory, 'data');
    this.stateDir = join(places.memory, 'state');
    this.env = { SENDIT_STATE_DIR: this.stateDir, SENDIT_PORTAL_PORT: String(portalPort), SENDIT_QUIET_MS: '600' };
    this.#dispose = dispose;
  }

  static async open(extra: Readonly<Record<string, string>> = {}): Promise<Installation> {
    const [temp, memory] = await Promise.all([openTempDir(), openMemoryDir()]);
    // Another account may run the watcher.
    await chmod(memory.path, 0o1777);
    const places = { directory: temp.path, memory: memory.path };
    const installation = new Installation(places, await freePort(), async () => {
      await Promise.all([temp[Symbol.asyncDispose](), memory[Symbol.asyncDispose]()]);
    });
    Object.assign(installation.env, extra);
    await mkdir(installation.data);
    return installation;
  }

  get pidFile(): string {
    return join(this.stateDir, 'watcher.pid');
  }

  get outFile(): string {
    return join(this.stateDir, 'logs', 'watcher.out');
  }

  get errFile(): string {
    return join(this.stateDir, 'logs', 'watcher.err');
  }

  /** Runs a command to its end; the process that runs it has run others. */
  run(...args: readonly string[]): Promise<CliResult> {
    return runInHost({ argv: args, cwd: this.directory, env: cleanEnvironment(this.env) });
  }

  /** The same in a process of its own, for what only a process shows. */
  runAlone(...args: readonly string[]): Promise<CliResult> {
    return this.#finish(this.spawn(...args));
  }

  /** The same for another account; needs root. */
  runAs(uid: number, ...args: readonly string[]): Promise<CliResult> {
    return this.#finish(this.#spawn(args, uid));
  }

  async #finish(child: ChildProcess): Promise<CliResult> {
    const [stdout, stderr] = [collect(child, 'stdout'), collect(child, 'stderr')];
    await exited(child);
    return { code: child.exitCode, stdout: await stdout, stderr: await stderr };
  }

  /** Starts a command that goes on; it is ended with the installation. */
  spawn(...args: readonly string[]): ChildProcess {
    return this.#spawn(args);
  }

  #spawn(args: readonly string[], uid?: number): ChildProcess {
    const child = spawn(process.execPath, [CLI, ...args], {
      ...(uid === undefined ? {} : { uid }),
      cwd: this.directory,
      env: cleanEnvironment(this.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.adopt(child);
    return child;
  }

  /** Ends this process too when the installation is disposed. */
  adopt(child: ChildProcess): void {
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
  }

  /** `watcher start` on the watched folder; throws with what it said when it fails. */
  async start(...args: readonly string[]): Promise<CliResult> {
    const result = await this.run('watcher', 'start', ...(args.length === 0 ? ['--data', this.data] : args));
    if (result.code !== 0) throw new Error(`watcher start failed: ${result.stdout}${result.stderr}`);
    return result;
  }

  async json<T>(...args: readonly string[]): Promise<T> {
    const result = await this.run(...args, '--json');
    // `watcher status` says by its exit code how well all is.
    const isTold = args.join(' ') === 'watcher status' && [1, 3].includes(result.code ?? 0) && result.stderr === '';
    if (result.code !== 0 && !isTold) throw new Error(`${args.join(' ')} failed: ${result.stdout}${result.stderr}`);
    return JSON.parse(result.stdout) as T;
  }

  batches(): Promise<BatchSummary[]> {
    return this.json<BatchSummary[]>('batch', 'list');
  }

  batch(ref: string): Promise<BatchDetail> {
    return this.json<BatchDetail>('batch', 'show', ref);
  }

  status(): Promise<WatcherStatus> {
    return this.json<WatcherStatus>('watcher', 'status');
  }

  /** The running watcher, asked without a process for each question. */
  get api(): ApiClient {
    return connectApi(join(this.stateDir, 'api.sock'));
  }

  /** Waits until the newest batch of a name has a status; where no watcher answers, by the command. */
  settled(name: string, status: string, timeoutMs = 60_000): Promise<BatchSummary> {
    return waitUntil(
      `${name} to be ${status}`,
      async () => {
        const listed = await this.api.listBatches({}).catch(async () => ({ results: await this.batches() }));
        return listed.results.find((batch) => batch.name === name && batch.status === status);
      },
      timeoutMs,
    );
  }

  async pid(): Promise<number> {
    return Number((await readFile(this.pidFile, 'utf8')).trim());
  }

  out(): Promise<string> {
    return readFile(this.outFile, 'utf8');
  }

  /** Waits until watcher.out holds a line. */
  logged(line: string): Promise<true> {
    return waitUntil(`"${line}" in watcher.out`, async () =>
      (await this.out()).split('\n').some((one) => one.startsWith(line)),
    );
  }

  /** As a power cut would: SIGKILL, and wait until the process is gone. */
  async kill(): Promise<void> {
    const pid = await this.pid();
    process.kill(pid, 'SIGKILL');
    await waitUntil('the daemon to be gone', () => !isAlive(pid));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (isAlive(await this.pid())) await this.kill();
    } catch {
      // No pid file: nothing runs.
    }
    for (const child of this.#children) child.kill('SIGKILL');
    await Promise.all([...this.#children].map(exited));
    await this.#dispose();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function collect(child: ChildProcess, stream: 'stdout' | 'stderr'): Promise<string> {
  let text = '';
  for await (const chunk of child[stream] ?? []) text += String(chunk);
  return text;
}
