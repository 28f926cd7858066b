import { chmod, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileEvent, IN_ALL_EVENTS } from '@sendit/model';
import { type OpenWatchOptions, openWatchSource, type WatchSource } from '../src/index.ts';

/** A temporary folder with a watched `root` and an unwatched `outside`; disposing removes it all. */
export interface Sandbox extends AsyncDisposable {
  readonly root: string;
  readonly outside: string;
}

export async function openSandbox(parent = tmpdir()): Promise<Sandbox> {
  const base = await realpath(await mkdtemp(join(parent, 'sendit-watch-')));
  await chmod(base, 0o755);
  const root = join(base, 'root');
  const outside = join(base, 'outside');
  await mkdir(root);
  await mkdir(outside);
  return { root, outside, [Symbol.asyncDispose]: () => rm(base, { recursive: true, force: true }) };
}

/** Everything that a source delivers, collected in the background until it ends. */
export interface Recording extends AsyncDisposable {
  readonly source: WatchSource;
  readonly events: readonly FileEvent[];
  /** Resolves when the iteration ends by itself. */
  readonly ended: Promise<void>;
  /** `maskname name`, in order of arrival. */
  lines(): string[];
}

/** {@link openWatchSource}, or the same of the compiled package. */
export type Open = typeof openWatchSource;

export async function record(
  path: string,
  options: Partial<OpenWatchOptions> = {},
  { signal, open = openWatchSource }: { readonly signal?: AbortSignal | undefined; readonly open?: Open } = {},
): Promise<Recording> {
  return recordFrom(await open({ path, mask: IN_ALL_EVENTS, pollMs: 10, ...options }), signal);
}

export function recordFrom(source: WatchSource, signal?: AbortSignal): Recording {
  const events: FileEvent[] = [];
  const ended = (async () => {
    for await (const event of source.events(signal)) events.push(event);
  })();
  return {
    source,
    events,
    ended,
    lines: () => events.map(({ maskname, name }) => `${maskname} ${name}`.trim()),
    [Symbol.asyncDispose]: async () => {
      await source[Symbol.asyncDispose]();
      await ended;
    },
  };
}
