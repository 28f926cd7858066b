import { watch } from 'chokidar';
import { serve } from '../serve.mjs';

await serve(
  (root, onPath) =>
    new Promise((resolve) => {
      watch(root, { ignoreInitial: true, atomic: false, followSymlinks: false })
        .on('addDir', onPath)
        .on('error', () => undefined)
        .on('ready', resolve);
    }),
);
