import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BatchDetail, Page, BatchSummary, PendingDirectory } from '@sendit/api';
import { exited, waitUntil } from '@sendit/testing/services';
import type { Scenario } from './scenario.ts';
import type { RecordedBatch } from './judge.ts';
import type { Place } from './place.ts';

const CLI = join(findRoot(), 'apps/cli/bin/run.js');
const START_MS = 90_000;
/** `nobody` of most systems. */
const ORDINARY = 65_534;

/** The built watcher, on the embedded database, with a watch path for each scenario. */
export interface Watcher extends AsyncDisposable {
  readBatches(name: string): Promise<readonly RecordedBatch[]>;
  listPending(name: string): Promise<readonly PendingDirectory[]>;
  /** The last lines that it said. */
  said(): string;
}

/** Starts it, and waits until it watches every folder. */
export async function startWatcher(
  directory: string,
  places: ReadonlyMap<Scenario, Place>,
  { isOrdinary, quietMs }: { readonly isOrdinary: boolean; readonly quietMs: number },
): Promise<Watcher> {
  await mkdir(directory, { recursive: true });
  const stateDir = join(directory, 'state');
  const config = join(directory, 'sendit.config.json');
  const watchPaths = [...places].map(([{ name, here }, { data }]) => ({
    folder: data,
    name,
    events: 'IN_ALL_EVENTS',
    processor: 'DicomQueue',
    rescanMs: 2_000,
    ...here,
    ...(here?.['arrivingNames'] === undefined ? {} : { arrivingNames: [here['arrivingNames']] }),
  }));
  const settings = { stateDir, quietMs, portal: { enabled: false }, watchPaths };
  await writeFile(config, JSON.stringify(settings));
  if (isOrdinary) {
    await chmod(directory, 0o755);
    await chown(directory, ORDINARY, ORDINARY);
  }
  const child = spawn(process.execPath, [CLI, 'watcher', 'start', '--foreground', '--config', config], {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: directory, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isOrdinary ? { uid: ORDINARY, gid: ORDINARY } : {}),
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data.toString()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited(child);
  };
  const said = (): string => text.slice(-6_000);
  const socketPath = join(stateDir, 'api.sock');
  try {
    await waitUntil(
      'the watcher to stand',
      () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
        return [...places.values()].every(({ data }) => text.includes(`Adding watch on ${data},`));
      },
      START_MS,
    );
  } catch (cause) {
    await stop();
    throw new Error(`the watcher does not stand; it said:\n${said()}`, { cause });
  }
  return {
    said,
    async listPending(name) {
      const { results } = await ask<Page<PendingDirectory>>(socketPath, `/api/pending?root=${name}&limit=50`);
      return results;
    },
    async readBatches(name) {
      const { results } = await ask<Page<BatchSummary>>(socketPath, `/api/batches?root=${name}&limit=50`);
      return Promise.all(
        results.map(async ({ id }) => toRecorded(await ask<BatchDetail>(socketPath, `/api/batches/${id}`))),
      );
    },
    [Symbol.asyncDispose]: stop,
  };
}

function toRecorded(batch: BatchDetail): RecordedBatch {
  const studies = batch.studyList.map(({ studyInstanceUid, seriesList }) => [
    studyInstanceUid,
    Object.fromEntries(seriesList.map(({ seriesInstanceUid, instances }) => [seriesInstanceUid, instances])),
  ]);
  return {
    name: batch.name,
    status: batch.status,
    grade: batch.grade,
    generation: batch.generation,
    lateChanges: batch.lateChanges,
    sealedAt: Date.parse(batch.createdAt),
    studies: Object.fromEntries(studies) as RecordedBatch['studies'],
    findings: batch.findingList.filter(({ severity }) => severity !== 'info').map(({ code }) => code),
  };
}

function ask<T>(socketPath: string, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = get({ socketPath, path, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(body) as T);
        else reject(new Error(`expected 200 of ${path}, got ${response.statusCode}: ${body}`));
      });
    });
    request.on('timeout', () => request.destroy(new Error('the watcher does not answer')));
    request.on('error', reject);
  });
}

/** This file is run from its source by the tests, and compiled, deeper, by the command. */
function findRoot(): string {
  return fileURLToPath(import.meta.url).replace(/\/bench\/senders\/.*$/, '');
}
