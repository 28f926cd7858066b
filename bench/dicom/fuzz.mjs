// `npm run fuzz:dicom`: changes real (SENDIT_DICOM_CORPUS) and synthetic files at random, reads each by the fast walk and by the careful
// one, and prints how they ended and how long the slowest took. Exits with 1 on a throw, an undocumented end, or where the two differ; a hang
// shows as no output.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { readHeader, toByteSource } from '@sendit/dicom';
import { readSeeds, toBomb, toRandom, withMutant } from './mutants.mjs';

const KINDS = new Set(['dicom', 'truncated', 'dicomdir', 'not-dicom', 'empty', 'damaged', 'limit']);
const SHOWN = 10;
const PROGRESS_EACH = 500_000;

/** As files are read. */
const FAST = { checkTruncation: true, buffer: new Uint8Array(8 << 10) };

/** Stretches need words, which an odd address has none of; a small buffer that slides often must not matter either. */
const CAREFUL = { checkTruncation: true, buffer: new Uint8Array(1025).subarray(1) };

const { values } = parseArgs({
  options: {
    mutants: { type: 'string', default: '5000000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h' },
  },
});

if (values.help === true) {
  process.stdout.write(
    'Usage: npm run fuzz:dicom -- [--mutants N] [--seed N]    (default: 5,000,000 mutants of seed 1)\n',
  );
} else {
  process.exitCode = run(Number(values.mutants), Number(values.seed));
}

function run(mutants, seed) {
  const random = toRandom(seed);
  const seeds = readSeeds();
  const report = { mutants, seed, files: seeds.length, ends: {}, worstMs: 0, differences: 0 };
  look(toBomb(), report);
  const start = performance.now();
  for (let index = 1; index <= mutants; index++) {
    const seedIndex = random(seeds.length);
    const differing = withMutant(seeds[seedIndex], random, (bytes) => look(bytes, report));
    if (differing !== undefined) {
      report.differences += 1;
      if (report.differences <= SHOWN) process.stderr.write(`mutant ${index} of file ${seedIndex}: ${differing}\n`);
    }
    if (index % PROGRESS_EACH === 0) process.stderr.write(`${index} mutants, ${report.differences} differences\n`);
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  process.stdout.write(`${JSON.stringify({ ...report, worstMs: Math.round(report.worstMs), seconds })}\n`);
  return report.differences === 0 ? 0 : 1;
}

/** Reads one file by both walks; returns both results where they differ. */
function look(bytes, report) {
  const source = toByteSource(bytes);
  const start = performance.now();
  const fast = readHeader(source, FAST);
  report.worstMs = Math.max(report.worstMs, performance.now() - start);
  if (!KINDS.has(fast.kind)) throw new Error(`Expected a documented end, got ${fast.kind}`);
  report.ends[fast.kind] = (report.ends[fast.kind] ?? 0) + 1;
  const careful = readHeader(source, CAREFUL);
  return isDeepStrictEqual(fast, careful) ? undefined : `${JSON.stringify(fast)}\n   but ${JSON.stringify(careful)}`;
}
