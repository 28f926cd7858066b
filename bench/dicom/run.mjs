// `npm run bench:dicom`: how fast headers are read, beside other readers and beside the floor (open, pread 16 KB, close).
// Every reader is a process of its own, one thread, on the same warm files; rounds are interleaved and the best one counts.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeSlices } from './corpus.mjs';
import { READERS } from './readers.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    files: { type: 'string' },
    only: { type: 'string', multiple: true },
    help: { type: 'boolean', short: 'h' },
  },
});

/** Debian's own, for which python3-pydicom is. */
const PYTHON = '/usr/bin/python3';

if (values.help === true) {
  process.stdout.write(`Usage: npm run bench:dicom -- [--quick] [--json FILE] [--files N] [--only NAME]...

  --quick      300 files and two short rounds (default: 2000 files, five rounds)
  --json FILE  write {readers: {NAME: {filesPerS, bytesPerFile}}, floorFilesPerS} to FILE
  --files N    how many CT slices of 530 KB to make
  --only NAME  only this reader (${Object.keys(READERS).join(', ')}, pydicom, dcmdump)
`);
} else {
  await run();
}

async function run() {
  const count = Number(values.files ?? (values.quick ? 300 : 2000));
  const rounds = values.quick ? 3 : 5;
  const milliseconds = values.quick ? 800 : 1500;
  const directory = mkdtempSync(join(tmpdir(), 'sendit-bench-dicom-'));
  try {
    const paths = makeSlices(directory, count);
    const list = join(directory, 'files.txt');
    writeFileSync(list, paths.join('\n'));
    for (const path of paths) readFileSync(path);
    const names = [...Object.keys(READERS), ...['pydicom', 'dcmdump'].filter(isInstalled)].filter(
      (name) => name === 'floor' || (values.only?.includes(name) ?? true),
    );
    const best = new Map();
    for (let round = 0; round < rounds; round++) {
      for (const name of names) {
        const result = measure(name, { list, paths, milliseconds });
        if (result.filesPerS > (best.get(name)?.filesPerS ?? 0)) best.set(name, result);
      }
    }
    report(best);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function measure(name, { list, paths, milliseconds }) {
  if (name === 'dcmdump') return measureDcmdump(paths);
  const here = fileURLToPath(new URL('.', import.meta.url));
  const [command, args] =
    name === 'pydicom'
      ? [PYTHON, [join(here, 'pydicom_reader.py'), list, String(milliseconds)]]
      : [process.execPath, [join(here, 'run-one.mjs'), name, list, String(milliseconds)]];
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Expected ${name} to read the files, got exit ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout);
}

/** dcmdump is one process for all files; its time holds its start (a few milliseconds). Linux counts what a child read to its parent. */
function measureDcmdump(paths) {
  const readBytes = () => Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0);
  const before = readBytes();
  const start = performance.now();
  const args = ['-q', '-M', '+P', 'SOPInstanceUID', ...paths];
  const { status, error } = spawnSync('dcmdump', args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`Expected dcmdump to read the files, got exit ${status}`, { cause: error });
  const filesPerS = Math.round((paths.length / (performance.now() - start)) * 1000);
  return { filesPerS, bytesPerFile: Math.round((readBytes() - before) / paths.length) };
}

function isInstalled(name) {
  const [command, args] = name === 'pydicom' ? [PYTHON, ['-c', 'import pydicom']] : [name, ['--version']];
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function report(best) {
  const floor = best.get('floor');
  const readers = Object.fromEntries([...best].filter(([name]) => name !== 'floor'));
  const sendit = readers.sendit?.filesPerS ?? 0;
  const lines = Object.entries(readers).map(
    ([name, { filesPerS, bytesPerFile }]) =>
      `${name.padEnd(22)} ${String(filesPerS).padStart(8)} files/s ${String(bytesPerFile).padStart(8)} B/file   ` +
      `${(filesPerS / floor.filesPerS).toFixed(2)} × floor, sendit is ${(sendit / filesPerS).toFixed(1)} × as fast`,
  );
  process.stdout.write(`${'floor'.padEnd(22)} ${String(floor.filesPerS).padStart(8)} files/s\n${lines.join('\n')}\n`);
  if (values.json === undefined) return;
  writeFileSync(values.json, `${JSON.stringify({ readers, floorFilesPerS: floor.filesPerS }, null, 2)}\n`);
}
