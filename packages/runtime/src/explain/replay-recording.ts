import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Settings } from '@sendit/config';
import {
  parseRecording,
  PROFILE_NAMES,
  profile,
  type Recording,
  replayDecision,
  type ReplayedDecision,
} from '@sendit/detector';
import { reconstructRecording } from '@sendit/detector/node';
import { SenditError } from '@sendit/model';
import { toRules } from '@sendit/intake';
import { toNameReason } from '../disk/left-alone.ts';

/** `sendit detector replay --json`. */
export interface ReplayReport {
  readonly path: string;
  readonly source: Recording['source'];
  readonly arrival: Recording['sight']['arrival'];
  readonly steps: number;
  /** From the first step to the last, and to the last that changed anything. */
  readonly recordedMs: number;
  readonly lastChangeMs: number;
  readonly quietMs: number;
  /** Why it is never sealed, whatever a profile decides; null where its name keeps nothing back. */
  readonly leftAlone: string | null;
  /** By name of the profile; `configured` by the watch path of the folder, else by the general settings. */
  readonly profiles: Readonly<Record<string, ReplayedDecision>>;
}

/**
 * Replays a recording, or a folder as reconstructed from its file times, under each profile.
 * @throws SenditError `not-found`, `bad-arguments` for a file that is not a recording
 */
export async function replayPath(
  settings: Pick<Settings, 'watchPaths' | 'quietMs' | 'testPrefix'>,
  path: string,
  options: { readonly quietMs?: number | undefined },
): Promise<ReplayReport> {
  const recording = await readRecording(path);
  const watchPath = settings.watchPaths.find(({ folder }) => folder === dirname(path));
  const quietMs = options.quietMs ?? watchPath?.quietMs ?? settings.quietMs;
  const ruleSets = [
    ...PROFILE_NAMES.map((name) => [name, profile(name, { quietMs })] as const),
    ['configured', toRules({ ...watchPath, quietMs })] as const,
  ];
  const { sight, source, steps } = recording;
  return {
    path,
    source,
    arrival: sight.arrival,
    steps: steps.length,
    recordedMs: steps.at(-1)?.at ?? 0,
    lastChangeMs: toLastChange(recording),
    quietMs,
    leftAlone: toNameReason(sight.name, watchPath, settings)?.reason ?? null,
    profiles: Object.fromEntries(
      ruleSets.map(([name, rules]) => [name, replayDecision(recording, rules, { quietMs })]),
    ),
  };
}

async function readRecording(path: string): Promise<Recording> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) {
    throw new SenditError(`There is nothing at ${path}.`, {
      code: 'not-found',
      hint: 'Give a directory, or a file that `sendit detector record` has written.',
    });
  }
  if (stats.isDirectory()) return reconstructRecording(path, new AbortController().signal);
  const parsed = parseRecording(await readFile(path, 'utf8'));
  if (parsed.kind === 'recording') return parsed.recording;
  throw new SenditError(`Expected a recording in ${path}: ${parsed.reason}.`, {
    code: 'bad-arguments',
    hint: '`sendit detector record` writes one.',
  });
}

function toLastChange({ steps }: Recording): number {
  let last = steps[0]?.at ?? 0;
  let before: string | undefined;
  for (const step of steps) {
    if (step.kind === 'change' || step.listing.snapshotDigest !== before) last = step.at;
    if (step.kind === 'look') before = step.listing.snapshotDigest;
  }
  return last;
}
