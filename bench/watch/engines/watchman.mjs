import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serve } from '../serve.mjs';

// A daemon of our own: its socket, log and state lie in a folder of this run.
const state = mkdtempSync(join(tmpdir(), 'sendit-bench-watchman-'));
const socketPath = join(state, 'sock');
let daemon;

async function connected() {
  for (;;) {
    const socket = connect(socketPath);
    const opened = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    if (opened) return socket;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

await serve(
  async (root, onPath, onOverflow) => {
    const options = ['--foreground', '--no-save-state', `--sockname=${socketPath}`, `--logfile=${join(state, 'log')}`];
    daemon = spawn('watchman', [...options, `--pidfile=${join(state, 'pid')}`], {
      stdio: 'ignore',
      env: { ...process.env, WATCHMAN_SOCK: socketPath },
    });
    process.on('exit', () => {
      daemon.kill('SIGKILL');
      rmSync(state, { recursive: true, force: true });
    });
    const socket = await connected();
    const asked = new Promise((resolve) => {
      createInterface({ input: socket }).on('line', (line) => {
        const answer = JSON.parse(line);
        const query = { expression: ['type', 'd'], fields: ['name', 'exists'] };
        if (answer.warning) onOverflow();
        // The first query is answered when the tree is known.
        if (answer.watch) socket.write(`${JSON.stringify(['query', root, query])}\n`);
        else if (answer.subscribe) resolve();
        else if (answer.subscription === undefined)
          socket.write(`${JSON.stringify(['subscribe', root, 'bench', query])}\n`);
        else for (const { name, exists } of answer.files ?? []) if (exists) onPath(name);
      });
    });
    socket.write(`${JSON.stringify(['watch', root])}\n`);
    await asked;
  },
  { pid: () => daemon.pid },
);
