import { type Clock, type Logger, type Root, toErrorName } from '@sendit/model';
import type { DirectoryNotes } from '../seal/directory-notes.ts';
import type { StoreGate } from '../seal/store-gate.ts';
import type { BatchStore } from '../ports.ts';
import type { Landing } from './landing.ts';
import type { Answer, Effect, StepSettings, Work } from './state.ts';

export interface CarryOutDeps {
  readonly root: Root;
  readonly store: BatchStore;
  readonly gate: StoreGate;
  readonly landing: Landing;
  readonly notes: DirectoryNotes;
  /** Whether the watch path is what it was: else a look says nothing about what landed there. */
  readonly isInPlace: () => Promise<boolean>;
  /** Whether a file there keeps its inode number for as long as it is that file. */
  readonly keepsInodes: () => boolean;
  readonly settings: StepSettings;
  /** A batch is in the outbox. */
  readonly onSealed: () => void;
  readonly onLate: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Does what is done at once. */
export function perform(name: string, effect: Effect, deps: CarryOutDeps): void {
  switch (effect.kind) {
    case 'say':
      return deps.logger[effect.level](effect.message, effect.fields);
    case 'remember':
      return deps.notes.set(name, effect.note);
    case 'wake-relay':
      return deps.onSealed();
    case 'count-late':
      return deps.onLate();
  }
}

/** Does a piece of work and says what came of it. Never rejects. */
export async function carryOut(work: Work, deps: CarryOutDeps, signal: AbortSignal): Promise<Answer> {
  try {
    return await doWork(work, deps, signal);
  } catch (thrown) {
    return { kind: 'failed', error: signal.aborted ? undefined : toErrorName(thrown) };
  }
}

async function doWork(work: Work, deps: CarryOutDeps, signal: AbortSignal): Promise<Answer> {
  const { clock, gate, isInPlace, landing, notes, root, store } = deps;
  switch (work.kind) {
    case 'mark-vanished': {
      if (!(await isInPlace())) return { kind: 'marked', result: 'elsewhere' };
      const asked = await gate.ask(() => store.markVanished(root.id, work.name), work.isFirstTry);
      return { kind: 'marked', result: asked.kind === 'answer' ? 'done' : 'failed' };
    }
    case 'look': {
      const { candidate } = work;
      const began = clock.now();
      const look = await (landing.readToJudge?.(candidate, signal) ?? landing.read(candidate, signal));
      const tookMs = clock.now() - began;
      const inPlace = await isInPlace();
      return { kind: 'looked', look, isInPlace: inPlace, note: notes.get(candidate.name), tookMs };
    }
    case 'look-again': {
      const look = await landing.read(work.batch, signal);
      const inPlace = await isInPlace();
      return { kind: 'looked', look, isInPlace: inPlace, note: undefined, tookMs: 0 };
    }
    case 'ask-writers': {
      const writers = (await landing.readWriters?.(work.candidate, signal)) ?? { kind: 'none', complete: false };
      return { kind: 'writers', writers };
    }
    case 'seal': {
      const asked = await gate.ask(() => store.seal(toRequest(work, deps)), work.isFirstTry);
      if (asked.kind === 'failed') return { kind: 'refused', error: asked.error };
      return { kind: 'answered', outcome: asked.value };
    }
    case 'note-seen': {
      const { files, listing, signature } = work.look;
      const { late } = deps.settings;
      const seen = {
        manifestDigest: listing.manifestDigest,
        signature,
        late,
        manifest: files,
        keepsInodes: deps.keepsInodes(),
      };
      const asked = await gate.ask(() => store.noteSeen(work.batch.batchId, seen));
      return { kind: 'seen', outcome: asked.kind === 'answer' ? asked.value : undefined };
    }
    case 'keep-note':
      await notes.keep(work.finding);
      return { kind: 'settled' };
    case 'forget-note':
      await notes.forget(work.name);
      return { kind: 'settled' };
  }
}

function toRequest({ candidate, grade, look }: Extract<Work, { kind: 'seal' }>, deps: CarryOutDeps) {
  const { files: manifest, listing, signature } = look;
  const { bytes, files, manifestDigest } = listing;
  const { name, path } = candidate;
  const { late, unit } = deps.settings;
  const identity = { rootId: deps.root.id, unit, relativePath: name, path, name };
  return {
    ...identity,
    grade,
    files,
    bytes,
    manifestDigest,
    manifest,
    signature,
    late,
    keepsInodes: deps.keepsInodes(),
  };
}
