import type { ChildrenListing, FolderLook } from '@sendit/detector/node';
import type { FolderSignature } from '@sendit/model';

/** A watch path in memory: directory name → a word that stands for its content; `''` is an empty directory. */
export class MemoryFolder {
  readonly directories = new Map<string, string>();
  /** Names of the files beside them. */
  readonly files = new Set<string>();
  identity = '1:2';
  /** Of a directory, where it is not the usual one of its name. */
  readonly identities = new Map<string, string>();
  /** Directories that are larger than a batch may be. */
  readonly tooLarge = new Set<string>();
  /** Directories that cannot be read. */
  readonly unreadable = new Set<string>();
  /** Of the file in a directory, where it is not the usual one: another took its place. */
  readonly inodes = new Map<string, bigint>();
  /** Of the file in a directory, its change time. */
  readonly changes = new Map<string, bigint>();
  /** Files in each directory that is not empty. */
  fileCount = 1;
  /** Set to an errno name to make the folder unreadable. */
  problem: string | undefined;
  readonly path: string;

  constructor(path = '/data') {
    this.path = path;
  }

  readonly lookAtFolder = async (path: string | Uint8Array, signal: AbortSignal): Promise<FolderLook> => {
    signal.throwIfAborted();
    const name =
      typeof path === 'string' ? path.slice(this.path.length + 1) : Buffer.from(path).toString('utf8').slice(6);
    const content = this.directories.get(name);
    const bytes = content?.length ?? 0;
    const inode = this.inodes.get(name) ?? 1n;
    const files =
      bytes === 0 ? [] : [{ path: 'content', bytes, mtimeNs: 0n, inode, changedNs: this.changes.get(name) ?? 0n }];
    const listing = {
      exists: content !== undefined,
      isDirectory: content !== undefined,
      files: files.length * this.fileCount,
      bytes,
      manifestDigest: `digest of ${content}`,
      snapshotDigest: this.#stampOf(name),
      newestCtimeMs: null,
      unreadable: this.unreadable.has(name) ? 1 : 0,
      problemCodes: [],
      ...(content === undefined ? {} : { identity: this.#identityOf(name) }),
      ...(this.tooLarge.has(name) ? { exceeds: { limit: 'files' as const, allowed: 5 } } : {}),
    };
    const signature = { identity: this.#identityOf(name), directories: [['', this.#stampOf(name)]] as const };
    return { listing, files, signature };
  };

  isUnchanged = async (path: string, { identity, directories }: FolderSignature): Promise<boolean> => {
    const name = path.slice(this.path.length + 1);
    return identity === this.#identityOf(name) && directories[0]?.[1] === this.#stampOf(name);
  };

  /** Changes with what is in a directory. */
  #stampOf(name: string): string {
    const inode = this.inodes.get(name);
    const changed = this.changes.get(name);
    const words = [this.directories.get(name), inode, changed];
    return words.filter((word) => word !== undefined).join(' ');
  }

  #identityOf(name: string): string {
    return this.identities.get(name) ?? `1:${name}:0`;
  }

  readonly readChildren = async (_folder: string, signal: AbortSignal): Promise<ChildrenListing> => {
    signal.throwIfAborted();
    if (this.problem !== undefined) return { kind: 'unreadable', code: this.problem };
    const directories = [...this.directories.keys()].map((name) => ({ name }));
    return { kind: 'listing', identity: this.identity, directories, files: [...this.files] };
  };
}
