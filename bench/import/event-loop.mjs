// `node bench/import/event-loop.mjs [--instances N]`: how long the event loop of a process stands still while its embedded database commits one
// large batch. Nothing is read from disk: the instances are made up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { openDatabase } from '@sendit/persistence';

const { values } = parseArgs({ options: { instances: { type: 'string', default: '200000' } } });
const PART = 5_000;
const UID = '2.25.1000000000000000';
const directory = mkdtempSync(join(tmpdir(), 'sendit-event-loop-'));

try {
  const database = await openDatabase({ kind: 'embedded', directory: join(directory, 'database') });
  const instances = Number(values.instances);
  const root = await database.roots.upsert({ name: 'data', path: directory });
  const place = { rootId: root.id, relativePath: 'a', path: join(directory, 'a'), name: 'a' };
  const size = { files: instances, bytes: instances, manifestDigest: 'a', manifest: [], grade: 'renamed' };
  const { batchId } = await database.batches.seal({ ...place, ...size });
  const [{ id: outboxId }] = await database.outbox.claim({ limit: 1, leaseMs: 600_000 });
  const { attempt } = await database.studies.begin({ batchId, outboxId });
  const run = { batchId, outboxId, attempt };
  const stage = await measure(async () => {
    for (let first = 0; first < instances; first += PART) {
      await database.studies.stage({ ...run, instances: makeInstances(first, Math.min(PART, instances - first)) });
    }
  });
  const commit = await measure(() => database.studies.commit(toResult(run, instances)));
  process.stdout.write(`${JSON.stringify({ instances, stage, commit })}\n`);
  await database[Symbol.asyncDispose]();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function measure(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  await work();
  const ms = Math.round(performance.now() - start);
  delay.disable();
  const toMs = (ns) => Math.round(ns / 1_000_000);
  return { ms, p99DelayMs: toMs(delay.percentile(99)), maxDelayMs: toMs(delay.max) };
}

function makeInstances(first, count) {
  return Array.from({ length: count }, (_, index) => ({
    series: 0,
    sopInstanceUid: `${UID}.${first + index}`,
    sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    instanceNumber: first + index,
    path: `IM${first + index}`,
    bytes: 1,
    datasetBytes: 1,
    isWhole: true,
    digest: 'd'.repeat(32),
    digestAlgorithm: 'xxh128',
    attributes: null,
  }));
}

function toResult(run, files) {
  const nothing = { studyDate: null, studyTime: null, studyId: null, accessionNumber: null, studyDescription: null };
  const nobody = { patientId: null, patientName: null, patientBirthDate: null, patientSex: null };
  const series = { modality: 'CT', seriesNumber: 1, seriesDescription: null, bodyPartExamined: null };
  return {
    ...run,
    status: 'DONE',
    reason: null,
    files,
    bytes: files,
    digest: null,
    digestAlgorithm: null,
    times: { listingMs: 0, readingMs: 0, hashingMs: 0 },
    studies: [{ studyInstanceUid: UID, ...nothing, ...nobody }],
    series: [
      { studyInstanceUid: UID, seriesInstanceUid: `${UID}.1`, ...series, protocolName: null, manufacturer: null },
    ],
    instances: [],
    findings: [],
  };
}
