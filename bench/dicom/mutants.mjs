// Files to change at random: synthetic ones of each transfer syntax, and the real ones of SENDIT_DICOM_CORPUS.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { toDicomFile, toScannerElements } from '@sendit/testing/synthetic';

/** Larger files are left out: reading them says nothing more about headers. */
const MOST_BYTES = 2 << 20;

/** Most changes hit a header. */
const NEAR = 2048;

/** Stand-ins for a VR in odd files, and VRs of each form. */
const VRS = ['  ', '??', '\0\0', '--', 'XX', 'un', 'lo', 'sq', 'UN', 'SQ', 'OB', 'UI', 'LO', 'US', 'OV'];

/** Marks of items and their ends, of padding, and of a length that is not known. */
const MARKS = ['feff00e0', 'feff0de0', 'feffdde0', 'fcfffcff', 'ffffffff', '00000000', '02000000', '02001000'];

/** Numbers below a bound, the same ones for the same seed (xorshift). */
export function toRandom(seed) {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Files of every transfer syntax, with and without preamble and undefined lengths, and those of the corpus. */
export function readSeeds() {
  return [...toSynthetic(), ...readCorpus()];
}

/** A small file that inflates to 80 MB. */
export function toBomb() {
  return toDicomFile([{ tag: 0x0008_0001, vr: 'OB', value: Buffer.alloc(80 << 20) }], { syntax: 'deflated' });
}

/** Calls `read` with a file that is changed for as long as the call lasts: nothing is copied. */
export function withMutant(file, random, read) {
  const bytes = random(3) === 0 ? file.subarray(0, random(file.length + 1)) : file;
  const before = [];
  for (let changes = random(8); changes > 0 && bytes.length > 0; changes--) {
    const at = random(random(2) === 0 ? Math.min(bytes.length, NEAR) : bytes.length);
    const change = toChange(random, bytes).subarray(0, bytes.length - at);
    before.push([at, Buffer.from(bytes.subarray(at, at + change.length))]);
    bytes.set(change, at);
  }
  try {
    return read(bytes);
  } finally {
    for (const [at, old] of before.reverse()) bytes.set(old, at);
  }
}

function toChange(random, bytes) {
  const kind = random(8);
  if (kind === 0) return Buffer.from(VRS[random(VRS.length)], 'latin1');
  if (kind === 1) return Buffer.from(MARKS[random(MARKS.length)], 'hex');
  if (kind > 2) return Buffer.of(random(256));
  // Another part of the same file: heads of elements come where none was.
  const from = random(bytes.length);
  return Buffer.from(bytes.subarray(from, from + 8 + random(24)));
}

function toSynthetic() {
  const small = { SOPInstanceUID: '2.25.1', PatientName: 'A', Rows: 2, PixelData: Buffer.alloc(64) };
  const syntaxes = ['explicit-le', 'implicit-le', 'explicit-be', 'deflated', 'encapsulated'];
  return syntaxes.flatMap((syntax) =>
    [true, false].flatMap((undefinedLengths) =>
      [toScannerElements(small), small].map((elements) =>
        Buffer.from(toDicomFile(elements, { syntax, undefinedLengths })),
      ),
    ),
  );
}

function readCorpus() {
  const corpus = process.env.SENDIT_DICOM_CORPUS;
  if (corpus === undefined) return [];
  return readdirSync(join(corpus, 'edge'), { recursive: true })
    .map((name) => join(corpus, 'edge', name))
    .filter((path) => statSync(path).isFile() && statSync(path).size < MOST_BYTES)
    .toSorted()
    .map((path) => readFileSync(path));
}
