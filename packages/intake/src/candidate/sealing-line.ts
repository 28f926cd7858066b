import { DEFAULT_MAX_WAIT_MS, DEFAULT_QUIET_MS } from '@sendit/detector';
import { findRefusal, readDirectoryIdentity } from '@sendit/detector/node';
import { defaultLatePolicy } from '@sendit/model';
import { withoutSlash } from '@sendit/processors';
import { lookAtAmended } from '../after/look-at-amended.ts';
import { readAgain } from '../after/read-again.ts';
import { reconcile } from '../after/reconcile.ts';
import type { IntakeDeps } from '../intake-port.ts';
import type { KnownBatch, UnreadableBatch } from '../ports.ts';
import { DirectoryNotes } from '../seal/directory-notes.ts';
import { recallNames } from '../seal/recall-names.ts';
import { StoreGate } from '../seal/store-gate.ts';
import { Candidates } from './candidates.ts';
import type { CandidateRef, Landing } from './landing.ts';
import { toRules } from './to-rules.ts';

/** What brings the candidates of one watch path to the store and looks after them, whatever its unit. */
export interface SealingLine {
  /** Of the watch path, without a slash at the end. */
  readonly folder: string;
  /** The same, with one. */
  readonly prefix: string;
  readonly gate: StoreGate;
  readonly notes: DirectoryNotes;
  readonly candidates: Candidates;
  /** Holds recorded batches against the disk: those that may have changed; with `all`, each. */
  readonly reconcile: (
    known: ReadonlyMap<string, KnownBatch>,
    options: { readonly all: boolean },
    signal: AbortSignal,
  ) => Promise<void>;
  /** Takes over since when unfinished names are there. */
  readonly recallNames: (signal: AbortSignal) => Promise<void>;
  /** Queues again what was held since its files could not be read, and now can be; looks at what a person wants amended. */
  readonly afterScan: (signal: AbortSignal) => Promise<void>;
}

/** What tells the lines of directories and of units of files apart. */
export interface SealingLineKind {
  readonly landing: Landing;
  /** What is said, without names, when a name that cannot be taken has waited too long. */
  readonly warning: string;
  readonly isUnchanged: (name: string, batch: KnownBatch) => Promise<boolean>;
}

/** Joins the parts: candidates are judged and sealed, what is sealed is looked after, and all ask the store through one gate. */
export function openSealingLine(deps: IntakeDeps, { isUnchanged, landing, warning }: SealingLineKind): SealingLine {
  const { clock, logger, root, store, watchPath } = deps;
  const folder = withoutSlash(watchPath.folder);
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  const gate = new StoreGate({ clock, logger, root: root.name });
  const notes = new DirectoryNotes({ root, store: deps.notes, gate, clock });
  const isInPlace = async (): Promise<boolean> => (await deps.mount?.isInPlace()) ?? true;
  const onSealed = (): void => deps.onSealed?.();
  const toSubject = (batch: UnreadableBatch): string => landing.toSubject(batch);
  const settings = {
    root: root.name,
    unit: landing.unit,
    toSubject: (candidate: CandidateRef) => landing.toSubject(candidate),
    rules: toRules(watchPath),
    quietMs: watchPath.quietMs ?? DEFAULT_QUIET_MS,
    late: watchPath.late ?? defaultLatePolicy(landing.unit),
    asksWriters: landing.readWriters !== undefined,
    maxWaitMs: watchPath.maxWaitMs ?? DEFAULT_MAX_WAIT_MS,
    nameWarning: warning,
    prefix,
  };
  const shared = { root, store, gate, clock, logger, isInPlace };
  const concurrency = deps.concurrency ?? 4;
  const candidates = new Candidates({ ...shared, notes, landing, settings, onSealed, concurrency });
  const toPath = (name: string): string => (landing.unit === 'directory' ? `${prefix}${name}` : folder);
  const after = { ...shared, candidates, isUnchanged, toPath };
  const again = { ...shared, findRefusal: deps.findRefusal ?? findRefusal, toSubject, onReopened: onSealed };
  const readIdentity = deps.readIdentity ?? readDirectoryIdentity;
  const names = { candidates, notes, prefix, readIdentity, wallNow: deps.wallNow ?? Date.now, clock };
  return {
    folder,
    prefix,
    gate,
    notes,
    candidates,
    reconcile: (known, options, signal) => reconcile(known, { ...after, ...options }, signal),
    recallNames: (signal) => recallNames(names, signal),
    afterScan: async (signal) => {
      await readAgain(again, signal);
      await lookAtAmended(after, signal);
    },
  };
}
