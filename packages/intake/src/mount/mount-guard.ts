import { describeMount, isSameMount, type Logger, type MountIdentity, type Root, toErrorName } from '@sendit/model';

/** Stored mounts of a watch path, across restarts. */
export interface MountMemory {
  /** The expected mount; null before the first look. */
  expected(rootId: string): Promise<MountIdentity | null>;
  remember(rootId: string, mount: MountIdentity): Promise<void>;
  /** Records another mount in its place; null once it is right again. */
  noteOther(rootId: string, mount: MountIdentity | null): Promise<void>;
}

export interface MountGuardDeps {
  readonly root: Root;
  /** Absolute. */
  readonly folder: string;
  /** Reads the current mount; undefined if unknown. Rejects if the folder cannot be opened. */
  readonly readMount: (folder: string) => Promise<MountIdentity | undefined>;
  /** Changes when another directory is at the path, as long as the system runs; undefined where nothing is. */
  readonly readKey: (folder: string) => Promise<string | undefined>;
  readonly memory: MountMemory;
  /** Whether what is recorded lies there: then it is the same under another name. */
  readonly isKnownContent: () => Promise<boolean>;
  readonly logger: Logger;
}

/** How often it is looked whether something else is mounted at a watch path. */
export const MOUNT_LOOK_MS = 2_000;

/**
 * Keeps watch over what is mounted at a watch path. A share that is not mounted leaves its bare mount point: files
 * there are not ours, and absent ones have not vanished.
 *
 * unknown  nobody has looked yet: what lies there is remembered
 * right    what is remembered lies there
 * other    something else does: nothing is to be taken from it or for vanished, until it is right again, what is recorded is found
 *          there, or a person accepts it (then the memory says something else)
 */
export class MountGuard {
  readonly #deps: MountGuardDeps;
  #expected: MountIdentity | null | undefined;
  /** The recorded other mount; undefined before it was recorded. */
  #other: MountIdentity | null | undefined;
  #problem: string | null = null;
  /** Of the directory that was last seen to be right. */
  #key: string | undefined;

  constructor(deps: MountGuardDeps) {
    this.#deps = deps;
  }

  /**
   * Why nothing may be taken from the folder now, and what to do; null while it is right. Says nothing about a folder
   * that cannot be opened.
   */
  async check(): Promise<string | null> {
    const { folder, readKey, readMount } = this.#deps;
    // Before the look: should another one come between, the key is not its own.
    const key = await readKey(folder);
    let seen: MountIdentity | undefined;
    try {
      seen = await readMount(folder);
    } catch {
      return this.#problem;
    }
    this.#problem = seen === undefined ? null : await this.#judge(seen);
    if (this.#problem === null) this.#key = key;
    return this.#problem;
  }

  /** Whether the folder is the directory that {@link check} last found right; cheap. */
  async isInPlace(): Promise<boolean> {
    if (this.#problem !== null) return false;
    const { folder, readKey } = this.#deps;
    return this.#key !== undefined && (await readKey(folder)) === this.#key;
  }

  /** Last result of {@link check}. */
  get problem(): string | null {
    return this.#problem;
  }

  async #judge(seen: MountIdentity): Promise<string | null> {
    const { logger, root } = this.#deps;
    try {
      return (await this.#isRight(seen)) ? null : this.#toProblem(seen);
    } catch (thrown) {
      logger.verbose('What is remembered of a mount could not be asked', {
        root: root.name,
        error: toErrorName(thrown),
      });
      // By what is known of it here.
      if (this.#expected === undefined) return 'it is not known yet what is to be mounted there';
      return this.#expected === null || isSameMount(this.#expected, seen) ? null : this.#toProblem(seen);
    }
  }

  async #isRight(seen: MountIdentity): Promise<boolean> {
    const { memory, root } = this.#deps;
    this.#expected ??= await memory.expected(root.id);
    if (this.#expected === null) return this.#adopt(seen);
    if (isSameMount(this.#expected, seen)) return this.#tellRight();
    // A person may have accepted it, through this process or another.
    this.#expected = await memory.expected(root.id);
    if (this.#expected !== null && isSameMount(this.#expected, seen)) return this.#tellRight();
    if (!(await this.#deps.isKnownContent())) return this.#tellOther(seen);
    this.#deps.logger.warning(
      `What is mounted at ${this.#deps.folder} has another name and holds what is recorded: it is taken for the same`,
      {
        root: root.name,
        mount: describeMount(seen),
      },
    );
    return this.#adopt(seen);
  }

  async #adopt(seen: MountIdentity): Promise<true> {
    const { memory, root } = this.#deps;
    await memory.remember(root.id, seen);
    this.#expected = seen;
    this.#other = null;
    return true;
  }

  async #tellRight(): Promise<true> {
    const { folder, logger, memory, root } = this.#deps;
    if (this.#other !== null) await memory.noteOther(root.id, null);
    this.#other = null;
    if (this.#problem !== null) logger.info(`What is mounted at ${folder} is right again`, { root: root.name });
    return true;
  }

  async #tellOther(seen: MountIdentity): Promise<false> {
    const { folder, logger, memory, root } = this.#deps;
    if (this.#other !== undefined && this.#other !== null && isSameMount(this.#other, seen)) return false;
    await memory.noteOther(root.id, seen);
    this.#other = seen;
    logger.warning(`Another file system lies at ${folder}: ${this.#toProblem(seen)}`, { root: root.name });
    return false;
  }

  #toProblem(seen: MountIdentity): string {
    const expected = this.#expected ? describeMount(this.#expected) : 'another one';
    return (
      `expected ${expected} to be mounted there, got ${describeMount(seen)}; nothing is taken from it, and nothing for vanished. ` +
      `Mount it again, or say \`sendit root accept ${this.#deps.root.name} --reason TEXT\` if this is right`
    );
  }
}
