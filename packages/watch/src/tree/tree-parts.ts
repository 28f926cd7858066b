import { getSystemErrorName } from 'node:util';
import type { InotifyBinding } from '../inotify/binding.ts';
import { Reader } from '../inotify/reader.ts';
import type { BackendOptions } from '../watch-source.ts';
import type { DirNode } from './dir-node.ts';
import { DirTree } from './dir-tree.ts';
import { EventWriter } from './event-writer.ts';
import { Kernel } from './kernel.ts';
import { Scanner } from './scanner.ts';
import { Settler } from './settler.ts';
import { TreeEngine } from './tree-engine.ts';
import { Trouble } from './trouble.ts';
import { Visitor } from './visitor.ts';

/** Options of a recursive source. */
export interface TreeOptions extends BackendOptions {
  /** If absent, directories are only listed in turns. */
  readonly binding: InotifyBinding | undefined;
  /** Directories count their subdirectories in their link count. */
  readonly countsLinks: boolean;
  /** The kernel does not see every change here: list by turns as well. */
  readonly polled: boolean;
  /** Pause between two listings of what is listed by turns, and between two looks for an absent root. */
  readonly pollMs: number;
  /** Pause between two comparisons of the whole tree, ±10 %; 0 for none. */
  readonly rescanMs: number;
  /** Wait for a root that is not there, instead of ending. */
  readonly awaitRoot: boolean;
  /** Bytes of records, for tests. */
  readonly maxQueuedBytes?: number;
}

/** Callbacks from the parts of a watched tree to its owner. */
export interface TreeListener {
  /** The reader has something. */
  readonly onRecords: () => void;
  readonly onOverflow: () => void;
  readonly onRootLost: () => void;
  readonly onUnmount: (node: DirNode) => void;
  /** A permission may have changed. */
  readonly onAttrib: () => void;
}

/** The parts of one watched tree. */
export interface TreeParts {
  readonly tree: DirTree;
  readonly writer: EventWriter;
  readonly trouble: Trouble;
  /** Absent where listing takes the place of events. */
  readonly reader: Reader | undefined;
  readonly scanner: Scanner;
  readonly settler: Settler;
  readonly engine: TreeEngine;
  /** Every directory keeps its files and is listed by turns, without blocking. */
  readonly polled: boolean;
}

/** Puts the parts together. Where the system gives no inotify instance, that is noted as trouble, and listing takes its place. */
export function joinTreeParts(options: TreeOptions, listener: TreeListener): TreeParts {
  const { path, mask, binding, countsLinks } = options;
  const tree = new DirTree(Buffer.from(path, 'utf8').toString('latin1'));
  const writer = new EventWriter(tree, path, mask);
  const trouble = new Trouble(tree, options.logger);
  const opened =
    binding && Reader.open(binding, { onRecords: listener.onRecords, maxQueuedBytes: options.maxQueuedBytes });
  if (typeof opened === 'number') trouble.noInstance(getSystemErrorName(opened));
  const reader = typeof opened === 'number' ? undefined : opened;
  const kernel = reader && binding && new Kernel(binding, reader.fd);
  const polled = options.polled || reader === undefined;
  const visitor = new Visitor({ tree, writer, kernel, mask, countsLinks, polled });
  const settler = new Settler({
    tree,
    writer,
    visitor,
    trouble,
    polled,
    scanner: () => scanner,
    replay: (record) => engine.handle(record),
    onRootLost: listener.onRootLost,
  });
  const scanner = new Scanner({ tree, kernel, visitor, settle: (visit) => settler.settle(visit) });
  const engine = new TreeEngine({ tree, writer, scanner, settler, ...listener });
  return { tree, writer, trouble, reader, scanner, settler, engine, polled };
}
