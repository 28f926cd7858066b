import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { serve } from '../serve.mjs';

let child;
await serve(
  (root, onPath, onOverflow, isFlat) =>
    new Promise((resolve) => {
      const options = ['-m', ...(isFlat ? [] : ['-r']), '-e', 'create,moved_to,moved_from', '--format', '%w%f', root];
      child = spawn('inotifywait', options, { stdio: ['ignore', 'pipe', 'pipe'] });
      process.on('exit', () => child.kill('SIGKILL'));
      createInterface({ input: child.stdout }).on('line', onPath);
      createInterface({ input: child.stderr }).on('line', (line) => {
        if (line.includes('established')) resolve();
        if (line.includes('overflow')) onOverflow();
      });
    }),
  { pid: () => child.pid },
);
