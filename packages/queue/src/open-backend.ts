import type { Backend, BullMq } from './backend.ts';
import type { QueueTarget } from './import-queue.ts';
import { openPgliteBackend } from './pglite-backend.ts';
import { openPostgresBackend } from './postgres-backend.ts';
import { openRedisBackend } from './redis-backend.ts';

/** Reaches the service and prepares it. Rejects with the driver's error. */
export function openBackend(target: QueueTarget, bullmq: BullMq): Promise<Backend> {
  switch (target.kind) {
    case 'pglite':
      return openPgliteBackend(target.pglite, bullmq);
    case 'postgres':
      return openPostgresBackend(target.url, bullmq);
    case 'redis':
      return openRedisBackend(target, bullmq);
  }
}
