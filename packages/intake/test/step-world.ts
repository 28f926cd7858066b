import type { FolderListing } from '@sendit/detector';
import type { FolderLook } from '@sendit/detector/node';
import type { DirectoryNote } from '@sendit/model';
import type { Candidate } from '@sendit/processors';
import { toRules } from '../src/candidate/to-rules.ts';
import type { Moment, StepSettings } from '../src/candidate/state.ts';

export const QUIET_MS = 5_000;

/** The settings of a small watch path. */
export const SETTINGS: StepSettings = {
  root: 'data',
  unit: 'directory',
  toSubject: ({ path }) => path,
  rules: toRules({ quietMs: QUIET_MS, maxWaitMs: 20 * QUIET_MS, minFiles: 1 }),
  quietMs: QUIET_MS,
  late: 'whole',
  asksWriters: true,
  maxWaitMs: QUIET_MS,
  nameWarning: 'It keeps its name',
  prefix: '/data/',
};

export function momentAt(now: number, over: Partial<Moment> = {}): Moment {
  return { now, settings: SETTINGS, storeClosedUntil: undefined, isStoreAway: false, pending: 1, ...over };
}

export function candidateOf(arrival: Candidate['arrival'], name = 'scan'): Candidate {
  return { name, path: `/data/${name}`, arrival };
}

/** A look at a directory that holds one file of this content; without files, or not there. */
export function lookOf(content: string | undefined, over: Partial<FolderListing> = {}): FolderLook {
  const hasFiles = content !== undefined && content !== '';
  const listing: FolderListing = {
    exists: content !== undefined,
    isDirectory: content !== undefined,
    files: hasFiles ? 1 : 0,
    bytes: hasFiles ? 1 : 0,
    manifestDigest: `digest of ${content}`,
    snapshotDigest: `${content}`,
    newestCtimeMs: null,
    unreadable: 0,
    problemCodes: [],
    ...(content === undefined ? {} : { identity: '1:scan:0' }),
    ...over,
  };
  const files = hasFiles ? [{ path: content, bytes: 1, mtimeNs: 0n, inode: 1n }] : [];
  return { listing, files, signature: null };
}

/** A person's decision, or the rules' result before a restart. */
export function noteOf(decision: 'hold' | 'release' | null, over: Partial<DirectoryNote> = {}): DirectoryNote {
  return {
    relativePath: 'scan',
    outcome: 'waiting',
    reason: '',
    since: '2026-01-01T00:00:00Z',
    arrival: 'found',
    renamedFiles: null,
    identity: null,
    decision: decision === null ? null : { decision, by: 'alice', reason: 'Why.', at: '2026-01-01T00:00:00Z' },
    ...over,
  };
}
