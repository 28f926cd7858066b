// `node bench/import/million.mjs`: very many instances through one process on PostgreSQL, in batches or as a single one: whether the rate
// stays and memory does too. Small files with headers of 200 elements, made just before they are read and deleted afterwards.
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { importBatch, openHeaderPool } from '@sendit/importer';
import { silentLogger } from '@sendit/model';
import { openDatabase } from '@sendit/persistence';
import { toDicomFile, toScannerElements } from '@sendit/testing/synthetic';

const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '1000000' },
    batch: { type: 'string', default: '10000' },
    directory: { type: 'string', default: tmpdir() },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
const never = new AbortController().signal;
const UID = '2.25.1000000000000000';
const SERIES_OF = 500;

if (values.help === true) {
  process.stdout.write(`Usage: node bench/import/million.mjs [--instances N] [--batch N] [--directory DIR] [--json FILE]

  --instances N    of all batches together (1000000)
  --batch N        of one batch (10000); as many as --instances for a single one
  --directory DIR  where the files are made: a file system in memory for a run without the disk
`);
} else {
  await run();
}

async function run() {
  const instances = Number(values.instances);
  const perBatch = Math.min(Number(values.batch), instances);
  const directory = mkdtempSync(join(values.directory, 'sendit-million-'));
  const { startPostgres } = await import(new URL('../../packages/testing/dist/postgres-server.js', import.meta.url));
  const server = await startPostgres();
  try {
    const database = await openDatabase({ kind: 'postgres', url: await server.createDatabase() });
    const readers = openHeaderPool();
    const root = await database.roots.upsert({ name: 'data', path: directory });
    const write = newWriter();
    const rows = [];
    let startRss = 0;
    for (let first = 0; first < instances; first += perBatch) {
      const name = `batch-${first}`;
      const manifest = write(join(directory, name), first, Math.min(perBatch, instances - first));
      const job = await seal(database, { rootId: root.id, path: join(directory, name), name, manifest });
      global.gc?.();
      if (first === 0) startRss = process.memoryUsage.rss();
      const { peak, ms } = await measure(job, { database, readers, instances: manifest.length });
      rows.push({ files: manifest.length, ms, rssMb: toMb(peak - startRss) });
      rmSync(join(directory, name), { recursive: true });
    }
    report(rows);
    await readers[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  } finally {
    await server[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function seal(database, { rootId, path, name, manifest }) {
  const bytes = manifest.reduce((sum, file) => sum + file.bytes, 0);
  const request = { rootId, relativePath: name, path, name, grade: 'renamed', files: manifest.length, bytes };
  const outcome = await database.batches.seal({ ...request, manifestDigest: name, manifest });
  const [row] = await database.outbox.claim({ limit: 1, leaseMs: 600_000 });
  return { batchId: outcome.batchId, outboxId: row.id };
}

/** The import alone, with the highest memory of the process meanwhile. */
async function measure(job, { database, readers, instances }) {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 20);
  const start = performance.now();
  const hash = { scope: 'header', algorithm: 'xxh128' };
  const outcome = await importBatch(
    job,
    { store: database.studies, readers, policy: { hash }, logger: silentLogger },
    never,
  );
  const ms = performance.now() - start;
  clearInterval(timer);
  look();
  if (outcome.kind !== 'imported' || outcome.instances !== instances) {
    throw new Error(`Expected ${instances} imported instances, got ${JSON.stringify(outcome)}`);
  }
  return { peak, ms };
}

/** Writes files that differ in their UIDs and instance numbers alone: digits of one length, put into one file's bytes. */
function newWriter() {
  const numbered = { sop: `${UID}.100000000`, series: `${UID}.200000000`, number: '91827364' };
  const file = toDicomFile(
    toScannerElements({
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      SOPInstanceUID: numbered.sop,
      StudyDate: '20240102',
      Modality: 'CT',
      PatientID: 'SYN-0001',
      StudyInstanceUID: `${UID}.300000000`,
      SeriesInstanceUID: numbered.series,
      InstanceNumber: numbered.number,
      Rows: 512,
      Columns: 512,
      BitsAllocated: 16,
      PixelData: Buffer.alloc(64),
    }),
  );
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const placesOf = (text) => {
    const places = [];
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at + text.length);
    return places;
  };
  if (placesOf(numbered.sop).length === 0) throw new Error('Expected the UID in the file');
  const places = { sop: placesOf(numbered.sop), series: placesOf(numbered.series), number: placesOf(numbered.number) };
  const put = (where, digits) => {
    for (const end of where) bytes.write(digits, end - digits.length, 'latin1');
  };
  return (path, first, count) => {
    mkdirSync(path);
    return Array.from({ length: count }, (_, index) => {
      put(places.sop, String(first + index).padStart(8, '0'));
      put(places.series, String(Math.floor((first + index) / SERIES_OF)).padStart(8, '0'));
      put(places.number, String((index % SERIES_OF) + 1).padStart(8, '0'));
      const name = `IM${String(index).padStart(7, '0')}`;
      writeFileSync(join(path, name), bytes);
      const { mtimeNs, ino } = statSync(join(path, name), { bigint: true });
      return { path: name, bytes: bytes.length, mtimeNs, inode: ino };
    });
  };
}

function report(rows) {
  const rateOf = (part) =>
    Math.round((part.reduce((sum, { files }) => sum + files, 0) / part.reduce((sum, { ms }) => sum + ms, 0)) * 1000);
  const tenth = Math.max(1, Math.floor(rows.length / 10));
  const result = {
    instances: rows.reduce((sum, { files }) => sum + files, 0),
    batches: rows.length,
    filesPerS: rateOf(rows),
    firstTenthFilesPerS: rateOf(rows.slice(0, tenth)),
    lastTenthFilesPerS: rateOf(rows.slice(-tenth)),
    peakRssAboveStartMb: Math.max(...rows.map(({ rssMb }) => rssMb)),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
}

function toMb(bytes) {
  return Math.round(bytes / 1_000_000);
}
