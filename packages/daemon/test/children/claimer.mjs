// Claims the pid file given, when told to on stdin; says won or the error's code; holds it until stdin ends.
import { createInterface } from 'node:readline';
import { claimPidFile } from '@sendit/daemon';

const input = createInterface({ input: process.stdin });
const closed = new Promise((resolve) => input.once('close', resolve));
process.stdout.write('waiting\n');
await new Promise((resolve) => input.once('line', resolve));
try {
  const held = await claimPidFile(process.argv[2], { socketPath: null });
  process.stdout.write('won\n');
  await closed;
  await held[Symbol.asyncDispose]();
} catch (error) {
  process.stdout.write(`${error.code}\n`);
}
input.close();
