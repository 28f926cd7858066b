import type { FolderListing } from '@sendit/detector';
import type { ChildrenListing } from '@sendit/detector/node';

/** A watch path in memory: directory name → a word that stands for its content; `''` is an empty directory. */
export class MemoryFolder {
  readonly directories = new Map<string, string>();
  identity = 'one';
  /** Set to an errno name to make the folder unreadable. */
  problem: string | undefined;
  readonly path: string;

  constructor(path = '/data') {
    this.path = path;
  }

  readonly readFolder = async (path: string | Uint8Array, signal: AbortSignal): Promise<FolderListing> => {
    signal.throwIfAborted();
    const name =
      typeof path === 'string' ? path.slice(this.path.length + 1) : Buffer.from(path).toString('utf8').slice(6);
    const content = this.directories.get(name);
    const files = content === undefined || content === '' ? 0 : 1;
    return {
      exists: content !== undefined,
      isDirectory: content !== undefined,
      files,
      bytes: content?.length ?? 0,
      manifestDigest: `digest of ${content}`,
      snapshotDigest: `${content}`,
      newestCtimeMs: null,
      unreadable: 0,
      problemCodes: [],
    };
  };

  readonly readChildren = async (_folder: string, signal: AbortSignal): Promise<ChildrenListing> => {
    signal.throwIfAborted();
    if (this.problem !== undefined) return { kind: 'unreadable', code: this.problem };
    const directories = [...this.directories.keys()].map((name) => ({ name }));
    return { kind: 'listing', identity: this.identity, directories };
  };
}
