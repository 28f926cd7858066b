export { type ImportWorkerDeps, runImportWorker, type WorkerStore } from './import-worker.ts';
export { runWorkerProcess } from './worker-process.ts';
export { openConfiguredDatabase, openConfiguredQueue } from './open-stores.ts';
