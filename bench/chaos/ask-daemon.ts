import { get } from 'node:http';
import type { Page, PendingDirectory } from '@sendit/api';
import { systemClock } from '@sendit/model';

/** HELD batches wait for files that were away, and are back. */
const OPEN_STATUSES = ['NEW', 'QUEUE', 'PROCESSING', 'HELD'];
/** Longer than the quiet time and the pause between two looks of a relay. */
const STILL_MS = 4_000;
const PAUSE_MS = 200;

/** For what is left when everything is healthy again: a job that the queue forgot is sent again after a minute… */
const PATIENCE_MS = 300_000;
/** …and a busy machine may have hardly begun. */
const PATIENCE_PER_DIRECTORY_MS = 300;

/** Waits until nothing is pending, queued, running or to be handed on, and stays so for a while; whether it came to that in time. */
export async function waitUntilIdle(
  { socketPath, directories }: { readonly socketPath: string; readonly directories: number },
  signal: AbortSignal,
): Promise<boolean> {
  const giveUpAt = performance.now() + PATIENCE_MS + directories * PATIENCE_PER_DIRECTORY_MS;
  let idleSince: number | undefined;
  while (!signal.aborted && performance.now() < giveUpAt) {
    const isIdle = await askIsIdle(socketPath).catch(() => false);
    const now = performance.now();
    idleSince = isIdle ? (idleSince ?? now) : undefined;
    if (idleSince !== undefined && now - idleSince > STILL_MS) return true;
    await systemClock.sleep(PAUSE_MS, signal);
  }
  signal.throwIfAborted();
  return false;
}

interface OpenWork {
  /** Null when the database does not answer. */
  readonly actions: { readonly pending: number; readonly running: number } | null;
}

async function askIsIdle(socketPath: string): Promise<boolean> {
  const { actions } = await ask<OpenWork>(socketPath, '/api/watcher');
  if (actions === null || actions.pending + actions.running > 0) return false;
  for (const word of OPEN_STATUSES) {
    const open = await ask<Page<unknown>>(socketPath, `/api/batches?status=${word}&limit=1`);
    if (open.count > 0) return false;
  }
  // What keeps an unfinished name waits for ever.
  const pending = await ask<Page<Pick<PendingDirectory, 'name' | 'outcome'>>>(socketPath, '/api/pending');
  return pending.results.every(({ name, outcome }) => outcome === 'skipped' || name.endsWith('.tmp'));
}

function ask<T>(socketPath: string, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = get({ socketPath, path, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) reject(new Error(`expected 200 of ${path}, got ${response.statusCode}`));
        else resolve(JSON.parse(Buffer.concat(chunks).toString()) as T);
      });
    });
    request.on('timeout', () => request.destroy(new Error('the daemon does not answer')));
    request.on('error', reject);
  });
}
