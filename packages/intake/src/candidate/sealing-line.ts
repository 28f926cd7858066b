import { DEFAULT_MAX_WAIT_MS, DEFAULT_QUIET_MS } from '@sendit/detector';
import { findRefusal, isUnchanged, readDirectoryIdentity } from '@sendit/detector/node';
import { DirectoryNotes } from '../seal/directory-notes.ts';
import type { IntakeDeps } from '../intake-port.ts';
import type { Landing } from './landing.ts';
import { LateWatch } from '../after/late-watch.ts';
import { lookAtAmended } from '../after/look-at-amended.ts';
import { readAgain } from '../after/read-again.ts';
import type { UnreadableBatch } from '../ports.ts';
import { Reconciler } from '../after/reconciler.ts';
import { Sealer } from './sealer.ts';
import { StoreGate } from '../seal/store-gate.ts';
import { toRules } from './to-rules.ts';
import { WaitingNames } from './waiting-names.ts';
import { defaultLatePolicy } from '@sendit/model';
import { withoutSlash } from '@sendit/processors';

/** What brings the candidates of one watch path to the store and looks after them, whatever its unit. */
export interface SealingLine {
  /** Of the watch path, without a slash at the end. */
  readonly folder: string;
  /** The same, with one. */
  readonly prefix: string;
  readonly gate: StoreGate;
  readonly notes: DirectoryNotes;
  readonly sealer: Sealer;
  readonly late: LateWatch;
  readonly reconciler: Reconciler;
  /** Names that cannot be taken as they are. */
  readonly waiting: WaitingNames;
  /** Queues again what was held since its files could not be read, and now can be; looks at what a person wants amended. */
  readonly afterScan: (signal: AbortSignal) => Promise<void>;
}

/** What tells the lines of directories and of units of files apart. */
export interface SealingLineKind {
  readonly landing: Landing;
  /** What is said, without names, when a name that cannot be taken has waited too long. */
  readonly warning: string;
}

/** Joins the parts: what is sealed is looked after, what changed is sealed anew by policy, and all ask the store through one gate. */
export function openSealingLine(deps: IntakeDeps, { landing, warning }: SealingLineKind): SealingLine {
  const { clock, logger, root, store, watchPath } = deps;
  const folder = withoutSlash(watchPath.folder);
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  const quietMs = watchPath.quietMs ?? DEFAULT_QUIET_MS;
  const policy = watchPath.late ?? defaultLatePolicy(watchPath.unit ?? 'directory');
  const gate = new StoreGate({ clock, logger, root: root.name });
  const isInPlace = async (): Promise<boolean> => (await deps.mount?.isInPlace()) ?? true;
  const notes = new DirectoryNotes({ root, store: deps.notes, gate, clock });
  const late = new LateWatch({
    root,
    landing,
    onChanged: ({ name, path, batch }, look) => reconciler.see({ name, path, batchId: batch }, look),
    clock,
    logger,
    firstMs: quietMs,
  });
  const sealer = new Sealer({
    root,
    store,
    gate,
    rules: toRules(watchPath),
    landing,
    isInPlace,
    notes,
    clock,
    logger,
    onSealed: (sealed) => {
      late.add(sealed);
      deps.onSealed?.();
    },
    onKnown: (name) => late.forget(name),
    onLate: (recorded) => reconciler.tellLate(recorded),
    late: policy,
    concurrency: deps.concurrency ?? 4,
    quietMs,
  });
  const reconciler = new Reconciler({
    root,
    toPath: (name) => (landing.unit === 'directory' ? `${prefix}${name}` : folder),
    late: policy,
    landing,
    store,
    gate,
    sealer,
    isInPlace,
    isUnchanged: deps.isUnchanged ?? isUnchanged,
    onReopened: () => deps.onSealed?.(),
    logger,
  });
  const maxWaitMs = watchPath.maxWaitMs ?? DEFAULT_MAX_WAIT_MS;
  const waiting = new WaitingNames({
    root,
    prefix,
    warning,
    maxWaitMs,
    notes,
    readIdentity: deps.readIdentity ?? readDirectoryIdentity,
    wallNow: deps.wallNow ?? Date.now,
    clock,
    logger,
  });
  const again = {
    root,
    store,
    gate,
    isInPlace,
    findRefusal: deps.findRefusal ?? findRefusal,
    toSubject: (batch: UnreadableBatch) => landing.toSubject(batch),
    onReopened: () => deps.onSealed?.(),
    clock,
    logger,
  };
  return {
    folder,
    prefix,
    gate,
    notes,
    sealer,
    late,
    reconciler,
    waiting,
    afterScan: async (signal) => {
      await readAgain(again, signal);
      await lookAtAmended({ root, store, gate, clock, reconciler }, signal);
    },
  };
}
