// `npm run fuzz:peers`: reads changed files beside dcmdump and pydicom, and prints each value on which these two agree and sendit does not.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readHeader, toByteSource } from '@sendit/dicom';
import { readSeeds, toRandom, withMutant } from './mutants.mjs';

/** Debian's own, for which python3-pydicom is. */
const PYTHON = '/usr/bin/python3';

/** Larger files cost the peers too much. */
const MOST_BYTES = 60_000;

const KEYWORDS = {
  SOPInstanceUID: '0008,0018',
  StudyDate: '0008,0020',
  Modality: '0008,0060',
  StudyInstanceUID: '0020,000d',
  SeriesInstanceUID: '0020,000e',
};

const { values } = parseArgs({
  options: { mutants: { type: 'string', default: '4000' }, seed: { type: 'string', default: '1' } },
});
const folder = mkdtempSync(join(tmpdir(), 'sendit-peers-'));
try {
  const names = writeMutants(Number(values.mutants), Number(values.seed));
  const theirs = readByPydicom();
  const counts = { files: names.length, agreed: 0, differing: 0 };
  for (const name of names) compare(name, theirs[name] ?? {}, counts);
  process.stdout.write(`${JSON.stringify(counts)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function writeMutants(count, seed) {
  const random = toRandom(seed);
  const seeds = readSeeds().filter(({ length }) => length < MOST_BYTES);
  return Array.from({ length: count }, (_, index) => {
    const name = `${index}.dcm`;
    withMutant(seeds[random(seeds.length)], random, (bytes) => writeFileSync(join(folder, name), bytes));
    return name;
  });
}

function compare(name, byPydicom, counts) {
  const byDcmdump = readByDcmdump(join(folder, name));
  const result = readHeader(toByteSource(readFileSync(join(folder, name))));
  for (const keyword of Object.keys(KEYWORDS)) {
    const value = byPydicom[keyword];
    if (value === undefined || value === '' || value !== byDcmdump[keyword]) continue;
    counts.agreed += 1;
    const ours = result.attributes?.[keyword];
    if (ours === value) continue;
    counts.differing += 1;
    process.stdout.write(
      `${name} ${keyword}: ${JSON.stringify(value)}, but ${JSON.stringify(ours)} (${result.kind})\n`,
    );
  }
}

function readByPydicom() {
  const script = fileURLToPath(new URL('pydicom_values.py', import.meta.url));
  const options = { encoding: 'utf8', maxBuffer: 1 << 30 };
  const { error, status, stderr, stdout } = spawnSync(PYTHON, [script, folder, ...Object.keys(KEYWORDS)], options);
  if (status !== 0) throw new Error(`Expected pydicom to read the files, got: ${stderr}`, { cause: error });
  return JSON.parse(stdout);
}

function readByDcmdump(path) {
  const asked = Object.values(KEYWORDS).flatMap((tag) => ['+P', tag]);
  const { error, stdout } = spawnSync('dcmdump', ['-q', '-M', '-s', ...asked, path], { encoding: 'latin1' });
  if (error !== undefined) throw error;
  const lines = [...stdout.matchAll(/^\(([0-9a-f]{4},[0-9a-f]{4})\) .. \[(.*?)\]/gm)];
  return Object.fromEntries(
    Object.entries(KEYWORDS).flatMap(([keyword, tag]) => {
      const line = lines.find(([, found]) => found === tag);
      return line === undefined ? [] : [[keyword, line[2].trim()]];
    }),
  );
}
