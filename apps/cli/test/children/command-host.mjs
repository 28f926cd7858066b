// Runs command lines one after the other in one process, each with its own folder and environment, and answers with what it printed, its
// exit code, and what it left open: a command that is a process of its own would not end.
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { runCli } from '../../dist/run.js';

const ENTRY = new URL('../../bin/run.js', import.meta.url).href;
const MOST_MS = 20_000;
const streams = { stdout: process.stdout, stderr: process.stderr };

function capture() {
  const printed = { stdout: '', stderr: '' };
  for (const [name, stream] of Object.entries(streams)) {
    stream.write = (chunk, encoding, done) => {
      printed[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      (typeof encoding === 'function' ? encoding : done)?.();
      return true;
    };
  }
  return printed;
}

function enter({ cwd, env }) {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.exitCode = undefined;
}

function leave() {
  process.chdir('/');
  process.exitCode = undefined;
  // A command whose process would end leaves its listeners.
  for (const stream of Object.values(streams)) for (const event of ['error', 'drain']) stream.removeAllListeners(event);
}

/** Resources that keep the process alive, beyond those from before. */
function listMore(before) {
  const rest = [...before];
  return process.getActiveResourcesInfo().filter((one) => {
    const at = rest.indexOf(one);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

async function waitForEnd(before) {
  const deadline = performance.now() + MOST_MS;
  for (;;) {
    await turn();
    const left = listMore(before);
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(5);
  }
}

process.once('disconnect', () => process.exit());
process.on('message', async ({ argv, cwd, env }) => {
  const before = process.getActiveResourcesInfo();
  const printed = capture();
  enter({ cwd, env });
  await runCli(argv, ENTRY);
  const left = await waitForEnd(before);
  const code = process.exitCode ?? 0;
  leave();
  process.send({ code, ...printed, left });
});
process.send('ready');
