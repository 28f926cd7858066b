// `node bench/dicom/fuzz.mjs [--mutants N] [--seed N]`: changes real (SENDIT_DICOM_CORPUS) and synthetic files at random, reads them, and
// prints how they ended and how long the slowest took. Exits with 1 on a throw or an undocumented end; a hang shows as no output.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readHeader, toByteSource } from '@sendit/dicom';
import { toDicomFile, toScannerElements } from '@sendit/testing/synthetic';

const KINDS = new Set(['dicom', 'truncated', 'dicomdir', 'not-dicom', 'empty', 'damaged', 'limit']);
const { values } = parseArgs({
  options: { mutants: { type: 'string', default: '12000' }, seed: { type: 'string', default: '1' } },
});
let state = Number(values.seed) | 1;
const random = (below) => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
};

const seeds = [...toSynthetic(), ...readCorpus()];
const ends = {};
let worst = 0;
for (let index = 0; index < Number(values.mutants); index++) {
  const bytes = mutate(seeds[random(seeds.length)]);
  const start = performance.now();
  const { kind } = readHeader(toByteSource(bytes), { checkTruncation: true });
  worst = Math.max(worst, performance.now() - start);
  if (!KINDS.has(kind)) throw new Error(`Expected a documented end, got ${kind}`);
  ends[kind] = (ends[kind] ?? 0) + 1;
}
process.stdout.write(
  `${JSON.stringify({ mutants: Number(values.mutants), files: seeds.length, ends, worstMs: worst })}\n`,
);

function toSynthetic() {
  const bomb = [{ tag: 0x0008_0001, vr: 'OB', value: Buffer.alloc(80 << 20) }];
  const small = { SOPInstanceUID: '2.25.1', PatientName: 'A', Rows: 2, PixelData: Buffer.alloc(64) };
  const files = ['explicit-le', 'implicit-le', 'explicit-be', 'deflated', 'encapsulated'].flatMap((syntax) =>
    [true, false].map((undefinedLengths) => toDicomFile(toScannerElements(small), { syntax, undefinedLengths })),
  );
  return [...files, toDicomFile(bomb, { syntax: 'deflated' })];
}

function readCorpus() {
  const corpus = process.env.SENDIT_DICOM_CORPUS;
  if (corpus === undefined) return [];
  return readdirSync(join(corpus, 'edge'), { recursive: true })
    .map((name) => join(corpus, 'edge', name))
    .filter((path) => statSync(path).isFile() && statSync(path).size < 2 << 20)
    .map((path) => readFileSync(path));
}

function mutate(file) {
  const bytes = Buffer.from(random(3) === 0 ? file.subarray(0, random(file.length + 1)) : file);
  for (let changes = random(8); changes > 0 && bytes.length > 0; changes--) {
    const near = random(2) === 0 ? Math.min(bytes.length, 2048) : bytes.length;
    const at = random(near);
    if (random(4) === 0) bytes.fill(0xff, at, Math.min(at + 4, bytes.length));
    else bytes[at] = random(256);
  }
  return bytes;
}
