import { watch } from 'chokidar';
import { serve } from '../serve.mjs';

await serve(
  (root, onPath, _, isFlat) =>
    new Promise((resolve) => {
      watch(root, { ...(isFlat ? { depth: 0 } : {}), ignoreInitial: true, atomic: false, followSymlinks: false })
        .on('addDir', onPath)
        .on('error', () => undefined)
        .on('ready', resolve);
    }),
);
