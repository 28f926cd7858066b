import { type DirectoryNote, type LatePolicy, type SealOutcome } from '@sendit/model';
import {
  type Answer,
  type CandidateState,
  createState,
  type Input,
  isBusy,
  isInHand,
  type Work,
} from '../src/candidate/state.ts';
import { step } from '../src/candidate/step.ts';
import { MemoryStore } from './memory-store.ts';
import { candidateOf, lookOf, momentAt, noteOf, QUIET_MS, SETTINGS } from './step-world.ts';

/** Things that happen to one directory, its watcher, its store and its person, in any order. */
export type Happening =
  /** Its content becomes another; `isTold`: an event tells of it. */
  | { readonly kind: 'write'; readonly content: string; readonly isTold: boolean }
  | { readonly kind: 'remove'; readonly isTold: boolean }
  /** Another directory is renamed to its name. */
  | { readonly kind: 'rename-in'; readonly content: string }
  | { readonly kind: 'scan' }
  /** Time goes on, and the name has its turn if it is due. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** The disk or the store comes to answer: a look saw what was there when it began. */
  | { readonly kind: 'answer' }
  | { readonly kind: 'outage'; readonly isOver: boolean }
  | { readonly kind: 'decide'; readonly decision: 'hold' | 'release' | null }
  | { readonly kind: 'restart' };

interface Running {
  readonly work: Work;
  /** Content of the disk at the beginning. */
  readonly content: string | undefined;
  readonly identity: string;
}

/** One directory, a watcher over it, and a store; each answer of disk and store comes when the life says so. */
export class Life {
  readonly store = new MemoryStore();
  content: string | undefined;
  note: DirectoryNote | undefined;
  state: CandidateState = createState('scan', false, 0);
  running: Running | undefined;
  readonly broken: string[] = [];
  readonly #late: LatePolicy;
  #now = 1_000;
  #isAway = false;
  #directories = 0;
  /** Arrivals and goings that were heard of. */
  #heard = 0;
  /** How many when the last look began. */
  #heardAtLook = 0;
  #lastSealed: string | undefined;
  #isFirstScan = true;

  constructor(late: LatePolicy) {
    this.#late = late;
    this.store.fail = () => {
      if (this.#isAway) throw new Error('down');
    };
  }

  async live(happening: Happening): Promise<void> {
    switch (happening.kind) {
      case 'write':
        if (this.content === undefined) this.#come(happening.content);
        this.content = happening.content;
        if (happening.isTold) await this.hear({ kind: 'arrived', candidate: candidateOf('created') });
        return;
      case 'remove':
        this.content = undefined;
        this.note = this.note?.decision ? noteOf('hold') : undefined;
        if (happening.isTold) await this.hear({ kind: 'left', mayBeRecorded: this.#isFirstScan });
        return;
      case 'rename-in':
        this.#come(happening.content);
        await this.hear({ kind: 'left', mayBeRecorded: this.#isFirstScan });
        await this.hear({ kind: 'arrived', candidate: candidateOf('renamed') });
        return;
      case 'scan':
        return this.scan();
      case 'wait':
        this.#now += happening.ms;
        return this.takeTurn();
      case 'answer':
        return this.answer();
      case 'outage':
        this.#isAway = !happening.isOver;
        return;
      case 'decide':
        this.note = happening.decision === null ? undefined : noteOf(happening.decision, { identity: this.#identity });
        return this.hear({ kind: 'wanted' });
      case 'restart':
        this.state = createState('scan', false, this.#now);
        this.running = undefined;
        this.#isFirstScan = true;
    }
  }

  /** As the scan of a watch path goes about one name. */
  async scan(): Promise<void> {
    if (this.#isAway) return;
    const known = this.store.rows.get('scan');
    if (this.content === undefined && !isInHand(this.state)) {
      if (this.#isFirstScan ? known?.vanished === false : this.state.isRecorded)
        await this.hear({ kind: 'left', mayBeRecorded: this.#isFirstScan });
    } else if (isInHand(this.state)) {
      // It is looked at anyway.
      if (this.#isFirstScan && known?.vanished === false) await this.hear({ kind: 'recorded' });
    } else if (known?.vanished === false) {
      await this.hear({ kind: 'recorded' });
      await this.hear({ kind: 'check', batch: { name: 'scan', path: '/data/scan', batchId: known.batchId } });
    } else await this.hear({ kind: 'arrived', candidate: candidateOf('found') });
    this.#isFirstScan = false;
  }

  async takeTurn(): Promise<void> {
    const { phase } = this.state;
    if (phase.kind === 'waiting' && phase.until <= this.#now) await this.hear({ kind: 'turn' });
  }

  async answer(): Promise<void> {
    const { running } = this;
    if (running === undefined) return;
    this.running = undefined;
    await this.hear(await this.#workOut(running).catch((): Answer => ({ kind: 'failed', error: 'Error' })));
  }

  async hear(input: Input): Promise<void> {
    if (input.kind === 'left' || (input.kind === 'arrived' && input.candidate.arrival !== 'found')) this.#heard += 1;
    const before = this.state;
    const away = this.#isAway ? { storeClosedUntil: this.#now + 1_000, isStoreAway: true } : {};
    const moment = momentAt(this.#now, { settings: { ...SETTINGS, late: this.#late }, ...away });
    const { effects, state, work } = step(before, input, moment);
    this.state = state;
    for (const effect of effects) if (effect.kind === 'remember') this.note = effect.note;
    if (work === undefined) return;
    if (this.running !== undefined) this.broken.push('two pieces of work at once');
    const seen = { content: this.content, identity: this.#identity };
    if (work.kind === 'look') this.#heardAtLook = this.#heard;
    if (work.kind === 'seal' && this.#heardAtLook !== this.#heard)
      this.broken.push('sealed by a look that was overtaken');
    this.running = { work, ...seen };
  }

  get #identity(): string {
    return `1:scan:${this.#directories}`;
  }

  #come(content: string): void {
    this.#directories += 1;
    this.content = content;
  }

  async #workOut({ content, identity, work }: Running): Promise<Answer> {
    const { store } = this;
    const look = {
      ...lookOf(content, content === undefined ? {} : { identity }),
      signature: { identity, directories: [] },
    };
    switch (work.kind) {
      case 'look':
        return { kind: 'looked', look, isInPlace: true, note: this.note, tookMs: 1 };
      case 'look-again':
        return { kind: 'looked', look, isInPlace: true, note: undefined, tookMs: 1 };
      case 'ask-writers':
        return { kind: 'writers', writers: { kind: 'none', complete: true } };
      case 'mark-vanished':
        if (this.#isAway) return { kind: 'marked', result: 'failed' };
        await store.markVanished('r1', 'scan');
        this.#lastSealed = undefined;
        return { kind: 'marked', result: 'done' };
      case 'seal':
        return this.#isAway
          ? { kind: 'refused', error: 'Error' }
          : { kind: 'answered', outcome: await this.#seal(work) };
      case 'note-seen': {
        if (this.#isAway) return { kind: 'seen', outcome: undefined };
        const { listing, signature } = work.look;
        const seen = { manifestDigest: listing.manifestDigest, signature, late: this.#late };
        const outcome = await store.noteSeen(work.batch.batchId, seen);
        return { kind: 'seen', outcome };
      }
      case 'keep-note':
        if (!this.#isAway && this.note?.decision === undefined && work.finding.outcome !== 'waiting')
          this.note = noteOf(null, work.finding);
        return { kind: 'settled' };
      case 'forget-note':
        if (!this.#isAway && this.note?.decision?.decision !== 'hold') this.note = undefined;
        return { kind: 'settled' };
    }
  }

  async #seal({ grade, look }: Extract<Work, { kind: 'seal' }>): Promise<SealOutcome> {
    const { bytes, files, manifestDigest } = look.listing;
    if (this.note?.decision?.decision === 'hold')
      return { kind: 'kept-back', batchId: null, generation: null, note: this.note };
    const identity = { rootId: 'r1', relativePath: 'scan', path: '/data/scan', name: 'scan' };
    const { files: manifest, signature } = look;
    const outcome = await this.store.seal({
      ...identity,
      grade,
      files,
      bytes,
      manifestDigest,
      manifest,
      signature,
      late: this.#late,
    });
    if (outcome.kind === 'sealed') {
      if (this.#lastSealed === manifestDigest) this.broken.push('sealed twice');
      if (files === 0 && grade !== 'released') this.broken.push('sealed without a file');
      this.#lastSealed = manifestDigest;
    }
    return outcome;
  }

  /** The world stands still, everything answers, and all that is due is done. */
  async settle(): Promise<void> {
    this.#isAway = false;
    if (this.note?.decision?.decision === 'hold') this.note = undefined;
    for (let round = 0; round < 200; round += 1) {
      if (round % 10 === 0 && !isBusy(this.state)) await this.scan();
      await this.answer();
      this.#now += QUIET_MS;
      await this.takeTurn();
    }
  }

  /** Work that should be done by now, and is not. */
  *findUndone(): Generator<string> {
    const row = this.store.rows.get('scan');
    if (this.content === undefined && row?.vanished === false) yield 'what went is not known to be gone';
    if (this.content === undefined || this.content === '') return;
    const digest = `digest of ${this.content}`;
    const isTold = this.#late === 'ignore' && row?.lateDigest === digest;
    if (row?.manifestDigest !== digest && !isTold) yield `${digest} is not taken, but ${row?.manifestDigest}`;
    if (row?.vanished !== false) yield 'what is there is taken for gone';
    if (isInHand(this.state)) yield 'something is left to be done';
  }
}
