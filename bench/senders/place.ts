import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exited, freePort, waitUntil } from '@sendit/testing/services';
import { type SyntheticStudy, type SyntheticStudyOptions, writeSyntheticStudy } from '@sendit/testing/synthetic';

const RUN_MS = 90_000;
const SERVER_END_MS = 3_000;
const KEPT_CHARACTERS = 4_000;

/** How a program is run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Given to it on stdin. */
  readonly input?: string;
  /** Account and group; needs root. */
  readonly uid?: number;
  /** A signal to its process group after so long: a transfer that is cut off. */
  readonly kill?: { readonly afterMs: number; readonly signal: 'SIGKILL' | 'SIGTERM' };
}

/** A scenario's own corner: its watch path, a folder beside it on the same device, and what it started. */
export class Place implements AsyncDisposable {
  /** The watch path. */
  readonly data: string;
  /** Where its files really are: {@link data}, unless that is a mount. Its times are those of the last bytes. */
  real: string;
  readonly side: string;
  readonly #opened: AsyncDisposable[] = [];
  readonly #name: string;
  #sources = 0;

  constructor(directory: string, name: string) {
    this.data = join(directory, 'data');
    this.real = this.data;
    this.side = join(directory, 'side');
    this.#name = name;
  }

  async make(): Promise<void> {
    for (const folder of [this.data, this.side]) {
      await mkdir(folder, { recursive: true });
      await chmod(folder, 0o777);
    }
  }

  /** Kept until the end of the run; disposed in reverse. */
  keep(one: AsyncDisposable): void {
    this.#opened.push(one);
  }

  /** A path beside the watch path; its folder is made. */
  async folder(name: string): Promise<string> {
    const path = join(this.side, name);
    await mkdir(path, { recursive: true });
    await chmod(path, 0o777);
    return path;
  }

  /** Makes up a study of two series beside the watch path, in a folder of its own. */
  async study(options: SyntheticStudyOptions = {}): Promise<SyntheticStudy & { readonly folder: string }> {
    this.#sources += 1;
    const folder = join(this.side, 'source', `study-${this.#sources}`);
    const seed = `${this.#name}/${this.#sources}`;
    const series = [
      { modality: 'CT', instances: 6, rows: 32 },
      { modality: 'MR', instances: 4, rows: 32 },
    ];
    return { ...(await writeSyntheticStudy(folder, { seed, series, ...options })), folder };
  }

  /** Runs a program to its end. @throws when its exit code is not 0, unless it was to be killed. */
  async run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    const child = spawn(command, args, {
      cwd: options.cwd ?? this.side,
      env: { ...process.env, LC_ALL: 'C', ...options.env },
      stdio: 'pipe',
      detached: true,
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    });
    const said = collect(child.stdout, child.stderr);
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    const { afterMs, signal } = options.kill ?? { afterMs: RUN_MS, signal: 'SIGKILL' };
    const timer = setTimeout(() => killGroup(child, signal), afterMs);
    try {
      const [code] = (await once(child, 'close')) as [number | null];
      const isToBeCut = options.kill !== undefined;
      if ((code !== 0) !== isToBeCut) throw new Error(`${command} ended with ${code}: ${said()}`);
      return said();
    } finally {
      clearTimeout(timer);
    }
  }

  /** Starts a server that listens on a loopback port; it is ended with the run. */
  async serve(command: string, args: readonly string[], port: number, env: Record<string, string> = {}): Promise<void> {
    // A group of its own: smbd ends its whole group.
    const child = spawn(command, args, {
      cwd: this.side,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const said = collect(child.stdout, child.stderr);
    this.keep({
      async [Symbol.asyncDispose]() {
        child.kill('SIGTERM');
        const timer = setTimeout(() => killGroup(child, 'SIGKILL'), SERVER_END_MS);
        await exited(child);
        clearTimeout(timer);
        // Those that served one connection each.
        killGroup(child, 'SIGKILL');
      },
    });
    const failed = once(child, 'error');
    await Promise.race([
      waitUntil(`${command} to listen`, async () => {
        if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}: ${said()}`);
        return isListening(port);
      }).catch((cause: unknown) => {
        throw new Error(`${command} does not listen on ${port}: ${said()}`, { cause });
      }),
      failed.then(([error]) => Promise.reject(error as Error)),
    ]);
  }

  /** Mounts something on the watch path; `umount` takes it away again. The real files are beside it, in `share`. */
  async mount(command: string, args: readonly string[]): Promise<void> {
    this.real = await this.folder('share');
    await this.run(command, args);
    this.keep({ [Symbol.asyncDispose]: async () => void (await this.run('umount', ['-l', this.data])) });
  }

  port(): Promise<number> {
    return freePort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#opened.toReversed()) await one[Symbol.asyncDispose]();
  }
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // All of it has ended.
  }
}

function collect(...streams: readonly NodeJS.ReadableStream[]): () => string {
  let text = '';
  for (const stream of streams) {
    stream.on('data', (data: Buffer) => {
      text = (text + data.toString()).slice(-KEPT_CHARACTERS);
    });
  }
  return () => text;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
