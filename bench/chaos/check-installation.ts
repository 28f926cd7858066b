import { existsSync } from 'node:fs';
import { compare, type DroppedDirectory, type Verdict } from './compare.ts';
import { openSql } from './database.ts';
import { readEffects } from './effects.ts';
import type { Installation } from './installation.ts';
import { readDatabase } from './read-database.ts';
import { readDroppedFiles } from './read-files.ts';
import type { Send } from './schedule.ts';
import { finalPath } from './sender.ts';

/** Stops every process; how many did not end with 0. */
export async function stopAll({ daemon, workers }: Installation): Promise<number> {
  let unclean = 0;
  for (const process of [...workers, daemon]) if ((await process.stop()) !== 0) unclean += 1;
  return unclean;
}

/** Compares what lies in the watched folder with what the database holds and the actions left. No process may run. */
export async function checkInstallation(
  { data, database, directory, share }: Installation,
  sends: readonly Send[],
): Promise<Verdict> {
  const dropped: DroppedDirectory[] = [];
  for (const send of sends) {
    const lies = finalPath(share, send);
    const finished = send.kind !== 'test' && send.kind !== 'unfinished';
    const files = existsSync(lies) ? readDroppedFiles(lies) : [];
    dropped.push({ path: finalPath(data, send), finished, files });
  }
  await using sql = await openSql(database);
  return compare(dropped, await readDatabase(sql), readEffects(directory));
}
