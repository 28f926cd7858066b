// Starts the daemon given, prints its pid and ends by itself: nothing of the start may keep it alive.
import { startDetached } from '@sendit/daemon';

const [modulePath, dir] = process.argv.slice(2);
const { pid } = await startDetached({
  modulePath,
  args: ['ready'],
  env: process.env,
  cwd: dir,
  outFile: `${dir}/watcher.out`,
  errFile: `${dir}/watcher.err`,
  timeoutMs: 20_000,
});
process.stdout.write(`${pid}\n`);
