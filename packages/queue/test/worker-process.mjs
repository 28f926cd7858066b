// A worker in a process of its own, on what `npm run build` made. Arguments: JSON { target, name, lockMs, mode }.
// hang: announces each job and never ends it.  tidy: handles one job, stops, disposes, and must then exit by itself.
import { PGlite } from '@electric-sql/pglite';
import { openQueue } from '@sendit/queue';

const { target, name, lockMs, mode } = JSON.parse(process.argv[2]);

const say = (line) => process.stdout.write(`${line}\n`);

async function run(queue) {
  const stop = new AbortController();
  await queue.runWorker(
    {
      concurrency: 1,
      handle: async (job) => {
        say(`started ${job.outboxId}`);
        if (mode === 'hang') await new Promise(() => undefined);
        stop.abort();
      },
      exhausted: () => Promise.reject(new Error('not expected')),
    },
    stop.signal,
  );
}

const pglite = target.kind === 'pglite' ? await PGlite.create(target.dataDir) : undefined;
const queue = await openQueue(pglite === undefined ? target : { kind: 'pglite', pglite }, { name, lockMs });
await queue.add([{ id: 'added-by-child', kind: 'import-dicomdir', batchId: 'batch' }]);
await run(queue);
await queue[Symbol.asyncDispose]();
await pglite?.close();
say('disposed');
