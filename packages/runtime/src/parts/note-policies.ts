import type { WatchPath } from '@sendit/config';
import type { openConfiguredDatabase } from './open-stores.ts';

/** Notes how the findings of every watch path are judged, and what it ignores: workers read it there, whose configuration may be another. */
export async function notePolicies(
  watchPaths: readonly WatchPath[],
  { roots }: Pick<Awaited<ReturnType<typeof openConfiguredDatabase>>, 'roots'>,
): Promise<void> {
  for (const { findings, folder, ignore, name } of watchPaths) {
    const root = await roots.upsert({ name, path: folder });
    await roots.judgeFindings(root.id, findings);
    await roots.ignoreNames(root.id, ignore);
  }
}
