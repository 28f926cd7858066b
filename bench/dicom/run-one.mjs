// Reads a list of files with one reader for some time and prints its rate and its bytes read for each file, as JSON.
import { readFileSync } from 'node:fs';
import { READERS } from './readers.mjs';

const [name, listFile, milliseconds] = process.argv.slice(2);
const paths = readFileSync(listFile, 'utf8').trim().split('\n');
const read = await READERS[name]();
const WARM_UP_MS = 400;

const readBytes = () => Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0);
const pass = () => {
  for (const path of paths)
    if (read(path) === undefined) throw new Error(`${name} did not find the identity of a file`);
};

const warmUntil = performance.now() + WARM_UP_MS;
do pass();
while (performance.now() < warmUntil);

const before = readBytes();
pass();
const bytesPerFile = Math.round((readBytes() - before) / paths.length);

// The best pass is the one that others on this machine disturbed least.
let best = Number.POSITIVE_INFINITY;
const until = performance.now() + Number(milliseconds);
do {
  const start = performance.now();
  pass();
  best = Math.min(best, performance.now() - start);
} while (performance.now() < until);
process.stdout.write(JSON.stringify({ filesPerS: Math.round((paths.length / best) * 1000), bytesPerFile }));
