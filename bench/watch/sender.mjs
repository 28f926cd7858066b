// The sender: directories made under a temporary name, filled, renamed. Prints the moment of every rename on the monotonic clock.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';

const [kind, root, count, pauseMs, first = '0'] = process.argv.slice(2);
const pause = new Int32Array(new SharedArrayBuffer(4));
const times = [];
for (let i = 0; i < Number(count); i++) {
  const name = `${root}/x_${String(Number(first) + i).padStart(6, '0')}`;
  const temporary = `${name}.tmp${(i % 900) + 1}`;
  mkdirSync(temporary);
  if (kind === 'full') for (let k = 0; k < 3; k++) writeFileSync(`${temporary}/im${k}.dcm`, 'DICM');
  if (kind === 'slow') Atomics.wait(pause, 0, 0, Number(pauseMs));
  times.push(process.hrtime.bigint());
  renameSync(temporary, name);
}
const end = process.hrtime.bigint();
process.stdout.write(JSON.stringify({ times: times.map(String), end: String(end) }));
