import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type InitArguments = Parameters<NodeFS['init']>;
type EmscriptenOptions = InitArguments[1];

/** The parts of emscripten's NODEFS that are needed here and that its typings leave out. */
interface NodeFsModule {
  readonly FS: { readonly ErrnoError: new (errno: number) => Error };
  readonly NODEFS: {
    readonly stream_ops: { fsync?: (stream: NodeFsStream) => number };
    realPath(node: unknown): string;
  };
}

interface NodeFsStream {
  readonly node: unknown;
  /** The file descriptor; absent for a directory. */
  readonly nfd?: number;
}

const WASI_EIO = 29;

/** PGlite's file system on a real directory, with the `fsync` that its own lacks: there, the call does nothing. */
export class DurableNodeFs extends NodeFS {
  override async init(pg: PGlite, options: EmscriptenOptions): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options);
    const preRun = [...[emscriptenOpts.preRun ?? []].flat(), addFsync];
    return { emscriptenOpts: { ...emscriptenOpts, preRun } };
  }
}

function addFsync(mod: unknown): void {
  const { FS, NODEFS } = mod as NodeFsModule;
  NODEFS.stream_ops.fsync = (stream) => {
    try {
      if (stream.nfd === undefined) syncPath(NODEFS.realPath(stream.node));
      else fsyncSync(stream.nfd);
      return 0;
    } catch {
      // PostgreSQL must learn of it: it stops rather than acknowledge what may not be on disk.
      throw new FS.ErrnoError(WASI_EIO);
    }
  };
}

/** Makes a file, or the entries of a directory, durable. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
