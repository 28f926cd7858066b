// `npm start`: the watcher in the foreground, by the configuration in this folder, else on ./data. Arguments go to `sendit watcher start`.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toDataArguments } from './start-arguments.mjs';

const own = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
const data = toDataArguments({ root, own, env: process.env, names: readdirSync(root) });
if (data.length > 0) mkdirSync(`${root}data`, { recursive: true });
const child = spawn(
  process.execPath,
  [`${root}apps/cli/bin/run.js`, 'watcher', 'start', '--foreground', ...data, ...own],
  {
    stdio: 'inherit',
    cwd: root,
  },
);
// The terminal sends Ctrl-C to the child as well: it ends by itself, after draining, and so do we.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 0 : 1);
});
