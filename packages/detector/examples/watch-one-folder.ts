// Waits until one folder is complete: node watch-one-folder.js /incoming/scan_0001
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type FolderFacts, judge, nextLookAt, observe, profile, type Verdict } from '@sendit/detector';
import { readFolder } from '@sendit/detector/node';

/** Looks again and again; returns the verdict once the folder is finished, or held at its deadline. */
export async function waitForFolder(path: string, quietMs: number, signal: AbortSignal): Promise<Verdict> {
  const rules = profile('safe', { quietMs });
  let facts: FolderFacts | undefined;
  for (;;) {
    const startedAt = performance.now();
    const listing = await readFolder(path, signal);
    const now = performance.now();
    facts = observe(facts ?? { name: basename(path), arrival: 'found' }, listing, now);
    const verdict = judge(facts, rules, now);
    if (verdict.outcome !== 'waiting') return verdict;
    const next = nextLookAt(verdict, now, { quietMs, tookMs: now - startedAt });
    await setTimeout(next - now, undefined, { signal });
  }
}
