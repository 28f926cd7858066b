import type { WritersSighting } from '@sendit/detector';
import { readWriters, seesEveryWriter } from '@sendit/detector/node';
import { type FileEvent, IN } from '@sendit/model';
import {
  type BackendName,
  chooseForTree,
  OpenFiles,
  type OpenFilesSighting,
  openWriterWatch,
  type WriterWatch,
} from '@sendit/watch';

/** Quiet time alone proves then what a stalled sender left; see docs/troubleshooting.md. */
const WRITERS_UNSEEN =
  'It cannot be seen which files processes of other users have open: one that stalls for longer than `quietMs`, or has opened its file before the watcher started and is silent, counts as done. Raise it, let the watcher have CAP_SYS_PTRACE, or have senders rename or leave a done-file.';

/** Of what is only heard. */
const HEARD_ALONE =
  'Writers of other users are known by events alone: one that opened its file before it was listened to, and has written nothing since, is not seen. CAP_SYS_PTRACE shows it.';

/** Events of a tree that say who writes; the rest is asked for anyway. */
const WRITING = IN.IN_MODIFY | IN.IN_CLOSE_WRITE | IN.IN_MOVED_FROM | IN.IN_MOVED_TO | IN.IN_DELETE;

/** Renamed directories that are remembered until they are sealed. */
const MOST_RENAMED = 10_000;

/** How {@link openWriters} looks. */
export interface WritersOptions {
  readonly folder: string;
  readonly backend: BackendName | 'auto';
  /** The unit is a series or a study: the events of the whole tree come anyway. */
  readonly isDeep: boolean;
  /** Whether quiet time may prove something: else nobody asks who writes. */
  readonly isAsked: boolean;
  /** This host's /proc by default. */
  readonly proc?: Proc;
}

/** Open files as /proc shows them. */
interface Proc {
  readonly seesEveryWriter: typeof seesEveryWriter;
  readonly readWriters: typeof readWriters;
}

/**
 * Who has files of a watch path open for writing: by /proc, and where processes of other users are hidden there, by inotify's events.
 *
 * whole    /proc shows every process: nothing is listened to
 * heard    of directories each one that still arrives is listened to; of units the tree that is watched anyway, with IN_MODIFY added
 * unseen   polling and chokidar hear of no writer, nor does inotify of one on another host, or without a watch left: the notes say so
 */
export interface Writers extends AsyncDisposable {
  /** To be asked for beside what the watch is for. */
  readonly mask: number;
  readonly notes: readonly string[];
  /** What even the ear does not hear, told once at the start; null where /proc tells all, or nothing is heard, which the notes say. */
  readonly limitation: string | null;
  /** The same events, listened to. */
  hear(events: AsyncIterable<FileEvent>): AsyncIterable<FileEvent>;
  /** Before each look that judges a directory. */
  arriving(path: string, isRenamed: boolean): void;
  sealed(path: string): void;
  /** Events heard of a directory. */
  heard(path: string): OpenFilesSighting | undefined;
  /** Writers of a directory, or of some files below it. */
  read(path: string, signal: AbortSignal, options?: ReadOptions): Promise<WritersSighting>;
}

interface ReadOptions {
  /** A look at /proc that is no older is used again. */
  readonly reuseMs?: number;
  /** Paths below the folder. */
  readonly only?: ReadonlySet<string>;
}

/** Decides how to find out who writes. */
export async function openWriters(options: WritersOptions): Promise<Writers> {
  const { backend, folder, isAsked, isDeep, proc = { seesEveryWriter, readWriters } } = options;
  const isBlind = isAsked && !(await proc.seesEveryWriter());
  if (!isBlind) return new SeenWriters({ proc, folder, isUnseen: false });
  const choice = await chooseForTree(folder, backend);
  if (choice.backend !== 'inotify' || choice.polled) return new SeenWriters({ proc, folder, isUnseen: true });
  if (isDeep) return new SeenWriters({ proc, folder, isUnseen: false, tree: new OpenFiles() });
  const watch = await openWriterWatch();
  return new SeenWriters({ proc, folder, isUnseen: watch === undefined, watch });
}

interface SeenOptions {
  readonly proc: Proc;
  readonly folder: string;
  readonly isUnseen: boolean;
  /** Of units: every file below the folder. */
  readonly tree?: OpenFiles | undefined;
  readonly watch?: WriterWatch | undefined;
}

class SeenWriters implements Writers {
  readonly mask: number;
  readonly #proc: Proc;
  readonly #prefix: string;
  readonly #isUnseen: boolean;
  readonly #tree: OpenFiles | undefined;
  readonly #watch: WriterWatch | undefined;
  /** Came by rename, and were looked at once: most of them are sealed then, and need no watch. */
  readonly #renamed = new Set<string>();

  constructor({ folder, isUnseen, proc, tree, watch }: SeenOptions) {
    this.#proc = proc;
    this.#prefix = folder.endsWith('/') ? folder : `${folder}/`;
    this.#isUnseen = isUnseen;
    this.#tree = tree;
    this.#watch = watch;
    this.mask = tree === undefined ? 0 : IN.IN_MODIFY;
  }

  get notes(): readonly string[] {
    return this.#isUnseen || this.#watch?.problem !== undefined ? [WRITERS_UNSEEN] : [];
  }

  get limitation(): string | null {
    return this.#tree === undefined && this.#watch === undefined ? null : HEARD_ALONE;
  }

  hear(events: AsyncIterable<FileEvent>): AsyncIterable<FileEvent> {
    return this.#tree === undefined ? events : hearAll(events, this.#tree, this.#prefix);
  }

  arriving(path: string, isRenamed: boolean): void {
    if (this.#watch === undefined) return;
    if (!isRenamed || this.#renamed.has(path)) return this.#watch.follow(path);
    // What went away unsealed is still in it.
    if (this.#renamed.size >= MOST_RENAMED) this.#renamed.clear();
    this.#renamed.add(path);
  }

  sealed(path: string): void {
    this.#renamed.delete(path);
    this.#watch?.leave(path);
  }

  heard(path: string): OpenFilesSighting | undefined {
    return this.#watch?.sighting(path);
  }

  async read(path: string, signal: AbortSignal, { only, reuseMs = 0 }: ReadOptions = {}): Promise<WritersSighting> {
    const isAsked = only === undefined ? {} : { only: (below: string) => only.has(below) };
    const seen = await this.#proc.readWriters(path, signal, { reuseMs, ...isAsked });
    if (seen.kind === 'open' || seen.complete) return seen;
    const heard = only === undefined ? this.heard(path) : this.#heardOf(only);
    return heard === undefined ? seen : { kind: 'open', pids: [], ...heard };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch?.close();
  }

  #heardOf(paths: ReadonlySet<string>): OpenFilesSighting | undefined {
    const open = [...(this.#tree ?? [])].filter((path) => paths.has(path));
    const [example] = open;
    return example === undefined ? undefined : { files: open.length, example };
  }
}

async function* hearAll(events: AsyncIterable<FileEvent>, tree: OpenFiles, prefix: string): AsyncGenerator<FileEvent> {
  for await (const event of events) {
    const path = event.pathname.startsWith(prefix) ? event.pathname.slice(prefix.length) : '';
    if ((event.mask & IN.IN_Q_OVERFLOW) !== 0) tree.clear();
    else if (event.dir && path !== '' && (event.mask & (IN.IN_MOVED_FROM | IN.IN_DELETE)) !== 0) tree.leave(path);
    else if (!event.dir && path !== '') tree.see(path, event.mask & WRITING);
    yield event;
  }
}
