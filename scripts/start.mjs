// `npm start`: the watcher in the foreground on ./data, everything else at its default. Arguments go to `sendit watcher start`.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const own = process.argv.slice(2);
const names = (flag) => own.some((argument) => argument === flag || argument.startsWith(`${flag}=`));
const root = fileURLToPath(new URL('..', import.meta.url));
const data = [];
if (!names('--data') && !names('--config') && !names('-c')) {
  mkdirSync(`${root}data`, { recursive: true });
  data.push('--data', `${root}data`);
}
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
