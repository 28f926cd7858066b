import { rmSync } from 'node:fs';
import { readPortion as read } from '../dist/header-worker.js';

/** The built worker, whose thread dies once when it is to read a file `deadly` and there is a file `loaded` beside it. */
export function readPortion(request) {
  if (request.paths.includes('deadly')) {
    try {
      rmSync(`${request.directory}/loaded`);
    } catch {
      return read(request);
    }
    process.exit(3);
  }
  return read(request);
}
