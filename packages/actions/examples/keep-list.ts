// An action of one's own: keeps, for every batch, a list of its files. In the configuration:
//
//   actions: [{ kind: 'module', module: './keep-list.ts#keepList' }]
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineAction } from '@sendit/actions';

/** Beside this file. */
const FOLDER = fileURLToPath(new URL('lists', import.meta.url));

/** May be called again for a batch: it writes the same file then. */
export const keepList = defineAction(async ({ batch, idempotencyKey }, { files, logger, signal }) => {
  const lines: string[] = [];
  for await (const file of files) {
    signal.throwIfAborted();
    lines.push(String(file));
  }
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, `${batch.id}.txt`), `${lines.join('\n')}\n`);
  logger.info('list kept', { batch: batch.id, key: idempotencyKey });
});
