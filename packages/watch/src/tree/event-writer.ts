import { type FileEvent, IN, toFileEvent } from '@sendit/model';
import { decodeKey } from '../decode-name.ts';
import type { DirNode } from './dir-node.ts';
import type { DirTree } from './dir-tree.ts';

/** Delivered whatever the mask. */
const ALWAYS = IN.IN_Q_OVERFLOW | IN.IN_IGNORED | IN.IN_UNMOUNT;

/** Fields of an event beside its place and mask. */
export interface MoveParts {
  readonly cookie?: number;
  readonly srcPathname?: string;
  readonly heardAt?: number;
}

/** Makes the events that the mask asks for and keeps them until they are taken. */
export class EventWriter {
  readonly #tree: DirTree;
  readonly #rootText: string;
  readonly #mask: number;
  /** During the first scan: what happens before the watches stand is not an event. */
  muted = true;
  #arrived: FileEvent[] = [];
  #taken = 0;
  #textNode: DirNode | undefined;
  #textVersion = -1;
  #text = '';

  constructor(tree: DirTree, rootText: string, mask: number) {
    this.#tree = tree;
    this.#rootText = rootText;
    this.#mask = mask | ALWAYS;
  }

  take(): FileEvent | undefined {
    const event = this.#arrived[this.#taken];
    if (event === undefined) return undefined;
    this.#taken += 1;
    if (this.#taken === this.#arrived.length) {
      this.#arrived = [];
      this.#taken = 0;
    }
    return event;
  }

  wants(bit: number): boolean {
    return (this.#mask & bit) !== 0;
  }

  /** An event of the entry `key` in a directory; of the directory itself when the name is empty. */
  write(node: DirNode, mask: number, key: string, move?: MoveParts): void {
    if ((mask & this.#mask) === 0 || this.muted) return;
    const { name, rawName } = decodeKey(key);
    this.#arrived.push(
      toFileEvent({
        wd: node.wd,
        mask,
        path: this.#pathText(node),
        name,
        cookie: move?.cookie,
        srcPathname: move?.srcPathname,
        heardAt: move?.heardAt,
        rawName,
      }),
    );
  }

  /** An event of the root itself, asked for or not. */
  writeRoot(mask: number, wd = this.#tree.root.wd): void {
    this.#arrived.push(toFileEvent({ wd, mask, path: this.#rootText, name: '' }));
  }

  /** The path of an entry as text. */
  pathname(node: DirNode, key: string): string {
    return `${this.#pathText(node)}/${decodeKey(key).name}`;
  }

  #pathText(node: DirNode): string {
    if (node === this.#tree.root) return this.#rootText;
    if (this.#textNode === node && this.#textVersion === this.#tree.version) return this.#text;
    this.#textNode = node;
    this.#textVersion = this.#tree.version;
    this.#text = decodeKey(this.#tree.pathOf(node)).name;
    return this.#text;
  }
}
