// A step of the import worker: keeps, for every batch, the first bytes of each file, where a thumbnail would be made. In the configuration:
//
//   worker: { steps: ['./thumbnails.ts#thumbnails'] }
import { mkdir, open, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineStep } from '@sendit/actions';

/** Beside this file. */
const FOLDER = fileURLToPath(new URL('thumbnails', import.meta.url));

/** May be called again for a batch: by its key it finds the same directory, and writes the same files. */
export const thumbnails = defineStep('thumbnails', async (batch, { files, idempotencyKey, log, report, signal }) => {
  const folder = join(FOLDER, idempotencyKey);
  await mkdir(folder, { recursive: true });
  let done = 0;
  for await (const path of files) {
    signal.throwIfAborted();
    await using file = await open(path);
    const { buffer } = await file.read(Buffer.alloc(132), 0, 132, 0);
    await writeFile(join(folder, `${basename(String(path))}.head`), buffer);
    done += 1;
    report(done, batch.files);
  }
  log('thumbnails kept', { files: done });
});
