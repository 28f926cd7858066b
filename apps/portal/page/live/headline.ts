import type { HealthProblem, WatcherStatus } from '@sendit/api';
import { HEADLINE } from '../words/words.ts';
import type { Live } from './live-store.ts';

/** `well` is green, and only where nothing needs a person. */
export type HeadlineTone = 'well' | 'attention' | 'bad' | 'unknown';

/** The one sentence that an operator came for. */
export interface Headline {
  readonly tone: HeadlineTone;
  readonly words: string;
  /** How many things need a person. */
  readonly count: number;
}

/** The headline by the one judgement of health: what `sendit watcher status` ends with anything but 0 for is never well here. */
export function toHeadline({ connection, problem, status }: Pick<Live, 'connection' | 'problem' | 'status'>): Headline {
  if (connection === 'lost') return { tone: 'unknown', words: HEADLINE.noAnswer, count: 0 };
  if (problem !== null) return { tone: 'bad', words: HEADLINE.unseen, count: 1 };
  if (status === undefined) return { tone: 'unknown', words: HEADLINE.asking, count: 0 };
  const needing = toNeeding(status);
  if (!status.active) return { tone: 'bad', words: HEADLINE.inactive, count: Math.max(1, needing.length) };
  if (needing.length === 0) return { tone: 'well', words: HEADLINE.well, count: 0 };
  const tone = needing.some(({ severity }) => severity === 'error') ? 'bad' : 'attention';
  return { tone, words: HEADLINE.needs(needing.length), count: needing.length };
}

/** Problems that need a person, worst first. */
export function toNeeding(status: WatcherStatus): readonly HealthProblem[] {
  return status.health?.problems.filter(({ severity }) => severity !== 'info') ?? [];
}

/** Notes that are not faults. */
export function toNotes(status: WatcherStatus): readonly HealthProblem[] {
  return status.health?.problems.filter(({ severity }) => severity === 'info') ?? [];
}
