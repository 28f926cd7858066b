import type { KnownBatch } from '@sendit/model';
import type { FileEvent } from '@sendit/model';
import type { Candidate } from '@sendit/processors';
import type { Landing } from '../candidate/landing.ts';
import type { LeftAlone } from './left-alone.ts';
import type { WantedNames } from './wanted-names.ts';

/** Content of a watch path, from one listing. */
export interface SourceListing {
  readonly kind: 'listing';
  /** Of the watch path: changes when another folder took its place. */
  readonly identity: string;
  /** Names to judge: all, or with `isOfChanges` those that changed since the last listing. */
  readonly candidates: readonly Candidate[];
  readonly isOfChanges: boolean;
  /** Names that went away since the last listing, as far as the source knows. */
  readonly gone: readonly string[];
  /** Whether something is there under a name, final or not. */
  readonly isThere: (name: string) => boolean;
  /**
   * Whether an absent name is gone. False if nothing at all is there, which may be an unmounted share, or if part
   * cannot be read.
   */
  readonly tellsGone: boolean;
  /** For the log. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Where the candidates of a watch path come from: directories right below it, or the files of series or studies. */
export interface CandidateSource extends Landing {
  /** It needs the events of everything below the watch path, not only of what lies right in it. */
  readonly isRecursive: boolean;
  /** Warning, without names, for an unfinished name that has waited too long. */
  readonly nameWarning: string;
  readonly wanted: WantedNames;
  readonly leftAlone: LeftAlone;
  /** Absolute path of a candidate. */
  toPath(name: string): string;
  /** Whether a path below the root is one of its candidates' names, and not one of another unit. */
  isOwnName(name: string): boolean;
  /** Lists what is there. @throws the signal's reason when aborted. */
  list(signal: AbortSignal): Promise<SourceListing | { readonly kind: 'unreadable'; readonly code: string }>;
  /** Whether a recorded batch is, by what can be told without a look at its files, as it was. */
  isUnchanged(name: string, batch: KnownBatch): Promise<boolean>;
  /** That is cheap enough to be asked of thousands in turn. */
  readonly comparesCheaply: boolean;
  /** An event below the watch path. */
  onEvent(event: FileEvent): void;
  /** A directory right below the watch path went away. */
  leave(name: string): void;
  /** Takes what a processor submits. */
  submit(candidate: Candidate): void;
  /** Looks at what events spoke of, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Tells anew which names cannot be taken, before somebody asks. */
  refreshNames?(): void;
}

/** Who hears of the candidates. */
export interface CandidateSink {
  submit(candidate: Candidate): void;
  /** One that is waited for is due at once. */
  look(name: string): void;
  leave(name: string): void;
  /** A name that cannot be taken, and why. */
  name(name: string, reason: string): void;
  /** It is not there any more. */
  unname(name: string): void;
  /** All such names. */
  seeNames(names: ReadonlyMap<string, string>): void;
  isArriving(name: string): boolean;
}
