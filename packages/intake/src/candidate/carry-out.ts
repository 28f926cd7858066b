import { type Clock, type Logger, type Root, toErrorName, type TouchedDigests, type TouchedFile } from '@sendit/model';
import type { DirectoryNotes } from '../seal/directory-notes.ts';
import type { Asked, StoreGate } from '../seal/store-gate.ts';
import type { BatchStore } from '../ports.ts';
import type { Landing } from './landing.ts';
import type { Answer, Effect, StepSettings, Work } from './state.ts';

/** Reads files below a directory and makes digests of the kinds that are asked for; null where none can be made. */
export type ReadDigests = (
  directory: string,
  files: readonly TouchedFile[],
  signal: AbortSignal,
) => Promise<TouchedDigests>;

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
  /** Makes the digests of files below a directory anew; without it what was only touched counts as unchanged. */
  readonly readDigests?: ReadDigests | undefined;
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
      const writers = work.asksWriters === true ? await landing.readWriters?.(work.batch, signal) : undefined;
      const seen = { look, isInPlace: await isInPlace(), ...(writers && { writers }) };
      return { kind: 'looked', ...seen, note: undefined, tookMs: 0 };
    }
    case 'ask-writers': {
      const writers = (await landing.readWriters?.(work.candidate, signal)) ?? { kind: 'none', complete: false };
      return { kind: 'writers', writers };
    }
    case 'seal': {
      const request = toRequest(work, deps);
      const asked = await askWithDigests(
        request.path,
        (touched) => gate.ask(() => store.seal({ ...request, touched }), work.isFirstTry),
        { deps, signal },
      );
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
      const { batchId, path } = work.batch;
      const asked = await askWithDigests(
        path,
        (touched) => gate.ask(() => store.noteSeen(batchId, { ...seen, touched })),
        {
          deps,
          signal,
        },
      );
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

/**
 * Asks the store, and, as long as it wants files to be read again first, once more with their digests. What was read while something else
 * was mounted there says nothing.
 */
async function askWithDigests<T extends { readonly touched?: readonly TouchedFile[] } | object>(
  directory: string,
  ask: (touched: TouchedDigests | undefined) => Promise<Asked<T>>,
  { deps, signal }: { readonly deps: CarryOutDeps; readonly signal: AbortSignal },
): Promise<Asked<T>> {
  let digests: ReadonlyMap<string, string | null> | undefined;
  for (;;) {
    const asked = await ask(digests);
    const touched = asked.kind === 'answer' && 'touched' in asked.value ? (asked.value.touched ?? []) : [];
    if (touched.length === 0) return asked;
    const read = (await deps.readDigests?.(directory, touched, signal)) ?? new Map<string, string | null>();
    const isKnown = await deps.isInPlace();
    const more = touched.map(({ path }) => [path, (isKnown ? read.get(path) : null) ?? null] as const);
    digests = new Map([...(digests ?? []), ...more]);
  }
}

function toRequest({ candidate, grade, look }: Extract<Work, { kind: 'seal' }>, deps: CarryOutDeps) {
  const { files: manifest, listing, signature } = look;
  const { bytes, files, manifestDigest } = listing;
  const { arrival, isTold, name, path } = candidate;
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
    ...(arrival === 'found' && isTold !== true && { isFound: true }),
  };
}
