// Writes numbered lines to rotating files as fast as it can, then dies without any farewell.
import { openLogFiles } from '@sendit/daemon';

const [dir, count] = process.argv.slice(2);
const files = await openLogFiles({
  outFile: `${dir}/watcher.out`,
  errFile: `${dir}/watcher.err`,
  maxBytes: 50_000,
  keep: 100,
});
for (let index = 0; index < Number(count); index += 1) files.out.write(`line ${index} ${'x'.repeat(index % 40)}\n`);
process.kill(process.pid, 'SIGKILL');
