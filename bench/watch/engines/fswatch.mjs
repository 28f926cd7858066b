import { watch } from 'node:fs';
import { serve } from '../serve.mjs';

await serve(async (root, onPath, onOverflow, isFlat) => {
  watch(root, { recursive: !isFlat }, (_, name) => {
    if (name !== null) onPath(name);
  }).on('error', onOverflow);
});
